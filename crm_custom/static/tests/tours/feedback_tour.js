import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_feedback_from_order", {
    steps: () => [
        { trigger: ".o_form_view button[name=action_view_feedback]", run: "click" },
        {
            content: "the customer of the order is known",
            trigger: ".o_field_widget[name=partner_id] input:value(Buying Customer)",
        },
        {
            trigger: ".o_field_widget[name=subject] textarea",
            run: "edit Two of them came scratched",
        },
        { trigger: ".o_field_widget[name=type_id] input", run: "edit Defective" },
        { trigger: ".ui-autocomplete a:contains(Defective goods)", run: "click" },
        { trigger: "a.nav-link[name=crm_feedback_products]", run: "click" },
        {
            content: "what was ordered is filled in",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(Goods)",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name=name]:contains(FB)" },
        { trigger: "button[name=action_take]", run: "click" },
        { trigger: ".o_field_widget[name=user_id] input:value(Feedback Agent)" },
        {
            trigger: ".o_statusbar_status button[data-value]:contains(Solved)",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Solved)" },
        { trigger: ".o_field_widget[name=date_solved]" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_feedback_escalated", {
    steps: () => [
        {
            content: "a colleague's card says that one has escalated",
            trigger:
                ".o_kanban_record:contains(feedback_agent) a[data-count=escalated]:contains(1)",
            run: "click",
        },
        {
            content: "the list holds that one",
            trigger: ".o_list_view .o_data_row:contains(Nobody has answered) td[name=subject]",
            run: "click",
        },
        { trigger: ".o_form_view .alert-warning:contains(Escalated on)" },
        { trigger: "a.nav-link[name=crm_feedback_time]", run: "click" },
        {
            content: "who was told when",
            trigger:
                ".o_field_widget[name=escalation_ids] .o_data_row td[name=name]:contains(Solution: late)",
        },
        { trigger: ".o_field_widget[name=user_id] input", run: "edit feedback_manager" },
        { trigger: ".ui-autocomplete a:contains(feedback_manager)", run: "click" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view .o_form_saved, .o_form_view:not(.o_form_dirty)" },
        { trigger: ".o_form_button_save:not(:visible)" },
    ],
});
