from odoo import api, fields, models
from odoo.tools import SQL


class CrmNotice(models.Model):
    """What was told already, so that a job tells it once.

    A row is written in the transaction that tells: both are there, or neither. Of two
    jobs at once the unique key lets one through. Nobody reads or writes it but jobs.
    """

    _name = "crm.notice"
    _description = "What was told already"
    _rec_name = "key"

    key = fields.Char(string="What", required=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True
    )
    activity_id = fields.Many2one(
        "mail.activity", index="btree_not_null", ondelete="set null"
    )

    _told_once = models.UniqueIndex("(res_model, res_id, key)")

    @api.model
    def _claim(self, res_model, claims):
        """Take down what is about to be told.

        :param claims: pairs of (record id, key)
        :return: {record id: notice} of those that nobody has told before
        """
        query = SQL(
            """
            INSERT INTO crm_notice (res_model, res_id, key,
                                    create_uid, create_date, write_uid, write_date)
                 SELECT %(model)s, claim.res_id, claim.key, %(uid)s, %(now)s, %(uid)s,
                        %(now)s
                   FROM unnest(%(ids)s, %(keys)s) AS claim(res_id, key)
            ON CONFLICT DO NOTHING
              RETURNING res_id, id
            """,
            model=res_model,
            uid=self.env.uid,
            now=self.env.cr.now(),
            ids=[record_id for record_id, _key in claims],
            keys=[key for _record_id, key in claims],
        )
        claimed = dict(self.env.execute_query(query))
        # sudo: nobody has rights on notices, only jobs come here
        return {res_id: self.sudo().browse(id_) for res_id, id_ in claimed.items()}
