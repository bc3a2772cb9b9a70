import { registry } from "@web/core/registry";

const status = (name) => ({
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${name})`,
});

// The salesperson asks, the leader of the team approves, the salesperson confirms.
registry.category("web_tour.tours").add("crm_custom_discount_ask", {
    steps: () => [
        { trigger: ".alert:contains(Discount above your limit)" },
        { trigger: "button[name=action_confirm]:enabled", run: "click" },
        { trigger: ".modal .o_field_widget[name=lines]:contains(15.00 %)" },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit He buys for the whole group",
        },
        { trigger: ".modal button[name=action_ask]:enabled", run: "click" },
        { trigger: ".o_form_view .alert:contains(Approval has been asked for)" },
        status("Quotation"),
    ],
});

registry.category("web_tour.tours").add("crm_custom_discount_approve", {
    steps: () => [
        { trigger: ".alert:contains(sending or confirming it approves it)" },
        { trigger: ".alert button:contains(Approve or refuse)", run: "click" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit A good customer" },
        { trigger: ".modal button[name=action_approve]:enabled", run: "click" },
        { trigger: ".o_form_view:not(:has(.alert-warning:visible:contains(Discount)))" },
        { trigger: ".nav-link:contains(Discounts decided)", run: "click" },
        { trigger: ".o_data_row td[name=reason]:contains(A good customer)" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_discount_confirm", {
    steps: () => [
        { trigger: "button[name=action_confirm]:enabled", run: "click" },
        status("Sales Order"),
    ],
});

registry.category("web_tour.tours").add("crm_custom_quotation_lost", {
    steps: () => [
        { trigger: ".o_facet_value:contains(To follow up)" },
        {
            trigger:
                ".o_data_row:contains(Buying Customer) button[name=action_mark_quotation_lost]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=lost_reason_id] input", run: "edit Price" },
        { trigger: ".o-autocomplete--dropdown-item:contains(Price of the tour)", run: "click" },
        { trigger: ".modal button[name=action_mark_lost]:enabled", run: "click" },
        { trigger: ".o_list_view:not(:has(.o_data_row:contains(Buying Customer)))" },
        { trigger: ".o_facet_value:contains(To follow up)" },
        { trigger: ".o_facet_remove", run: "click" },
        { trigger: ".o_data_row td[name=quotation_state]:contains(Lost)" },
        { trigger: ".o_data_row td[name=lost_reason_id]:contains(Price of the tour)" },
        { trigger: ".o_menu_sections button:contains(Sales)", run: "click" },
        { trigger: ".dropdown-item:contains(Quotations won and lost)", run: "click" },
        { trigger: ".o_pivot td:contains(50)" },
        { trigger: ".o_pivot tbody th:contains(User Sales All)" },
        { trigger: ".o_switch_view.o_graph", run: "click" },
        { trigger: ".o_graph_canvas_container canvas" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_data_row td[name=lost_reason_id]:contains(Price of the tour)" },
    ],
});
