from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController

from .crm_feedback_portal import FeedbackPortal


class FeedbackMail(MailController):
    """The links in mails about cases."""

    @classmethod
    def _redirect_to_record(cls, model, res_id, access_token=None, **kwargs):
        """To the page of the case, for everybody of the customer's house."""
        if model == "crm.feedback" and res_id and request.env.user._is_portal():
            case_sudo = FeedbackPortal._find_case(int(res_id), None)
            if case_sudo:
                return request.redirect(case_sudo.access_url)
        return super()._redirect_to_record(
            model, res_id, access_token=access_token, **kwargs
        )
