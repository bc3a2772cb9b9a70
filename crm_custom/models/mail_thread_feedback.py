from odoo import api, models

from .feedback_mail_text import is_automatic, is_sent_to_many


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

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
