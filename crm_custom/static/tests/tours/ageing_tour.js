import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_ageing", {
    steps: () => [
        {
            content: "the tie-out says that nothing differs",
            trigger: ".o_crm_custom_ageing_difference.text-success:contains(0.00)",
        },
        {
            content: "see it by salesperson",
            trigger: ".o_crm_custom_ageing_groupby",
            run: "select user_id",
        },
        {
            trigger: ".o_crm_custom_ageing_table tbody th:contains(User Sales All)",
        },
        {
            content: "and by customer again",
            trigger: ".o_crm_custom_ageing_groupby",
            run: "select partner_id",
        },
        {
            content: "open what a customer owes",
            trigger: ".o_crm_custom_ageing_table tbody th button:contains(Other & Sons)",
            run: "click",
        },
        {
            content: "his one invoice is there",
            trigger: ".o_list_view .o_data_row td[name=amount_residual]:contains(300.00)",
        },
        {
            content: "go back: what was chosen is still chosen",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "a statement of one customer",
            trigger: ".o_crm_custom_ageing_table tr:contains(Other & Sons) input[type=checkbox]",
            run: "check",
        },
        {
            trigger: ".o_crm_custom_ageing_statements:contains(1)",
            run: "click",
        },
        {
            trigger: ".modal [name=partner_ids] .o_tag:contains(Other & Sons)",
        },
        {
            trigger: ".modal button:contains(Discard)",
            run: "click",
        },
        {
            content: "leave the credit balances out",
            trigger: ".o_crm_custom_ageing_bar label:contains(Credit balances) input",
            run: "click",
        },
        {
            trigger: ".o_crm_custom_ageing_table tfoot:contains(not shown)",
        },
        {
            content: "set a filter",
            trigger: "button:has(.fa-filter)",
            run: "click",
        },
        {
            trigger: ".o_crm_custom_ageing_filters label:contains(Partner) input",
            run: "edit Owing Customer",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains(Owing Customer)",
            run: "click",
        },
        {
            trigger: ".o_crm_custom_ageing_table:not(:contains(Other & Sons))",
        },
        {
            content: "payables: nothing is open",
            trigger: ".o_crm_custom_ageing_kind",
            run: "select payable",
        },
        {
            trigger: ".o_view_nocontent_smiling_face:contains(Nothing is open)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_custom_ageing_columns", {
    steps: () => [
        {
            content: "all that a laptop is to show fits on it",
            trigger:
                ".o_crm_custom_ageing_table thead:contains(Oldest):not(:contains(Days to pay))",
            run: ({ anchor }) => {
                const { scrollWidth, clientWidth } = anchor.closest(".table-responsive");
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} pixels in ${clientWidth}`);
                }
            },
        },
        {
            content: "his limit is exceeded",
            trigger: "tbody td.text-danger:contains(5,000.00)",
        },
        {
            content: "one column more",
            trigger: ".o_crm_custom_ageing_columns",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains(Days to pay) input",
            run: "click",
        },
        {
            trigger: ".o_crm_custom_ageing_table thead:contains(Days to pay)",
        },
        {
            content: "and one less",
            trigger: ".o-dropdown-item:contains(Oldest) input",
            run: "click",
        },
        {
            trigger: ".o_crm_custom_ageing_table thead:not(:contains(Oldest))",
        },
        {
            content: "what is asked for is seen, whichever columns one has",
            trigger: ".o_crm_custom_ageing_only",
            run: "select limit",
        },
        {
            trigger: ".o_crm_custom_ageing_table thead:contains(Over limit)",
        },
    ],
});
