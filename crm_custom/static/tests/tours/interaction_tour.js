import { registry } from "@web/core/registry";

// No step names a label: the tour runs in every language.

const DIALOG = ".modal .o_form_view";
const tomorrow = () => luxon.DateTime.now().plus({ days: 1 });

registry.category("web_tour.tours").add("crm_custom_log_a_call", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name=name]:visible" },
        {
            content: "one click on the customer opens the prepared form",
            trigger: "button[name=action_log_interaction]",
            run: "click",
        },
        {
            content: "with the customer and whom to call first",
            trigger: `${DIALOG} .o_field_widget[name=partner_id] input:value(Tour Customer)`,
        },
        { trigger: `${DIALOG} .o_field_widget[name=contact_id] input:value(Tour Contact)` },
        {
            trigger: `${DIALOG} .o_field_widget[name=channel_id] .o_selection_badge:eq(0)`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=outcome_id] .o_selection_badge:eq(2)`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=subject] input`,
            run: "edit Asked for a price",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=next_step] input`,
            run: "edit Send the offer",
        },
        {
            content: "a step without a day is not saved",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        { trigger: `${DIALOG} .o_field_widget[name=next_date].o_field_invalid` },
        {
            trigger: `${DIALOG} .o_field_widget[name=next_date] .o_input, ${DIALOG} .o_field_widget[name=next_date] input`,
            run: "click",
        },
        {
            trigger: `${DIALOG} .o_field_widget[name=next_date] input`,
            run(helpers) {
                return helpers.edit(tomorrow().toFormat("yyyy-MM-dd"));
            },
        },
        { trigger: `${DIALOG} .o_field_widget[name=subject] input`, run: "click" },
        { trigger: `${DIALOG} .o_field_widget[name=next_activity_type_id]` },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "the history of the customer",
            trigger: "button[name=action_view_interactions]",
            run: "click",
        },
        {
            trigger:
                ".o_crm_custom_interaction_kanban .o_kanban_record:contains(Asked for a price):contains(Send the offer)",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=next_step_state] .badge" },
        { trigger: ".o_form_view .o_field_widget[name=note]" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_contact_log", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row:contains(Asked for a price)" },
        ...["kanban", "calendar", "pivot", "graph"].flatMap((view) => [
            { trigger: `.o_switch_view.o_${view}`, run: "click" },
            { trigger: `.o_${view}_view .o_${view}_renderer, .o_${view}_view .o_content > *` },
        ]),
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Asked for a price)" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_settle_a_step", {
    steps: () => [
        { trigger: ".o_data_row:contains(Tour Customer) .o_list_record_selector", run: "click" },
        { trigger: "button[name=action_log_interaction]", run: "click" },
        {
            content: "the step that is due is offered",
            trigger: `${DIALOG} .o_field_widget[name=activity_id] input:value(Send the offer)`,
        },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ],
});
