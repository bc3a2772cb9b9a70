from odoo import api, fields, models
from odoo.tools import SQL


class CrmFeedbackEscalation(models.Model):
    """A step that was taken with a case: what, when, and who was told.

    A row is written in the transaction that tells: both are there, or neither. Of two
    jobs at once the unique key lets one through.
    """

    _name = "crm.feedback.escalation"
    _description = "Escalation of a feedback case"
    _order = "date desc, id desc"

    feedback_id = fields.Many2one(
        "crm.feedback", string="Case", required=True, index=True, ondelete="cascade"
    )
    step_id = fields.Many2one(
        "crm.feedback.policy.step",
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(string="What")
    deadline = fields.Selection([("answer", "First answer"), ("solution", "Solution")])
    action = fields.Selection([("tell", "Told"), ("reassign", "Reassigned to")])
    date_due = fields.Datetime(string="Was due", required=True)
    date = fields.Datetime(string="Taken on", required=True)
    user_ids = fields.Many2many(
        "res.users",
        "crm_feedback_escalation_user_rel",
        "escalation_id",
        "user_id",
        string="Whom",
    )
    activity_ids = fields.Many2many(
        "mail.activity",
        "crm_feedback_escalation_activity_rel",
        "escalation_id",
        "activity_id",
    )

    _once = models.UniqueIndex("(feedback_id, step_id)")

    @api.model
    def _claim(self, claims):
        """Take down the steps that are about to be taken.

        :param claims: triples of (case id, step id, due moment)
        :return: {(case id, step id): escalation} of those that nobody has taken before
        """
        query = SQL(
            """
            INSERT INTO crm_feedback_escalation
                        (feedback_id, step_id, date_due, action, deadline, date,
                         create_uid, create_date, write_uid, write_date)
                 SELECT claim.feedback_id, step.id, claim.due, step.action,
                        step.deadline, %(now)s, %(uid)s, %(stamp)s, %(uid)s, %(stamp)s
                   FROM unnest(%(cases)s::int[], %(steps)s::int[],
                               %(dues)s::timestamp[])
                        AS claim(feedback_id, step_id, due)
                   JOIN crm_feedback_policy_step AS step ON step.id = claim.step_id
            ON CONFLICT DO NOTHING
              RETURNING feedback_id, step_id, id
            """,
            uid=self.env.uid,
            now=fields.Datetime.now(),
            stamp=self.env.cr.now(),
            cases=[case_id for case_id, _step, _due in claims],
            steps=[step_id for _case, step_id, _due in claims],
            dues=[due for _case, _step, due in claims],
        )
        return {
            (case_id, step_id): self.browse(id_)
            for case_id, step_id, id_ in self.env.execute_query(query)
        }
