from collections import defaultdict

from odoo import api, models

SEQUENCE_CODE = "crm.customer.code"
MAX_DRAW = 1000
# what decides whether a partner is a customer, and whose codes his is compared with
CODE_FIELDS = {"is_crm_customer", "is_company", "parent_id", "ref", "company_id"}


class ResPartner(models.Model):
    """The customer code, in ``ref``.

    Unique among customers, archived ones too: a company's own and the shared ones
    together. A table of partners that stood before the addon may hold duplicates, and
    a partner who becomes a customer by an order may bring one: those are listed
    (``has_duplicate_ref``), never refused.
    """

    _inherit = "res.partner"

    @api.model_create_multi
    def create(self, vals_list):
        drawn = self._add_missing_customer_codes(vals_list)
        partners = super().create(vals_list)
        partners.filtered(lambda p: p.ref not in drawn)._check_customer_codes()
        return partners

    def write(self, vals):
        if isinstance(vals.get("ref"), str):
            vals["ref"] = vals["ref"].strip() or False
        if not CODE_FIELDS & vals.keys():
            return super().write(vals)
        before = {partner: partner._get_code_state() for partner in self}
        result = super().write(vals)
        changed = self.filtered(lambda p: before[p] != p._get_code_state())
        if changed:
            self._get_recoded_ids().update(changed.ids)
            new_customers = changed.filtered(lambda p: not before[p][0])
            coded = new_customers._assign_missing_customer_codes()
            (changed - coded)._check_customer_codes()
        return result

    def _get_code_state(self):
        # old data may have spaces around a code
        return self.is_crm_customer, (self.ref or "").strip(), self.company_id

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "ref" not in (default or {}):
            for partner, vals in zip(self, vals_list, strict=True):
                if partner.is_crm_customer:
                    vals.pop("ref", None)
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_forget_customer_code(self):
        self._get_recoded_ids().update(self.ids)

    # ------------------------------------------------------------
    # Drawing codes
    # ------------------------------------------------------------

    @api.model
    def _add_missing_customer_codes(self, vals_list):
        """Put codes into the values of the customers to come who have none.

        :return: the codes put in
        """
        context = self.env.context
        without_code = defaultdict(list)
        given = set()
        for vals in vals_list:
            if isinstance(vals.get("ref"), str):
                vals["ref"] = vals["ref"].strip() or False
            if vals.get("ref"):
                given.add(vals["ref"])
                continue
            if not vals.get("is_crm_customer", context.get("default_is_crm_customer")):
                continue
            parent_id = vals.get("parent_id", context.get("default_parent_id"))
            is_company = vals.get("is_company", context.get("default_is_company"))
            if is_company or not parent_id:
                company_id = vals.get("company_id", context.get("default_company_id"))
                without_code[company_id or self.env.company.id].append(vals)
        drawn = set()
        for company_id, company_vals in without_code.items():
            company = self.env["res.company"].browse(company_id)
            codes = self._draw_customer_codes(company, len(company_vals), given)
            for vals, code in zip(company_vals, codes, strict=False):
                vals["ref"] = code
            drawn.update(codes)
        return drawn

    def _assign_missing_customer_codes(self):
        """Give a code to those of these partners who are customers and have none.

        :return: those who got one
        """
        coded = self.browse()
        customers = self.filtered(lambda p: p._is_coded_customer() and not p.ref)
        customers._fetch_people()
        for company, partners in customers.grouped(
            lambda p: p.company_id or self.env.company
        ).items():
            codes = self._draw_customer_codes(company, len(partners))
            for partner, code in zip(partners, codes, strict=False):
                super(ResPartner, partner).write({"ref": code})
                coded += partner
        self._get_recoded_ids().update(coded.ids)
        return coded

    @api.model
    def _draw_customer_codes(self, company, count, given=frozenset()):
        """Draw codes from the company's sequence, past those that are used already.

        :param given: codes that are about to be used
        :return: ``count`` codes; none when the company gives no codes by itself or
            has no sequence
        """
        # sudo: whoever makes a customer may read neither settings nor sequences
        company_sudo = company.sudo()
        if not company_sudo.crm_customer_code_auto:
            return []
        sequence_sudo = (
            self.env["ir.sequence"]
            .sudo()
            .search(
                [
                    ("code", "=", SEQUENCE_CODE),
                    ("company_id", "in", [company.id, False]),
                ],
                order="company_id",
                limit=1,
            )
        )
        if not sequence_sudo:
            return []
        codes = []
        size = count
        while len(codes) < count:
            drawn = sequence_sudo._draw_codes(size)
            self._lock_customer_codes(drawn)
            used = {code for _id, code, _company in self._find_customer_codes(drawn)}
            used |= given
            codes += [code for code in drawn if code not in used]
            # a block of codes may be used: get past it in few steps
            size = min(size * 2, MAX_DRAW)
        return codes[:count]
