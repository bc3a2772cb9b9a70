from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

BATCH = 100
KEY = "large deal"
#: what was won or confirmed before that is no news
NEWS_DAYS = 7


class CrmNotice(models.Model):
    """Large deals are told to the sales managers and the leader of the team, once.

    A job looks for them, so an amount that grows later, an import or another addon's
    order counts like any other. An opportunity and its orders are one deal.
    """

    _inherit = "crm.notice"

    @api.model
    def _cron_tell_large_deals(self):
        # sudo: the job works for all companies
        for company in self.env["res.company"].sudo().search(Domain.TRUE):
            if company.crm_large_deal_amount <= 0:
                continue
            for model_name in ("crm.lead", "sale.order"):
                if not self._tell_large_deals(model_name, company):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _tell_large_deals(self, model_name, company):
        """:return: whether to go on"""
        # sudo: the job's own; who is told may read all documents of the company
        model = (
            self.env[model_name]
            .sudo()
            .with_company(company)
            .with_context(allowed_company_ids=company.ids)
        )

        def tell(ids):
            claimed = self._claim(model_name, [(id_, KEY) for id_ in ids])
            for deal in model.browse(claimed):
                deal._tell_large_deal(company)

        return self.env["ir.cron"]._crm_run_in_batches(
            model._get_untold_large_deals(company), BATCH, tell, lock=KEY
        )


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_untold_large_deals(self, company):
        recent = fields.Datetime.now() - timedelta(days=NEWS_DAYS)
        of_company = Domain("company_id", "=", company.id) | (
            Domain("company_id", "=", False)
            & Domain("user_id.company_id", "in", [False, company.id])
        )
        is_news = Domain("won_status", "=", "pending") | (
            Domain("won_status", "=", "won") & Domain("date_closed", ">=", recent)
        )
        query = self._search(
            self._get_large_deal_domain()
            & Domain("type", "=", "opportunity")
            & of_company
            & is_news
        )
        query.add_where(_untold_sql("crm.lead", SQL.identifier(query.table, "id")))
        query.add_where(
            SQL(
                """NOT EXISTS (
                    SELECT FROM sale_order AS quoted
                      JOIN crm_notice AS notice
                        ON notice.res_model = 'sale.order'
                       AND notice.res_id = quoted.id AND notice.key = %s
                     WHERE quoted.opportunity_id = %s
                )""",
                KEY,
                SQL.identifier(query.table, "id"),
            )
        )
        return sorted(query)

    def _tell_large_deal(self, company):
        _tell(self, company, self.expected_revenue)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model
    def _get_untold_large_deals(self, company):
        recent = fields.Datetime.now() - timedelta(days=NEWS_DAYS)
        is_news = Domain("state", "in", ("draft", "sent")) | (
            Domain("state", "=", "sale") & Domain("date_order", ">=", recent)
        )
        query = self._search(self._get_large_deal_domain() & is_news)
        for model_name, column in (
            ("sale.order", "id"),
            ("crm.lead", "opportunity_id"),
        ):
            record_id = SQL.identifier(query.table, column)
            query.add_where(_untold_sql(model_name, record_id))
        return sorted(query)

    def _tell_large_deal(self, company):
        _tell(self, company, self.amount_untaxed / (self.currency_rate or 1.0))


def _untold_sql(model_name, record_id):
    return SQL(
        """NOT EXISTS (
            SELECT FROM crm_notice AS notice
             WHERE notice.res_model = %s AND notice.res_id = %s AND notice.key = %s
        )""",
        model_name,
        record_id,
        KEY,
    )


def _tell(deal, company, amount):
    """Notify each in his language; whoever sells it knows."""
    managers = deal.env["res.users"].search(
        Domain("all_group_ids", "in", deal.env.ref("sales_team.group_sale_manager").ids)
        & Domain("company_ids", "in", company.ids)
        & Domain("share", "=", False)
    )
    people = (managers | deal.team_id.user_id) - deal.user_id
    for lang, users in people.grouped("lang").items():
        env = deal.with_context(lang=lang).env
        told = deal.with_env(env)
        values = {
            "deal": told.display_name,
            "customer": told.partner_id.display_name or "–",
            "amount": format_amount(env, amount, company.currency_id),
            "user": told.user_id.name or "–",
        }
        told.message_notify(
            partner_ids=users.partner_id.ids,
            subject=env._("Large deal: %(deal)s, %(amount)s", **values),
            body=Markup("<p>%s</p>")
            % env._(
                "%(deal)s, %(customer)s: %(amount)s. Salesperson: %(user)s.", **values
            ),
        )
