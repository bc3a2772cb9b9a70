from odoo import api, models

from .feedback_mail_charset import (
    is_unreadable,
    repair_charsets,
    repaired_header,
    without_bytes,
)
from .feedback_mail_text import is_automatic, is_sent_to_many


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """With what could not be read made readable, whoever the mail is for: one
        unreadable byte in a subject, and the mail would be lost.
        """
        repair_charsets(message)
        message_dict = super().message_parse(message, save_original=save_original)
        for key, value in message_dict.items():
            if isinstance(value, str) and is_unreadable(value):
                name = {"subject": "Subject", "email_from": "From", "from": "From"}
                repaired = key in name and repaired_header(message, name[key])
                message_dict[key] = repaired or without_bytes(value)
        return message_dict

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        """Mails that Odoo would make cases of: to the case that they belong to, or to
        none.
        """
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        if not any(route[0] == "crm.feedback" for route in routes or ()):
            return routes
        cases = self.env["crm.feedback"]
        result = []
        for route in routes:
            if route[0] == "crm.feedback":
                route = cases._route_mail(
                    route,
                    message_dict,
                    automatic=is_automatic(message),
                    to_many=is_sent_to_many(message),
                )
            if route:
                result.append(route)
        return result
