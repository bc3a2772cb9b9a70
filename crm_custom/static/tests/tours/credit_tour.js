import { registry } from "@web/core/registry";

const status = (name) => ({
    trigger: `.o_statusbar_status .o_arrow_button_current:contains(${name})`,
});

// The salesperson confirms, the credit controller releases, the salesperson confirms again.
registry.category("web_tour.tours").add("crm_custom_credit_held", {
    steps: () => [
        { trigger: ".alert-danger:contains(Credit hold):contains(1,001.00)" },
        { trigger: ".alert-danger:not(:has(button))" },
        { trigger: ".o_field_widget[name=credit_limit_amount]:contains(1,000.00)" },
        { trigger: "button[name=action_confirm]:enabled", run: "click" },
        { trigger: ".o_notification:contains(Waiting for a decision):contains(1,001.00)" },
        { trigger: ".nav-link:contains(Credit decisions)", run: "click" },
        { trigger: ".o_data_row td[name=decision]:contains(Held)" },
        status("Quotation"),
    ],
});

registry.category("web_tour.tours").add("crm_custom_credit_release", {
    steps: () => [
        {
            content: "it waits in the list, and says why",
            trigger:
                ".o_data_row:contains(Buying Customer):has(td[name=credit_held_text]:contains(1,001.00)) button[name=action_release_credit]",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=check_text]:contains(1,001.00)" },
        { trigger: ".modal .o_field_widget[name=reason] input", run: "edit Bank guarantee" },
        { trigger: ".modal button[name=action_release]:enabled", run: "click" },
        {
            content: "nothing waits any more",
            trigger: "body:not(:has(.modal)) .o_nocontent_help:contains(on credit hold)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_custom_credit_confirm", {
    steps: () => [
        { trigger: ".alert-success:contains(Released by user_credit)" },
        { trigger: ".o_form_view:not(:has(.alert-warning))" },
        { trigger: "button[name=action_confirm]:enabled", run: "click" },
        status("Sales Order"),
        { trigger: ".nav-link:contains(Credit decisions)", run: "click" },
        { trigger: ".o_data_row td[name=reason]:contains(Bank guarantee)" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_credit_signed", {
    steps: () => [
        { trigger: "body[is-ready=true]" },
        { trigger: ".o_portal_sale_sidebar a:contains(Sign)", run: "click" },
        {
            trigger: ".modal .o_web_sign_name_and_signature input",
            run: "fill Buying Person",
        },
        { trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
        {
            trigger: ".modal .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "the customer is told that it has arrived, and not why it waits",
            trigger: ".alert:contains(Your order has reached us)",
        },
        { trigger: "#quote_content:contains(Your order has been signed)" },
    ],
});
