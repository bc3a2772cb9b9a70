import ipaddress
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, hmac

WINDOW = timedelta(hours=1)
# of all senders and recipients together: more is an attack, and people can still mail
MAX_OF_ALL = 1000


class CrmFeedbackIntake(models.Model):
    """How many cases came from each network address within the hour on a public page,
    and how many in the name of each e-mail address, which gets an answer for each.

    One row an address; addresses are kept as a keyed hash alone, for a day. Nothing
    is written for what is refused, so an attack makes no rows.
    """

    _name = "crm.feedback.intake"
    _description = "Messages of an address on the public page"
    _rec_name = "address"

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    address = fields.Char(required=True)
    date_first = fields.Datetime(required=True, index=True)
    messages = fields.Integer(required=True)

    _address_unique = models.UniqueIndex("(company_id, address)")

    @api.model
    def _is_free(self, company, address):
        """Whether the page of a company takes one more of this network or e-mail
        address: one query.
        """
        ((own, of_all),) = self.env.execute_query(
            SQL(
                """SELECT coalesce(sum(messages) FILTER (WHERE address = %s), 0),
                          coalesce(sum(messages), 0)
                     FROM crm_feedback_intake
                    WHERE company_id = %s AND date_first > %s""",
                self._hash(address),
                company.id,
                self.env.cr.now() - WINDOW,
            )
        )
        return own < company.crm_feedback_public_limit and of_all < MAX_OF_ALL

    @api.model
    def _count(self, company, address):
        """Take down one message. Two at once of one address: the second is tried again
        by Odoo, and sees the first.
        """
        now = self.env.cr.now()
        self.env.execute_query(
            SQL(
                """INSERT INTO crm_feedback_intake AS row
                          (company_id, address, date_first, messages)
                   VALUES (%(company)s, %(address)s, %(now)s, 1)
              ON CONFLICT (company_id, address) DO UPDATE
                      SET messages = CASE WHEN row.date_first > %(start)s
                                          THEN row.messages + 1 ELSE 1 END,
                          date_first = CASE WHEN row.date_first > %(start)s
                                            THEN row.date_first ELSE %(now)s END
                RETURNING id""",
                company=company.id,
                address=self._hash(address),
                now=now,
                start=now - WINDOW,
            )
        )
        self.invalidate_model()

    @api.model
    def _hash(self, address):
        # sudo: the key of the hash
        return hmac(self.env(su=True), "crm_feedback_intake", _network(address))

    @api.autovacuum
    def _gc_intake(self):
        self.search(
            [("date_first", "<", self.env.cr.now() - timedelta(days=1))]
        ).unlink()


def _network(address):
    """What one sender can have: an IPv4 address, or all of an IPv6 network of his."""
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return address or ""
    if ip.version == 6:
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
