import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_promise", {
    steps: () => [
        {
            content: "the item that he says he will pay",
            trigger:
                ".o_data_row:has(td[name=partner_id]:contains(Owing Customer)) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_promise]",
            run: "click",
        },
        {
            content: "the form knows the amount",
            trigger: ".modal .o_field_widget[name=amount] input:value(100.00)",
        },
        {
            trigger: ".modal .o_field_widget[name=date_promised] :is(button, input)",
            run: "click",
        },
        {
            content: "in six days",
            trigger: ".modal .o_field_widget[name=date_promised] input",
            run: "edit +6d && press Enter",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "the list tells by when",
            trigger:
                "body:not(:has(.modal)) .o_data_row:has(td[name=date_promised]:not(:empty)):contains(Owing Customer)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_custom_promise_broken", {
    steps: () => [
        {
            content: "it was broken yesterday: it waits today",
            trigger: ".o_crm_my_day_tab[data-bucket=today]",
            run: "click",
        },
        {
            trigger:
                ".o_crm_my_day_row[data-source=promise]:contains(Owing Customer) [data-action=log]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=channel_id] .o_selection_badge:eq(0)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=subject] input",
            run: "edit Asked why he has not paid",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "he was called: it is settled",
            trigger: "body:not(:has(.modal)):not(:has(.o_crm_my_day_row[data-source=promise]))",
        },
    ],
});
