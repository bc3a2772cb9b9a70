GONE = '<field name="avatar_128" position="before">'
STAYS = '<field name="ref" position="before">'


def migrate(cr, version):
    """The list of customers has no pictures any more: what stood before them stands
    before the code, or the list could not be read until its extension is.
    """
    cr.execute(
        """
        UPDATE ir_ui_view AS view
           SET arch_db = (SELECT jsonb_object_agg(lang, replace(arch, %s, %s))
                            FROM jsonb_each_text(view.arch_db) AS each(lang, arch))
          FROM ir_model_data AS data
         WHERE data.module = 'crm_custom' AND data.res_id = view.id
           AND data.model = 'ir.ui.view'
           AND data.name = 'res_partner_view_list_customer_interaction'
        """,
        (GONE, STAYS),
    )
