import { registry } from "@web/core/registry";

const letters = ".o_field_widget[name=letter_ids]";
const excluded = ".o_field_widget[name=excluded_ids]";

registry.category("web_tour.tours").add("crm_custom_dunning", {
    steps: () => [
        {
            content: "who is to be reminded?",
            trigger: "button[name=action_propose]",
            run: "click",
        },
        {
            content: "one letter for all that is neither disputed nor promised",
            trigger: `${letters} .o_data_row:contains(Owing Customer):contains(Reminder):contains(140.00)`,
        },
        {
            content: "who is to be spared",
            trigger: `${letters} .o_data_row:contains(Spared) button[name=action_leave_out]`,
            run: "click",
        },
        {
            trigger: `${letters} .o_data_row:contains(Spared):contains(Left out)`,
        },
        {
            content: "the letter as the customer will read it",
            trigger: `${letters} .o_data_row:contains(Owing Customer) button[name=get_formview_action]`,
            run: "click",
        },
        {
            trigger: ".o_form_view a[name=text]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=text]:contains(Surely it has only escaped)",
        },
        {
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item:last a",
            run: "click",
        },
        {
            content: "the run is there again, with all that is in it",
            trigger: `${letters} .o_data_row`,
        },
        {
            content: "what stays out, and why",
            trigger: ".o_form_view a[name=excluded]",
            run: "click",
        },
        {
            trigger: `${excluded} .o_data_row:contains(Disputed)`,
        },
        {
            trigger: `${excluded} .o_data_row:contains(Promised)`,
        },
        {
            trigger: "button[name=action_confirm]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "it is on its way",
            trigger: ".o_crm_custom_statement_progress:contains(1 to make)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_custom_dunning_take_back", {
    steps: () => [
        {
            content: "an error: the letter is taken back",
            trigger: ".o_data_row:contains(Owing Customer) .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_control_panel button:contains(Take back)",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit He had paid to our other bank",
        },
        {
            trigger: ".modal button[name=action_take_back]",
            run: "click",
        },
        {
            content: "nothing that was made is left",
            trigger: "body:not(:has(.modal)) .o_view_nocontent",
        },
    ],
});
