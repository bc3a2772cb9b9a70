"""How promises are taken down: what a user says, and what follows from it."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import clean_context

#: what a user may change later: a promise of another day or amount is another promise
EDITABLE = frozenset({"contact_id", "channel_id", "note"})
#: what a user says when he takes one down
TAKEN_DOWN = EDITABLE | {
    "partner_id",
    "company_id",
    "currency_id",
    "amount",
    "date_promised",
    "interaction_id",
    "replaces_id",
}


class CrmPromise(models.Model):
    _inherit = "crm.promise"

    @api.model_create_multi
    def create(self, vals_list):
        defaults = self.default_get(["company_id"])
        prepared = [self._prepare_taking_down({**defaults, **v}) for v in vals_list]
        replaced = self.browse(
            vals["replaces_id"] for vals in prepared if vals.get("replaces_id")
        )
        replaced.check_access("write")
        replaced._cancel()
        # the database must know what is over before it is asked what is open
        self.env["crm.promise.item"].flush_model(["state"])
        self.flush_model(["state"])
        # a context may bring defaults for what nobody decides
        model = self.with_context(clean_context(self.env.context))
        items = [vals.get("item_ids", ()) for vals in prepared]
        # none: left out, they would be those that the context proposes
        promises = super(CrmPromise, model).create(
            [{**vals, "item_ids": []} for vals in prepared]
        )
        # sudo: `_prepare_items` has asked whether he sees them; to an item that stands
        # in a promise nobody adds another one
        model.env["crm.promise.item"].sudo().create(
            [
                {**vals, "promise_id": promise.id}
                for promise, commands in zip(promises, items, strict=True)
                for _command, _id, vals in commands
            ]
        )
        for name in ("interaction_id", "replaces_id"):
            if not self.env.su:
                promises[name].check_access("read")
        promises._remember_what_was_settled()
        promises._log_taken_down()
        return promises.with_env(self.env)

    @api.model
    def _prepare_taking_down(self, vals):
        values = {name: vals[name] for name in TAKEN_DOWN if name in vals}
        item_ids = [
            command[2]["move_line_id"]
            for command in vals.get("item_ids") or ()
            if command[0] == Command.CREATE
        ]
        if item_ids:
            found = self._prepare_items(item_ids)
            amount = values.get("amount") or found["amount"]
            currency = self.env["res.currency"].browse(found["currency_id"])
            if currency.compare_amounts(amount, found["amount"]) > 0:
                raise ValidationError(
                    self.env._(
                        "Of these items %s are open: no more can be promised.",
                        currency.format(found["amount"]),
                    )
                )
            values |= {**found, "amount": amount}
        else:
            self._with_commercial_entities([values])
        company = self.env["res.company"].browse(values["company_id"])
        user_id = vals.get("user_id") if self.env.su else None
        return {
            **values,
            "date_made": company._crm_today(),
            "user_id": user_id or self.env.uid,
            "has_items": bool(item_ids),
            "slot": 0,
        }

    @api.model
    def _prepare_items(self, ids):
        """The values that follow from items, which the user must see.

        :param ids: of journal items, as a client gives them
        """
        items = self.env["crm.receivable"].with_context(
            crm_receivable_date=False, crm_receivable_partner_ids=None
        )
        items = items.search(
            Domain("id", "in", [int(id_) for id_ in ids])
            & Domain("is_payable", "=", False)
            & Domain("amount_residual_currency", ">", 0)
        )
        if len(items) < len(set(ids)) or not items:
            raise UserError(
                self.env._(
                    "Choose open items of your customers: what they owe can be promised"
                    " to be paid, credits and payables can't."
                )
            )
        if (
            len(items.partner_id) != 1
            or len(items.currency_id) != 1
            or len(items.company_id) != 1
        ):
            raise UserError(
                self.env._(
                    "A promise is of one customer and in one currency: choose items"
                    " that have these in common."
                )
            )
        return {
            "partner_id": items.partner_id.id,
            "company_id": items.company_id.id,
            "currency_id": items.currency_id.id,
            "amount": items.currency_id.round(
                sum(items.mapped("amount_residual_currency"))
            ),
            "item_ids": [
                Command.create(
                    {"move_line_id": item.id, "amount": item.amount_residual_currency}
                )
                for item in items
            ],
        }

    def write(self, vals):
        if not self.env.su and not vals.keys() <= EDITABLE:
            raise AccessError(
                self.env._(
                    "A promise of another day or amount is another promise: renew it."
                )
            )
        return super().write(vals)
