from odoo import api, models


class CrmOnePerPartner(models.AbstractModel):
    """A model with one row for a partner: what becomes of two rows in a merge.

    Odoo's merge moves rows by SQL. Where a UNIQUE constraint stands in the way it
    deletes them without a word, and on a unique index it fails. A model that inherits
    this one makes one row of two before that; one that has other rules of its own
    defines ``_crm_before_partner_merge`` itself.
    """

    _name = "crm.one.per.partner"
    _description = "One row for a partner"

    #: the field that names the partner
    _crm_partner_field = "partner_id"
    #: what is unique together with it, as a company or a month
    _crm_unique_with = ()

    @api.model
    def _crm_before_partner_merge(self, src_partners, dst_partner):
        """Make one row of those that would clash. Called for each model that has it."""
        name = self._crm_partner_field
        # sudo: no row may be lost, whoever merges
        rows_sudo = (
            self.sudo()
            .with_context(active_test=False)
            .search([(name, "in", (src_partners | dst_partner).ids)], order="id")
        )
        for same_sudo in rows_sudo.grouped(
            lambda row: tuple(row[key] for key in self._crm_unique_with)
        ).values():
            kept_sudo = same_sudo.filtered(lambda row: row[name] == dst_partner)[:1]
            kept_sudo = kept_sudo or same_sudo[0]
            others_sudo = same_sudo - kept_sudo
            if others_sudo:
                kept_sudo._crm_join_rows(others_sudo)
                others_sudo.unlink()

    def _crm_join_rows(self, others):
        """Take over what only the others know; they are deleted then."""
        values = {}
        for name, field in self._fields.items():
            if (
                not field.store
                or field.compute
                or field.type in ("one2many", "many2many")
            ):
                continue
            if name in models.MAGIC_COLUMNS or self[name]:
                continue
            known = next((row[name] for row in others if row[name]), None)
            if known:
                values[name] = field.convert_to_write(known, self)
        if values:
            self.write(values)
