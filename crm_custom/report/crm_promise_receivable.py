from collections.abc import Collection

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .crm_promise_sql import promised
from .crm_receivable import ON_DAY
from .crm_receivable_sql import share_of_open

#: of no more it is worth while to look up the customers first
FEW = 1000


class AskedItems(tuple):
    """ids of the items that a query is about, among those of its context.

    No client can name them, and thereby hide promises: JSON knows no such value.
    """


class CrmReceivable(models.Model):
    """Open items: what of them the customer has promised to pay, and by when."""

    _inherit = "crm.receivable"

    date_promised = fields.Date(
        string="Promised for",
        readonly=True,
        depends_context=ON_DAY,
        help="The customer has promised to pay by this day, and is not chased before.",
    )
    amount_promised = fields.Monetary(
        string="Promised amount",
        currency_field="company_currency_id",
        depends_context=ON_DAY,
        readonly=True,
        help="What of the open amount is promised. A promise covers the oldest items"
        " first.",
    )

    _depends = {
        "crm.promise": [
            "amount",
            "amount_kept",
            "date_made",
            "date_promised",
            "date_settled",
            "has_items",
            "partner_id",
            "state",
        ],
        "crm.promise.item": ["move_line_id", "promise_id"],
        "res.company": ["partner_id"],
        "res.partner": ["tz"],
    }

    @api.model
    def _columns(self):
        columns = super()._columns()
        asked = self.env.context.get("crm_receivable_asked")
        if not isinstance(asked, AskedItems):
            asked = None
        # looked up once for all items, and not at all where nobody asks
        found = SQL("((%s) -> item.id::text)", promised(self._get_day(), asked))
        return {
            **columns,
            "date_promised": SQL("(%s ->> 0)::date", found),
            "amount_promised": share_of_open(
                columns, SQL("(%s ->> 1)::numeric", found)
            ),
        }

    @api.model
    def search_fetch(self, domain, field_names=None, offset=0, limit=None, order=None):
        if not limit or limit > FEW:
            return super().search_fetch(domain, field_names, offset, limit, order)
        # first which items, then what their customers have promised
        items = super().search_fetch(domain, [], offset, limit, order)
        if field_names is None or field_names:
            items.fetch(field_names)
        return items

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **options):
        domain = Domain(domain).optimize(self)
        asked = self._get_asked(domain)
        model = self.with_context(
            crm_receivable_asked=None if asked is None else AskedItems(asked)
        )
        return super(CrmReceivable, model)._search(
            domain, offset, limit, order, **options
        )

    @api.model
    def _get_asked(self, domain):
        """The ids of the few items that alone can fulfil the domain, or None."""
        terms = domain.children if getattr(domain, "OPERATOR", "") == "&" else [domain]
        for term in terms:
            if (
                getattr(term, "field_expr", None) == "id"
                and term.operator == "in"
                and isinstance(term.value, Collection)
                and len(term.value) <= FEW
            ):
                # a client may ask for anything, of which no item is the rest
                return [
                    each
                    for each in term.value
                    if isinstance(each, int) and 0 < each < 2**31
                ]
        return None

    @api.model
    def _crm_promised_items(self, domain=()):
        """The items that are not chased, for their customer has promised to pay them.

        Under the rights of the user; one query.

        :return: {id: the last day of the promise}
        """
        query = self._search([*domain, ("date_promised", "!=", False)])
        columns = [
            self._field_to_sql(query.table, name, query)
            for name in ("id", "date_promised")
        ]
        return dict(self.env.execute_query(query.select(*columns)))

    def action_promise(self):
        """The form of a new promise to pay these items."""
        # refused here, and not in a form that can't be filled in
        self.env["crm.promise"].check_access("create")
        self.env["crm.promise"]._prepare_items(self.ids)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_custom.crm_promise_action_new"
        )
        return {**action, "context": {"crm_promise_item_ids": self.ids}}
