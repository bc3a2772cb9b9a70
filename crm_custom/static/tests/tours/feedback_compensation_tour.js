import { registry } from "@web/core/registry";

const backToTheCase = (name) => [
    { trigger: `${name} .o_form_view`.trim() },
    { trigger: ".o_breadcrumb a:contains(FB)", run: "click" },
    { trigger: ".o_form_view button[name=action_compensate]" },
];

registry.category("web_tour.tours").add("crm_custom_feedback_compensation", {
    steps: () => [
        {
            content: "what came by e-mail is a defect of what he was sold",
            trigger: ".o_field_widget[name=type_id] input",
            run: "edit Defective",
        },
        { trigger: ".ui-autocomplete a:contains(Defective goods)", run: "click" },
        { trigger: "a.nav-link[name=crm_feedback_products]", run: "click" },
        {
            trigger: ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit Goods",
        },
        { trigger: ".ui-autocomplete a:contains(Goods):first", run: "click" },
        {
            trigger: ".o_selected_row .o_field_widget[name=quantity] input",
            run: "edit 3",
        },
        { trigger: ".o_form_button_save", run: "click" },
        {
            content: "the customer does not pay them meanwhile",
            trigger: "button[name=action_dispute]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason_id] input",
            run: "edit Defective",
        },
        { trigger: ".ui-autocomplete a:contains(Defective)", run: "click" },
        {
            content: "3 x 90 with 21 %",
            trigger: ".modal .o_data_cell[name=amount]:contains(326.70)",
        },
        { trigger: ".modal button[name=action_open]", run: "click" },
        { trigger: "body:not(:has(.modal)) a.nav-link[name=crm_feedback_disputes]" },
        {
            content: "they come back",
            trigger: "button[name=action_compensate]",
            run: "click",
        },
        {
            trigger: ".modal .o_radio_input[data-value=return]",
            run: "click",
        },
        { trigger: ".modal .o_radio_input[data-value=return]:checked" },
        { trigger: ".modal .o_data_cell[name=quantity]:contains(3.00)" },
        { trigger: ".modal button[name=action_propose]:visible", run: "click" },
        {
            content: "Odoo's wizard, filled in",
            trigger:
                ".modal .o_field_widget[name=product_return_moves] .o_data_row:contains(Goods):contains(3.00)",
        },
        { trigger: ".modal button[name=action_create_returns]", run: "click" },
        ...backToTheCase("body:not(:has(.modal)):has(.o_field_widget[name=picking_type_id])"),
        {
            content: "and are credited",
            trigger: "button[name=action_compensate]",
            run: "click",
        },
        { trigger: ".modal .o_data_cell[name=quantity]:contains(3.00)" },
        { trigger: ".modal button[name=action_propose]:visible", run: "click" },
        { trigger: ".modal .o_field_widget[name=crm_product_names]:contains(3 × Goods)" },
        { trigger: ".modal button[name=refund_moves]", run: "click" },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=invoice_line_ids] .o_data_row:contains(270.00)",
        },
        { trigger: "button[name=action_post]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Posted)" },
        ...backToTheCase(""),
        { trigger: "a.nav-link[name=crm_feedback_compensations]", run: "click" },
        {
            trigger:
                ".o_field_widget[name=compensation_ids] .o_data_row:contains(Credit note):contains(Done)",
        },
        {
            trigger:
                ".o_field_widget[name=compensation_ids] .o_data_row:contains(Return):contains(In progress)",
        },
        {
            trigger: ".o_statusbar_status button[data-value]:contains(Solved)",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Solved)" },
        { trigger: "a.nav-link[name=crm_feedback_disputes]", run: "click" },
        {
            content: "what was disputed is over",
            trigger: ".o_field_widget[name=dispute_ids] .o_data_row:contains(Ended)",
        },
    ],
});
