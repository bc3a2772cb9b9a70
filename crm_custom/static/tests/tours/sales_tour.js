import { registry } from "@web/core/registry";

const stage = (name) => ({
    content: `the stage is ${name}`,
    trigger: `.o_form_view .o_field_widget[name=stage]:contains(${name})`,
});
const step = (key) => ({ trigger: `.o_crm_sales_step[data-step=${key}] button`, run: "click" });
const state = (key, value) => ({
    trigger: `.o_crm_sales_step[data-step=${key}][data-state=${value}]`,
});
const back = { trigger: ".o_back_button a, a.o_back_button", run: "click" };

registry.category("web_tour.tours").add("crm_custom_sales_record", {
    steps: () => [
        { trigger: ".o_data_row:first td[name=stage]:contains(Quotation)" },
        { trigger: ".o_data_row:first td[name=product_id]", run: "click" },
        stage("Quotation"),
        state("quotation", "current"),
        step("quotation"),
        { trigger: ".o_form_view button[name=action_confirm]:enabled", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Sales Order)" },
        back,
        stage("To deliver"),
        state("order", "done"),
        step("delivery"),
        { trigger: ".o_form_view button[name=button_validate]:enabled", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Done)" },
        back,
        stage("To invoice"),
        state("delivery", "done"),
        state("invoice", "current"),
        step("order"),
        { trigger: ".o_form_view button#create_invoice:enabled", run: "click" },
        { trigger: ".modal button[name=create_invoices]:enabled", run: "click" },
        { trigger: ".o_form_view button[name=action_post]:enabled", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)" },
        back,
        { trigger: ".o_form_view button[name=action_view_sales_records]" },
        back,
        stage("To collect"),
        state("payment", "current"),
        step("invoice"),
        { trigger: ".o_form_view button[name=action_register_payment]:enabled", run: "click" },
        { trigger: ".modal button[name=action_create_payments]:enabled", run: "click" },
        { trigger: ".ribbon:contains(Paid)" },
        back,
        stage("Settled"),
        state("payment", "done"),
        step("payment"),
        { trigger: ".o_list_view .o_data_row td[name=amount_received]:contains(1,000.00)" },
        back,
        stage("Settled"),
    ],
});
