import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_delivery", {
    steps: () => [
        {
            content: "what is late",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        { trigger: ".o_filter_menu .o_menu_item:contains(/^Late$/)", run: "click" },
        { trigger: ".o_searchview_facet:contains(Late)" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_data_row:count(1) td[name=due_state]:contains(Late)" },
        { trigger: ".o_data_row .o_list_record_selector input", run: "click" },
        {
            content: "its slip is printed",
            trigger: "button[name=action_print_slips]:enabled",
            run: "click",
        },
        { trigger: ".o_list_view:not(:has(button[name=action_print_slips])) .o_data_row" },
        { trigger: ".o_data_row td[name=order_name]", run: "click" },
        {
            content: "it is delivered in Odoo's own form",
            trigger: ".o_form_view button[name=button_validate]:enabled",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        { trigger: ".o_back_button a, a.o_back_button", run: "click" },
        { content: "and gone from the list", trigger: ".o_view_nocontent:contains(Nothing is to)" },
    ],
});
