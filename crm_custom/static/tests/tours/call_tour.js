import { registry } from "@web/core/registry";

// No step names a label: the tours run in every language.

registry.category("web_tour.tours").add("crm_custom_call", {
    steps: () => [
        {
            content: "the contact is prepared on top of the customer",
            trigger: ".modal .o_field_widget[name=partner_id] input:value(Call Customer)",
            timeout: 60000,
        },
        { trigger: ".o_form_view .o_field_widget[name=name] input:value(Call Customer)" },
        { trigger: ".modal .o_form_button_save, .modal .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_call_nobody", {
    steps: () => [
        {
            content: "a new customer with the number",
            trigger: ".o_form_view .o_field_widget[name=phone] input:value(/470 ?99 ?99 ?99/)",
            timeout: 60000,
        },
        { trigger: ".o_form_button_cancel", run: "click" },
    ],
});
