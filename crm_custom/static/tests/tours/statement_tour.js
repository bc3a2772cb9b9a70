import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_statement_run", {
    steps: () => [
        {
            content: "to those alone with whom something is overdue",
            trigger: ".o_field_widget[name=overdue_only] input",
            run: "click",
        },
        {
            content: "who would get one?",
            trigger: "button[name=action_preview]",
            run: "click",
        },
        {
            content: "the list says who, to which address and how much",
            trigger:
                ".o_data_row:contains(Owing Customer):contains(owing@example.com):contains(220.00)",
        },
        {
            trigger: ".o_data_row:contains(No Mail):contains(No e-mail address)",
        },
        {
            content: "whose bill is not due is not on it",
            trigger: ".o_field_widget[name=line_ids]:not(:contains(Not Due))",
        },
        {
            trigger: "button[name=action_send]",
            run: "click",
        },
        {
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "it is on its way",
            trigger: ".o_crm_custom_statement_progress:contains(1 to send)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_custom_statement_run_sent", {
    steps: () => [
        {
            trigger: ".o_data_row td[name=name]:contains(Statements of)",
            run: "click",
        },
        {
            content: "what became of it",
            trigger: ".o_crm_custom_statement_progress:contains(1 sent):contains(1 failed)",
        },
        {
            content: "who could not be written to, and why",
            trigger: "button.oe_stat_button:contains(Failed)",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains(No Mail):contains(No e-mail address)",
        },
    ],
});
