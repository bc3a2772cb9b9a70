from odoo import api, fields, models
from odoo.fields import Domain


class CrmDuplicate(models.Model):
    """Two customers who may be one, and what somebody has decided about them.

    Both are commercial entities, the one with the smaller id first. "These are two" is
    remembered as the state of the pair, so neither the job nor a form asks again.
    """

    _name = "crm.duplicate"
    _description = "Possible duplicate"
    _order = "score DESC, id DESC"
    _rec_name = "partner_a_id"

    partner_a_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    partner_b_id = fields.Many2one(
        "res.partner",
        string="Perhaps the same",
        required=True,
        index=True,
        ondelete="cascade",
    )
    user_a_id = fields.Many2one(related="partner_a_id.user_id", string="Salesperson")
    user_b_id = fields.Many2one(
        related="partner_b_id.user_id", string="Salesperson of the other"
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        index="btree_not_null",
        help="Whose own customers they are; empty when both are shared.",
    )
    score = fields.Float(
        string="Certainty",
        digits=(3, 2),
        aggregator="avg",
        help="From 0 to 1, from all that the two have in common.",
    )
    kinds = fields.Json(export_string_translation=False)
    reasons = fields.Char(string="Why", compute="_compute_reasons")
    state = fields.Selection(
        [
            ("to_review", "To review"),
            ("distinct", "These are two"),
            ("merged", "Merged"),
        ],
        string="Review status",
        required=True,
        default="to_review",
        index=True,
    )
    decided_by_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    decided_on = fields.Datetime(readonly=True)
    note = fields.Char(help="Why these are two, or who was merged into whom.")

    _pair = models.UniqueIndex(
        "(partner_a_id, partner_b_id) WHERE state != 'merged'",
        "These two are in the list already.",
    )
    _distinct_index = models.Index(
        "(partner_a_id, partner_b_id) WHERE state = 'distinct'"
    )

    @api.depends("partner_a_id.company_id", "partner_b_id.company_id")
    def _compute_company_id(self):
        for pair in self:
            pair.company_id = (
                pair.partner_a_id.company_id or pair.partner_b_id.company_id
            )

    @api.depends("kinds")
    @api.depends_context("lang")
    def _compute_reasons(self):
        guard = self.env["crm.duplicate.guard"]
        for pair in self:
            pair.reasons = guard._get_reasons(pair.kinds or {})

    @api.depends("partner_a_id", "partner_b_id")
    def _compute_display_name(self):
        for pair in self:
            pair.display_name = (
                f"{pair.partner_a_id.display_name} / {pair.partner_b_id.display_name}"
            )

    # ------------------------------------------------------------
    # Decisions
    # ------------------------------------------------------------

    def action_keep_apart(self):
        """These are two: remembered, and never asked again."""
        self.filtered(lambda pair: pair.state == "to_review")._decide("distinct")

    def action_review_again(self):
        """Take "these are two" back."""
        self.filtered(lambda pair: pair.state == "distinct").write(
            {
                "state": "to_review",
                "decided_by_id": False,
                "decided_on": False,
                "note": False,
            }
        )

    def _decide(self, state, note=False):
        self.write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "note": note or False,
            }
        )

    @api.model
    def _remember_distinct(self, pairs, note):
        """Two that a manager saved side by side.

        :param pairs: list of (id of a commercial entity, `Match` of the other one)
        """
        # sudo: pairs are made by this addon alone; the manager has decided on the form
        duplicates_sudo = self.sudo()
        wanted = {
            (min(entity_id, match.entity_id), max(entity_id, match.entity_id)): match
            for entity_id, match in pairs
        }
        known_sudo = duplicates_sudo._search_pairs(wanted)
        known_sudo._decide("distinct", note)
        missing = wanted.keys() - {pair._get_pair() for pair in known_sudo}
        duplicates_sudo.create(
            [
                {
                    "partner_a_id": pair[0],
                    "partner_b_id": pair[1],
                    "kinds": wanted[pair].kinds,
                    "score": wanted[pair].score,
                }
                for pair in sorted(missing)
            ]
        )._decide("distinct", note)

    def _get_pair(self):
        return self.partner_a_id.id, self.partner_b_id.id

    @api.model
    def _search_pairs(self, pairs):
        """The pairs of this list that have a row, merged ones aside."""
        found = self.search(
            Domain("partner_a_id", "in", {a for a, _b in pairs})
            & Domain("partner_b_id", "in", {b for _a, b in pairs})
            & Domain("state", "!=", "merged")
        )
        return found.filtered(lambda pair: pair._get_pair() in pairs)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def action_merge(self):
        """Show what the two have side by side, and merge them there."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Compare and merge"),
            "res_model": "crm.duplicate.merge",
            "view_mode": "form",
            "target": "new",
            "context": {"default_duplicate_id": self.id},
        }

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """Pairs of who goes become pairs of who stays; the pair itself is merged."""
        entity = dst_partner.commercial_partner_id
        # sudo: pairs of customers that the user does not see stay in the list, too
        rows_sudo = self.sudo().search(
            Domain("partner_a_id", "in", src_partners.ids)
            | Domain("partner_b_id", "in", src_partners.ids)
        )
        gone = set(src_partners.ids)
        for row_sudo in rows_sudo:
            names = " / ".join(
                partner.name or ""
                for partner in (row_sudo.partner_a_id, row_sudo.partner_b_id)
            )
            pair = tuple(
                sorted(
                    entity.id if id_ in gone else id_ for id_ in row_sudo._get_pair()
                )
            )
            values = {"partner_a_id": pair[0], "partner_b_id": pair[1]}
            if pair[0] == pair[1]:
                row_sudo.write(values)
                if row_sudo.state != "merged":
                    row_sudo._decide("merged", names)
                continue
            # sudo: pairs are the job's, whoever merges
            twin_sudo = self.sudo()._search_pairs({pair}) - row_sudo
            if row_sudo.state == "merged" or not twin_sudo:
                row_sudo.write(values)
                continue
            # a decision that somebody made wins over a question
            if row_sudo.state == "distinct" and twin_sudo.state == "to_review":
                twin_sudo.write(
                    {
                        "state": "distinct",
                        "decided_by_id": row_sudo.decided_by_id.id,
                        "decided_on": row_sudo.decided_on,
                        "note": row_sudo.note,
                    }
                )
            row_sudo.unlink()
