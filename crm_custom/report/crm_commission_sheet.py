"""Commission statements on paper and as a workbook."""

from types import SimpleNamespace

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime

from .crm_statement_sheet import Column
from .print_search_data import Group
from .print_search_format import Formatter
from .print_search_sheet import Progress


def read_names(lines):
    """{line id: {"partner", "product"}}: names alone, also of who is hidden by now."""
    # sudo: the lines are the reader's; a customer or product may not be
    return {
        line.id: {
            "partner": line.partner_id.display_name or "",
            "product": line.product_id.display_name or line.order_line_id.name or "",
        }
        for line in lines.sudo()
    }


class ReportCrmCommission(models.AbstractModel):
    _name = "report.crm_custom.report_crm_commission"
    _description = "Commission statement on paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        # the report's address is open to every login, portal users too
        if not self.env.user._is_internal():
            raise AccessError(
                self.env._("The commission statement is an internal paper.")
            )
        statements = self.env["crm.commission.statement"].browse(docids).exists()
        if not statements:
            raise UserError(self.env._("Choose the statements to print."))
        statements.check_access("read")
        return {
            "doc_ids": statements.ids,
            "doc_model": "crm.commission.statement",
            "docs": statements,
            "names": read_names(statements.line_ids),
            "formatter": Formatter(self.env),
        }


class CommissionSheet:
    """The lines of statements for the writer of workbooks, each statement a group."""

    is_landscape = None

    def __init__(self, statements):
        self.env = env = statements.env
        self.statements = statements
        self.formatter = Formatter(env)
        self.now = Datetime.now()
        self.title = env._("Commission statement")
        self.columns = [
            Column(label, kind)
            for label, kind in (
                (env._("Salesperson"), "text"),
                (env._("Month"), "text"),
                (env._("Date"), "date"),
                (env._("Document"), "text"),
                (env._("Customer"), "text"),
                (env._("Product"), "text"),
                (env._("Of a closed month"), "text"),
                (env._("Base"), "monetary"),
                (env._("Rate (%)"), "float"),
                (env._("Commission"), "monetary"),
            )
        ]
        rate = self.columns[8]
        rate.digits, rate.is_numeric = 2, True
        self.data = SimpleNamespace(totals={})
        self.request = SimpleNamespace(groupby=True)
        self.progress = Progress(env, None, 0)
        date = self.formatter.local_datetime(self.formatter.local(self.now))
        self.facts = [
            (env._("Printed by"), env.user.name),
            (env._("Printed on"), f"{date} ({self.formatter.tz.zone})"),
            (env._("Company"), ", ".join(statements.company_id.mapped("name"))),
        ]

    def group_text(self, group):
        return group.label

    def lines(self):
        names = read_names(self.statements.line_ids)
        late = self.env._("Yes")
        for statement in self.statements:
            currency = statement.currency_id.id
            totals = {
                7: (statement.base, currency),
                9: (statement.commission, currency),
            }
            yield Group(0, statement.display_name, len(statement.line_ids), totals)
            for line in statement.line_ids:
                yield (
                    statement.user_id.name,
                    statement.period,
                    line.date,
                    line.move_name or "",
                    names[line.id]["partner"],
                    names[line.id]["product"],
                    late if line.is_late else "",
                    (line.base, currency),
                    line.rate,
                    (line.commission, currency),
                )
