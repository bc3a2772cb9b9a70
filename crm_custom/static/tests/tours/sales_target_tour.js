import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_sales_target", {
    steps: () => [
        { trigger: ".o_kanban_group:contains(Ordered) .o_column_progress" },
        { trigger: ".o_kanban_record:contains(500.00):contains(1,000.00):contains(50)" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_group_header:contains(Ordered)", run: "click" },
        { trigger: ".o_data_row td[name=attained]:contains(500.00)" },
        { trigger: ".o_switch_view.o_pivot", run: "click" },
        { trigger: ".o_pivot_cell_value:contains(1,000.00)" },
        // what is counted is a whole number
        { trigger: ".o_pivot tr:contains(Contacts made) .o_pivot_cell_value:text(12)" },
        { trigger: ".o_switch_view.o_list", run: "click" },
        { trigger: ".o_group_header:contains(Contacts made) td:text(12)" },
        { trigger: ".o_control_panel button:contains(Copy last)", run: "click" },
        { trigger: ".modal [name=target_count]:contains(2)" },
        { trigger: ".modal [name=percent] input", run: "edit 10" },
        { trigger: ".modal button[name=action_copy]", run: "click" },
        { trigger: ".o_kanban_record:contains(1,100.00)", run: "click" },
        { trigger: ".o_form_view [name=attained]:contains(0.00)" },
        { trigger: ".o_form_view .nav-link:contains(History)" },
        { trigger: ".o_form_view [name=history_ids] .o_data_row:contains(500.00)" },
    ],
});
