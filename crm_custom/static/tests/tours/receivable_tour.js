import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_receivable_payment", {
    steps: () => [
        {
            content: "tick the item that was paid",
            trigger:
                ".o_data_row:has(td[name=partner_id]:contains(Other & Sons)) .o_list_record_selector input",
            run: "click",
        },
        {
            content: "register its payment",
            trigger: ".o_control_panel button[name=action_register_payment]",
            run: "click",
        },
        {
            content: "Odoo's wizard knows the amount",
            trigger: ".modal .o_field_widget[name=amount] input:value(300.00)",
        },
        {
            trigger: ".modal button[name=action_create_payments]",
            run: "click",
        },
        {
            content: "the item has gone from the list",
            trigger: "body:not(:has(.modal)) .o_list_view:not(:contains(Other & Sons))",
        },
    ],
});
