import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_custom_feedback_solution", {
    steps: () => [
        {
            content: "what helped before is offered",
            trigger: ".o_crm_feedback_solutions:contains(Fronts that arrive scratched)",
        },
        { trigger: "a.nav-link[name=crm_feedback_solutions]", run: "click" },
        {
            trigger:
                ".o_field_widget[name=offered_solution_ids] .o_data_row:contains(Fronts) button[name=action_solved_it]",
            run: "click",
        },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(Solved)" },
        {
            trigger: ".o_field_widget[name=solution_use_ids] .o_data_row:contains(Solved it)",
        },
        { trigger: "button[name=action_write_solution]", run: "click" },
        {
            content: "it is made of what stands in the case",
            trigger: ".o_field_widget[name=name] textarea:value(Front is scratched)",
        },
        { trigger: "button[name=action_ask_review]", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains(To review)" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_feedback_pareto", {
    steps: () => [
        {
            content: "six, three and one of ten",
            trigger: ".o_graph_renderer canvas",
            run({ anchor }) {
                const { datasets } = window.Chart.getChart(anchor).data;
                const shares = datasets.find((dataset) => dataset.type === "line").data;
                if (JSON.stringify(shares) !== "[60,90,100]") {
                    throw new Error(`the shares are ${JSON.stringify(shares)}`);
                }
                if (JSON.stringify(datasets[0].data) !== "[6,3,1]") {
                    throw new Error(`the bars are ${JSON.stringify(datasets[0].data)}`);
                }
            },
        },
    ],
});
