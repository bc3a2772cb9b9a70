import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// No step names a label: the tours run in every language.

const HINT = ".o_crm_duplicate_hints:not(.alert-danger) .o_crm_duplicate_hint";
const REFUSAL = ".o_crm_duplicate_hints.alert-danger .o_crm_duplicate_hint";

const newRecord = [
    {
        trigger: ".o_list_button_add, .o-kanban-button-new",
        run: "click",
    },
];

const typeIn = (name, text) => [
    {
        trigger: `.o_field_widget[name=${name}]:visible input, .o_field_widget[name=${name}]:visible textarea`,
        run: `edit ${text} && press Tab`,
    },
];

const countryBelgium = [
    { trigger: ".o_field_widget[name=country_id] input", run: "edit BE" },
    {
        trigger:
            ".o_field_widget[name=country_id] .o-autocomplete--dropdown-item a:contains(/^(Belgium|比利时)$/)",
        run: "click",
    },
];

registry.category("web_tour.tours").add("crm_custom_duplicate_refused", {
    steps: () => [
        ...newRecord,
        {
            content: "nothing is said of a new name",
            trigger: "body:not(:has(.o_crm_duplicate_hints))",
        },
        ...typeIn("name", "Tour Meridiam Optic GmbH"),
        {
            content: "a name that is alike: a quiet hint",
            trigger: `${HINT}:contains(Tour Meridian)`,
        },
        ...typeIn("name", "Tour Something Else"),
        { content: "it goes as it came", trigger: "body:not(:has(.o_crm_duplicate_hint))" },
        ...typeIn("email", "Sales@tour-meridian.test"),
        { content: "the same address", trigger: `${REFUSAL}:contains(Tour Meridian)` },
        { trigger: "body:not(:has(.o_field_widget[name=crm_duplicate_reason]))" },
        ...countryBelgium,
        { trigger: ".o_form_button_save", run: "click" },
        { content: "refused, with who it is", trigger: ".modal-body:contains(Tour Meridian)" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        ...typeIn("email", "office@tour-else.test"),
        { trigger: "body:not(:has(.o_crm_duplicate_hint))" },
        ...stepUtils.saveForm(),
    ],
});

registry.category("web_tour.tours").add("crm_custom_duplicate_override", {
    steps: () => [
        ...newRecord,
        ...typeIn("name", "Tour Subsidiary"),
        ...typeIn("email", "sales@tour-meridian.test"),
        ...countryBelgium,
        { trigger: `${REFUSAL}:contains(Tour Meridian)` },
        ...typeIn("crm_duplicate_reason", "Buys for itself"),
        ...stepUtils.saveForm(),
        { content: "decided once", trigger: "body:not(:has(.o_crm_duplicate_hint))" },
        { trigger: ".o-mail-Message-body:contains(Buys for itself)" },
    ],
});

const row = (name) => `.o_data_row:contains(${name})`;

registry.category("web_tour.tours").add("crm_custom_duplicate_merge", {
    steps: () => [
        {
            trigger: `${row("Tour Merge A")} button[name=action_merge]`,
            run: "click",
        },
        {
            content: "both are shown",
            trigger: ".modal .o_field_widget[name=left_id]:contains(Tour Merge A)",
        },
        { trigger: ".modal .o_field_widget[name=right_id]:contains(Tour Merge A GmbH)" },
        {
            content: "the second one stays",
            trigger: ".modal .o_field_widget[name=survivor] .o_radio_item:eq(1) input",
            run: "click",
        },
        {
            content: "with the city of the first one",
            trigger: ".modal .o_data_row:contains(Brugge) td[name=left_value]",
            run: "click",
        },
        {
            trigger:
                ".modal .o_data_row:contains(Brugge) .o_field_widget[name=keep] .o_radio_item:eq(0) input",
            run: "click",
        },
        { trigger: ".modal footer button[name=action_merge]", run: "click" },
        {
            content: "are you sure",
            trigger: ".modal:not(:has(.o_form_view)) .modal-footer .btn-primary",
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        { trigger: `body:not(:has(${row("Tour Merge A")}))` },
        {
            content: "these are two",
            trigger: `${row("Tour Apart")} button[name=action_keep_apart]`,
            run: "click",
        },
        { trigger: `body:not(:has(${row("Tour Apart")}))` },
    ],
});
