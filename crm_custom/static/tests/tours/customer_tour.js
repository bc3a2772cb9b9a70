import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// No step names a label: the tours run in every language.

const CHILDREN = ".o_field_widget[name=child_ids]";

/** The nth line that the search bar offers, by its place in the search view. */
const searchLine = (n) => `.o_searchview_autocomplete .o-dropdown-item:eq(${n})`;
const FUZZY_CUSTOMER = searchLine(0);
const EXACT_CUSTOMER = searchLine(5);

/** @param {string} column one that the list of this menu alone has */
const openApp = (menu, column) => [
    { trigger: ".o_navbar_apps_menu button", run: "click" },
    { trigger: ".o_app[data-menu-xmlid='crm_custom.crm_custom_menu_root']", run: "click" },
    {
        trigger: "button[data-menu-xmlid='crm_custom.crm_custom_menu_customers']",
        run: "click",
    },
    { trigger: `a[data-menu-xmlid='crm_custom.${menu}']`, run: "click" },
    { trigger: `.o_list_view thead th[data-name=${column}]` },
];

const openPage = (name) => [
    { trigger: `.o_notebook_headers a[name=${name}]`, run: "click" },
    { trigger: `.o_notebook_headers a[name=${name}].active` },
];

/** @param {string} [shown] what is offered for the text; may be a regular expression */
const choose = (field, text, shown = text) => [
    { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${text}` },
    {
        trigger: `.o_field_widget[name=${field}] .o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option) a:contains(${shown})`,
        run: "click",
    },
];

const addContact = (name, mobile) => [
    { trigger: `${CHILDREN} .o-kanban-button-new`, run: "click" },
    { trigger: ".modal .o_field_widget[name=name] input", run: `edit ${name}` },
    { trigger: ".modal .o_field_widget[name=mobile] input", run: `edit ${mobile}` },
    { trigger: ".modal .o_form_button_save", run: "click" },
    { trigger: "body:not(:has(.modal))" },
    { trigger: `${CHILDREN} .o_kanban_record:contains(${name})` },
];

const search = (text, line, rows) => [
    { trigger: ".o_searchview_input", run: `edit ${text}` },
    { trigger: line, run: "click" },
    { trigger: `.o_data_row:count(${rows})` },
];

const clearSearch = [
    { trigger: ".o_facet_remove:last", run: "click" },
    { trigger: ".o_searchview:not(:has(.o_facet_value:contains(Tour)))" },
];

const printSearch = [
    { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
    { trigger: ".o_crm_print_search_pdf", run: "click" },
    { trigger: ".o_crm_print_search_progress" },
    { trigger: "body:not(:has(.o_crm_print_search_progress))", timeout: 60000 },
];

registry.category("web_tour.tours").add("crm_custom_customer", {
    steps: () => [
        ...openApp("res_partner_customer_menu", "customer_status"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name=name]:visible input", run: "edit Tour Customer" },
        { content: "no country, no customer", trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_field_widget[name=country_id].o_field_invalid" },
        ...choose("country_id", "BE", "/^(Belgium|比利时)$/"),
        ...addContact("Tour First", "+32 470 12 34 56"),
        ...addContact("Tour Second", "+32 470 65 43 21"),
        ...openPage("crm_customer"),
        ...choose("annual_revenue_currency_id", "EUR"),
        { trigger: ".o_field_widget[name=annual_revenue] input", run: "edit 1000" },
        ...stepUtils.saveForm(),
        {
            content: "the code is given on saving",
            trigger: ".o_field_widget[name=ref] input:value(/.+/)",
        },
        { trigger: ".o_field_widget[name=primary_contact_id] input:value(Tour First)" },
        ...openPage("contact_addresses"),
        { trigger: `${CHILDREN} .o_kanban_record:contains(Tour First):has(.fa-star)` },
        ...openPage("crm_customer"),
        ...choose("primary_contact_id", "Tour Second"),
        ...stepUtils.saveForm(),
        ...openPage("contact_addresses"),
        { trigger: `${CHILDREN} .o_kanban_record:contains(Tour Second):has(.fa-star)` },
        { trigger: `${CHILDREN} .o_kanban_record:contains(Tour First):not(:has(.fa-star))` },
        { content: "back to the list", trigger: ".o_back_button", run: "click" },
        ...search("our Custom", FUZZY_CUSTOMER, 2),
        ...printSearch,
        ...clearSearch,
        ...search("Tour Customer", EXACT_CUSTOMER, 1),
    ],
});

registry.category("web_tour.tours").add("crm_custom_customer_kanban", {
    steps: () => [
        { trigger: ".o_data_row:contains(Tour Customer)" },
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        {
            content: "the card tells whom to call",
            trigger:
                ".o_crm_custom_customer_kanban .o_kanban_record:contains(Tour Second):has(a[href^='tel:'])",
        },
        { trigger: ".o_kanban_record:contains(Tour Customer) main", run: "click" },
        ...openPage("crm_customer"),
        { trigger: "button[name=action_blacklist]", run: "click" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "button[name=action_unblacklist]" },
        { content: "the ribbon", trigger: ".ribbon.text-bg-dark, .ribbon .text-bg-dark" },
        { trigger: "button[name=action_unblacklist]", run: "click" },
        { trigger: "button[name=action_blacklist]" },
    ],
});

registry.category("web_tour.tours").add("crm_custom_contact", {
    steps: () => [
        ...openApp("res_partner_contact_menu", "function"),
        ...search("our Sec", FUZZY_CUSTOMER, 1),
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        {
            trigger:
                ".o_crm_custom_contact_kanban .o_kanban_record:has(.fa-star):contains(Tour Second) main",
            run: "click",
        },
        ...openPage("crm_contact"),
        {
            trigger:
                ".o_field_widget[name=salutation] input, .o_field_widget[name=salutation] select",
        },
        { trigger: ".o_field_widget[name=department] input", run: "edit Tour Department" },
        ...choose("hobby_ids", "Tour Hobby"),
        {
            trigger: ".o_field_widget[name=special_day_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=special_day_ids] .o_field_widget[name=name] input",
            run: "edit Tour Birthday",
        },
        {
            trigger:
                ".o_field_widget[name=special_day_ids] .o_field_widget[name=date] button, .o_field_widget[name=special_day_ids] .o_field_widget[name=date] input",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=special_day_ids] .o_field_widget[name=date] input",
            run: "edit -1y && press Enter",
        },
        {
            content: "when it comes back",
            trigger: ".o_field_widget[name=special_day_ids] td[name=next_date]:contains(/\\d/)",
        },
        ...stepUtils.saveForm(),
    ],
});

registry.category("web_tour.tours").add("crm_custom_lists", {
    steps: () =>
        [
            ["crm_customer_type_menu", "thead:has([data-name=sequence])"],
            [
                "res_partner_hobby_menu",
                "thead:has([data-name=color]):not(:has([data-name=sequence]))",
            ],
        ].flatMap(([menu, head]) => [
            { trigger: ".o_navbar_apps_menu button", run: "click" },
            {
                trigger: ".o_app[data-menu-xmlid='crm_custom.crm_custom_menu_root']",
                run: "click",
            },
            {
                trigger: "button[data-menu-xmlid='crm_custom.crm_custom_menu_config']",
                run: "click",
            },
            { trigger: `a[data-menu-xmlid='crm_custom.${menu}']`, run: "click" },
            { trigger: head },
            { trigger: ".o_list_button_add", run: "click" },
            {
                trigger: ".o_selected_row .o_field_widget[name=name] input",
                run: `edit Tour ${menu}`,
            },
            { trigger: ".o_list_button_save", run: "click" },
            { trigger: `.o_data_row:contains(Tour ${menu})` },
            ...search(`our ${menu}`, FUZZY_CUSTOMER, 1),
        ]),
});
