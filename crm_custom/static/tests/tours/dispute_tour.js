import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_dispute", {
    steps: () => [
        {
            content: "choose the item that the customer refuses to pay",
            trigger:
                ".o_data_row:has(td[name=partner_id]:contains(Owing Customer)) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_dispute]",
            run: "click",
        },
        {
            content: "say why",
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Wrong price",
        },
        {
            trigger: ".ui-autocomplete .dropdown-item:contains(Wrong price)",
            run: "click",
        },
        {
            content: "not all of it",
            trigger: ".modal .o_data_cell[name=amount]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 40",
        },
        {
            trigger: ".modal button[name=action_open]",
            run: "click",
        },
        {
            content: "the list tells it",
            trigger:
                "body:not(:has(.modal)) .o_data_row:has(td[name=amount_disputed]:contains(40.00)):contains(Owing Customer)",
        },
        {
            content: "to the disputes",
            trigger: "[data-menu-xmlid='crm_custom.crm_custom_menu_receivables']",
            run: "click",
        },
        {
            trigger: ".dropdown-item[data-menu-xmlid='crm_custom.crm_dispute_menu']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(Wrong price) .o_data_cell[name=number]",
            run: "click",
        },
        {
            trigger: ".o_form_view button[name=action_end]",
            run: "click",
        },
        {
            content: "how it ended",
            trigger: ".modal .o_radio_item:contains(We were right) input",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_end]",
            run: "click",
        },
        {
            content: "it is over",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=outcome]:contains(We were right)",
        },
    ],
});
