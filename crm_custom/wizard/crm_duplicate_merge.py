from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# what Odoo keeps itself or what says nothing to who has to choose
TECHNICAL_FIELDS = {"color", "complete_name", "date_localization", "display_name", "id"}
SHOWN_TYPES = {
    "char",
    "text",
    "selection",
    "many2one",
    "date",
    "float",
    "monetary",
    "integer",
}
SIDES = [("left", "Left"), ("right", "Right")]


class CrmDuplicateMerge(models.TransientModel):
    """Two customers side by side, who of them stays, and whose values.

    What only one of them has stays anyway: that is how Odoo merges. The merge itself is
    Odoo's own, with the rights of the user and its checks.
    """

    _name = "crm.duplicate.merge"
    _description = "Compare and merge two customers"

    duplicate_id = fields.Many2one("crm.duplicate", required=True, ondelete="cascade")
    reasons = fields.Char(related="duplicate_id.reasons")
    score = fields.Float(related="duplicate_id.score")
    left_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    right_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    left_facts = fields.Char(compute="_compute_facts")
    right_facts = fields.Char(compute="_compute_facts")
    survivor = fields.Selection(
        SIDES,
        string="Who stays",
        required=True,
        help="Orders, invoices, contacts and all else of the other one become his.",
    )
    line_ids = fields.One2many("crm.duplicate.merge.line", "merge_id")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        pair = self.env["crm.duplicate"].browse(values.get("duplicate_id")).exists()
        if not pair:
            return values
        left, right = self._get_sides(pair)
        # who has more history stays, unless somebody chooses otherwise
        stays = max(left + right, key=lambda p: (len(p.sale_order_ids), -p.id))
        keep = "left" if stays == left else "right"
        values.update(
            left_id=left.id,
            right_id=right.id,
            survivor=keep,
            line_ids=[
                (0, 0, {**line, "keep": keep})
                for line in self._get_conflicts(left, right)
            ],
        )
        return values

    @api.model
    def _get_sides(self, pair):
        """The two; a person stands beside the contact of the company that he may be."""
        left, right = pair.partner_a_id, pair.partner_b_id
        if left.is_company == right.is_company:
            return left, right
        person, company = (right, left) if left.is_company else (left, right)
        keys = self.env["crm.partner.key"]
        contacts = self.env["res.partner"].search(
            [("commercial_partner_id", "=", company.id), ("is_company", "=", False)],
            order="id",
            limit=1000,
        )
        own = {
            key
            for key in keys._get_partner_keys(person)[0]
            if key[0] in ("email", "phone")
        }
        for contact, contact_keys in zip(
            contacts, keys._get_partner_keys(contacts), strict=True
        ):
            if own & contact_keys:
                return person, contact
        return left, right

    @api.model
    def _get_conflicts(self, left, right):
        """The values that differ and of which one gets lost.

        :return: list of values of lines
        """
        conflicts = []
        # The app's words, where Odoo's field says another.
        labels = {
            "ref": self.env._("Customer code"),
            "user_id": self.env._("Salesperson"),
        }
        for name, description in left.fields_get(
            attributes=["string", "readonly"]
        ).items():
            field = left._fields[name]
            if (
                not field.store
                or field.type not in SHOWN_TYPES
                or (field.compute and field.readonly)
                or name in TECHNICAL_FIELDS
                or name in models.MAGIC_COLUMNS
                or not left[name]
                or not right[name]
                or left[name] == right[name]
                or description.get("readonly")
            ):
                continue
            conflicts.append(
                {
                    "name": name,
                    "label": labels.get(name, description["string"]),
                    "left_value": str(field.convert_to_export(left[name], left)),
                    "right_value": str(field.convert_to_export(right[name], right)),
                }
            )
        return conflicts

    @api.depends("left_id", "right_id")
    def _compute_facts(self):
        for merge in self:
            for side in ("left", "right"):
                merge[f"{side}_facts"] = self._get_facts(merge[f"{side}_id"])

    @api.model
    def _get_facts(self, partner):
        return self.env._(
            "%(orders)s orders, %(contacts)s contacts, since %(date)s",
            orders=len(partner.sale_order_ids),
            contacts=len(partner.child_ids),
            date=format_date(self.env, partner.create_date),
        )

    @api.onchange("survivor")
    def _onchange_survivor(self):
        for line in self.line_ids:
            line.keep = self.survivor

    def action_merge(self):
        """Give the chosen values to who stays, then merge as Odoo does."""
        self.ensure_one()
        pair = self.duplicate_id
        pair.check_access("write")
        if pair.state != "to_review":
            raise UserError(self.env._("Somebody has decided about these two already."))
        left, right = self._get_sides(pair)
        partners = left | right
        partners.check_access("write")
        partners = partners._without_code_check().with_context(crm_customer_form=False)
        stays = left if self.survivor == "left" else right
        survivor = partners.filtered(lambda partner: partner == stays)
        other = partners - survivor
        survivor.write(self._get_chosen_values(left, right, other))
        # Odoo merges contacts of one address alone, unless an administrator asks
        if other.email != survivor.email:
            email = survivor.email or other.email
            for partner in partners.filtered(lambda p: p.email != email):
                partner.email = email
        self.env["base.partner.merge.automatic.wizard"].create(
            {
                "state": "selection",
                "partner_ids": [(6, 0, partners.ids)],
                "dst_partner_id": survivor.id,
            }
        ).action_merge()
        return {"type": "ir.actions.act_window_close"}

    def _get_chosen_values(self, left, right, other):
        # what conflicts is looked up again: the lines come from the client
        names = {line["name"] for line in self._get_conflicts(left, right)}
        return {
            line.name: other._fields[line.name].convert_to_write(
                other[line.name], other
            )
            for line in self.line_ids
            if line.name in names and line.keep != self.survivor
        }

    def action_keep_apart(self):
        self.duplicate_id.action_keep_apart()
        return {"type": "ir.actions.act_window_close"}


class CrmDuplicateMergeLine(models.TransientModel):
    _name = "crm.duplicate.merge.line"
    _description = "A value that differs"

    merge_id = fields.Many2one(
        "crm.duplicate.merge", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, export_string_translation=False)
    label = fields.Char(string="Field")
    left_value = fields.Char(string="Left")
    right_value = fields.Char(string="Right")
    keep = fields.Selection(SIDES, required=True, default="left")
