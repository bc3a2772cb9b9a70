import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

from .crm_partner_key_lookup import Subject
from .feedback_mail_text import find_numbers, is_mere_thanks

# a picture that stands in the mail beside its text: it comes as an attachment
CID_IMAGE = re.compile(r"<img\b[^>]*\bsrc=[\"']?cid:[^>]*>", re.IGNORECASE)
DOMAIN_KINDS = ("email", "domain")


class CrmFeedback(models.Model):
    """E-mails that make cases, and those that belong to one.

    A sender's address proves nothing. It says whose case a mail belongs to, and whom we
    answer; nothing else is told or given for it.
    """

    _inherit = "crm.feedback"

    date_acknowledged = fields.Datetime(
        string="Acknowledged",
        readonly=True,
        copy=False,
        help="When the customer was told the number of his case.",
    )

    # ------------------------------------------------------------
    # Where a mail goes
    # ------------------------------------------------------------

    @api.model
    def _route_mail(self, route, message_dict, automatic, to_many):
        """Send a mail to its case, to a new one, or nowhere.

        :param tuple route: (model, id or 0, custom values, user id, alias)
        :return: the route, or None
        """
        model, thread_id, custom_values, user_id, alias = route
        custom_values = dict(custom_values or {})
        sender = email_normalize(message_dict.get("email_from") or "")
        if not sender or self._is_own_address(sender):
            return None
        # sudo: the gateway works for nobody
        case_sudo = self.sudo().browse(thread_id or ()).exists()
        if not case_sudo:
            case_sudo = self._find_by_number(message_dict, custom_values)
        case_sudo = case_sudo._get_merged()
        if automatic:
            if not case_sudo:
                return None
            # that somebody is away is worth reading where it belongs; it opens nothing
            self._get_automatic_mails().add(message_dict["message_id"])
            return (model, case_sudo.id, custom_values, user_id, alias)
        if case_sudo._is_over(message_dict):
            custom_values["linked_ids"] = [Command.link(case_sudo.id)]
            custom_values.setdefault("team_id", case_sudo.team_id.id)
            custom_values.setdefault("company_id", case_sudo.company_id.id)
            case_sudo = case_sudo.browse()
        if not case_sudo and to_many:
            custom_values["date_acknowledged"] = False
        return (model, case_sudo.id or 0, custom_values, user_id, alias)

    @api.model
    def _get_automatic_mails(self):
        """Message-ids of the automatic mails that this transaction takes in."""
        return self.env.cr.cache.setdefault("crm_feedback_automatic_mails", set())

    @api.model
    def _is_own_address(self, email):
        """Whether we wrote it ourselves: a case would answer itself for ever."""
        # sudo: the addresses of the house
        domains_sudo = self.env["mail.alias.domain"].sudo().search(Domain.TRUE)
        own = {
            email_normalize(address)
            for domain in domains_sudo
            for address in (
                domain.catchall_email,
                domain.bounce_email,
                domain.default_from_email,
            )
            if address
        }
        # sudo: the addresses of the house, whoever may read aliases
        return email in own or bool(
            self.env["mail.alias"]
            .sudo()
            .search_count([("alias_full_name", "=", email)], limit=1)
        )

    @api.model
    def _find_by_number(self, message_dict, custom_values):
        """The case whose number stands in the subject, if it is the sender's own."""
        numbers = find_numbers(message_dict.get("subject"))
        if not numbers:
            return self.sudo().browse()
        # sudo: as above
        cases_sudo = self.sudo().with_context(active_test=False)
        team_sudo = self.env["crm.feedback.team"].sudo()
        company = team_sudo.browse(custom_values.get("team_id") or ()).company_id
        found_sudo = cases_sudo.search(
            Domain("name", "in", numbers)
            & (Domain("company_id", "=", company.id) if company else Domain.TRUE),
            order="id desc",
        )
        return next(
            (case for case in found_sudo if case._is_of_sender(message_dict)),
            cases_sudo.browse(),
        )

    def _is_of_sender(self, message_dict):
        """Whether who wrote this is the one of the case, or of its customer."""
        sender = email_normalize(message_dict.get("email_from") or "")
        if not sender:
            return False
        if sender == email_normalize(self.email_from or ""):
            return True
        customer, _contact = self._recognise(sender, self.company_id)
        return bool(customer) and customer == self.partner_id

    def _is_over(self, message_dict):
        """Whether it was closed so long ago that this is another matter."""
        return self._is_past_reopening() and not is_mere_thanks(
            message_dict.get("body")
        )

    def _is_past_reopening(self):
        """Whether what the customer has to say now is a case of its own."""
        if not self or not self.is_closed or not self.date_closed:
            return False
        days = self.company_id.crm_feedback_reopen_days
        return fields.Datetime.now() > self.date_closed + timedelta(days=days)

    # ------------------------------------------------------------
    # Who wrote
    # ------------------------------------------------------------

    @api.model
    def _recognise(self, email, company):
        """Whose address it is: by the address itself, else by its domain, if one
        customer alone has it.

        :return: (customer, contact), both empty when we do not know him
        """
        # sudo: who writes to us may be anybody's customer
        partners_sudo = self.env["res.partner"].sudo()
        mine = Domain("company_id", "in", [False, company.id])
        people_sudo = partners_sudo.search(
            Domain("email_normalized", "=", email)
            & Domain("partner_share", "=", True)
            & mine,
            order="id",
        )
        people_sudo = people_sudo.sorted(
            lambda person: not person.commercial_partner_id.is_crm_customer
        )
        if people_sudo:
            contact_sudo = people_sudo[0]
            customer_sudo = contact_sudo.commercial_partner_id
            if contact_sudo == customer_sudo:
                contact_sudo = partners_sudo
            return customer_sudo, contact_sudo
        keys = self.env["crm.partner.key"].sudo()
        subject = Subject(keys=keys._get_keys(emails=[email]), company_id=company.id)
        (matches,) = keys._look_up([subject], DOMAIN_KINDS, company_ids=company.ids)
        customers_sudo = partners_sudo.browse([match.entity_id for match in matches])
        if len(customers_sudo) == 1:
            return customers_sudo, partners_sudo
        return partners_sudo, partners_sudo

    # ------------------------------------------------------------
    # Odoo's gateway
    # ------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        values = dict(custom_values or {})
        acknowledge = values.pop("date_acknowledged", None) is None
        team_sudo = self.env["crm.feedback.team"].browse(values.get("team_id") or ())
        company = team_sudo.company_id or self.env.company
        values.setdefault("company_id", company.id)
        sender = email_normalize(msg_dict.get("email_from") or "")
        customer, contact = self._recognise(sender, company)
        values.update(
            {
                "subject": (msg_dict.get("subject") or "").strip()
                or self.env._("(no subject)"),
                "description": CID_IMAGE.sub("", msg_dict.get("body") or ""),
                "email_from": msg_dict.get("email_from"),
                "partner_id": customer.id,
                "contact_id": contact.id,
                "channel_id": self.env.ref(
                    "crm_custom.crm_interaction_channel_email",
                    raise_if_not_found=False,
                ).id,
                # left out, it would be the subject of the mail
                "name": False,
            }
        )
        self._add_numbers([values])
        # the owner is chosen by us, not by who reads the mail
        cases = self.with_context(default_user_id=False)
        case = super(CrmFeedback, cases).message_new(msg_dict, custom_values=values)
        if contact or customer:
            case.message_subscribe((contact or customer).ids)
        if acknowledge and case.team_id.send_acknowledgement:
            case._acknowledge()
        return case

    def message_update(self, msg_dict, update_vals=None):
        """A reply of the customer opens his case again, unless it merely thanks."""
        result = super().message_update(msg_dict, update_vals)
        if (
            (self.is_closed or self.is_solved)
            and self._is_of_sender(msg_dict)
            and not is_mere_thanks(msg_dict.get("body"))
            and msg_dict["message_id"] not in self._get_automatic_mails()
        ):
            self._reopen()
        return result

    def _reopen(self):
        """Back to work: where cases go that somebody has looked at."""
        stages = self.env["crm.feedback.stage"].search(
            [
                ("is_waiting", "=", False),
                ("is_solved", "=", False),
                ("is_closed", "=", False),
            ]
        )
        of_team = stages._filter_of_team(self.team_id)
        if of_team:
            self.write({"stage_id": of_team[min(1, len(of_team) - 1)].id})

    def _acknowledge(self):
        """Tell the customer the number of his case, once.

        It leaves when the case is saved for good, and asks machines not to answer.
        """
        self.ensure_one()
        if self.date_acknowledged or not self.email_from:
            return
        template = self.env.ref(
            "crm_custom.mail_template_crm_feedback_received", raise_if_not_found=False
        )
        if not template:
            return
        self.date_acknowledged = fields.Datetime.now()
        # sudo: whoever opens the case, the house answers
        mail_id = template.sudo().send_mail(
            self.id,
            email_values={
                "headers": repr(
                    {
                        "Auto-Submitted": "auto-replied",
                        "X-Auto-Response-Suppress": "All",
                    }
                )
            },
        )
        # sudo: outgoing mails are read by administrators alone
        self.env["mail.mail"].sudo().browse(mail_id).send_after_commit()

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """An answer to a case goes to the address of its team."""
        result = super()._notify_get_reply_to_batch(
            defaults=defaults, author_ids=author_ids
        )
        # sudo: the address of a team, whoever writes
        for team_sudo, cases in self.sudo().grouped("team_id").items():
            if team_sudo.alias_name:
                address = team_sudo._notify_get_reply_to()[team_sudo.id]
                result.update(dict.fromkeys(cases.ids, address))
        return result
