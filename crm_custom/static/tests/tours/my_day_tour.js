import { registry } from "@web/core/registry";

// No step names a label: the tour runs in every language.

const count = (bucket, number) => ({
    trigger: `.o_crm_my_day_tab[data-bucket=${bucket}] .o_crm_my_day_count:contains(/^${number}$/)`,
});

const isShown = (bucket) => ({
    trigger: `.o_crm_my_day_tab.active[data-bucket=${bucket}]`,
});

const row = (source, name = "") =>
    `.o_crm_my_day_row[data-source='${source}']${name && `:contains(${name})`}`;

const settle = (source, action) => ({
    trigger: `${row(source)} .o_crm_my_day_primary[data-action=${action}]`,
    run: "click",
});

const isGone = (source) => ({
    trigger: `.o_crm_my_day:not(:has(${row(source)}))`,
});

const follow = { trigger: ".o_crm_my_day_following", run: "click" };

registry.category("web_tour.tours").add("crm_custom_my_day", {
    steps: () => [
        isShown("overdue"),
        count("overdue", 3),
        count("today", 2),
        count("tomorrow", 0),
        count("week", 0),
        { trigger: `${row("activity", "Tour Customer")} a[href='tel:022903490']` },
        {
            content: "a contact is due: what is logged settles it, without leaving the page",
            ...settle("contact", "log"),
        },
        { trigger: ".modal .o_field_widget[name=partner_id] input:value(Tour Due)" },
        {
            trigger: ".modal .o_field_widget[name=channel_id] .o_selection_badge:eq(0)",
            run: "click",
        },
        { trigger: ".modal .o_field_widget[name=subject] input", run: "edit Spoke to him" },
        { trigger: ".modal-footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        isGone("contact"),
        count("overdue", 2),
        {
            content: "by keyboard, from the tabs down to the first row",
            trigger: ".o_crm_my_day_tab.active",
            run: ({ anchor }) => anchor.focus(),
        },
        { trigger: ".o_crm_my_day_tab.active:focus", run: "press ArrowDown" },
        { trigger: `${row("activity")}:focus`, run: "press ArrowDown" },
        { trigger: `${row("quotation")}:focus`, run: "press ArrowUp" },
        {
            content: "Enter settles the row that has the focus",
            trigger: `${row("activity")}:focus`,
            run: "press Enter",
        },
        isGone("activity"),
        count("overdue", 1),
        { content: "the next row has the focus", trigger: `${row("quotation")}:focus` },
        {
            content: "a quotation is planned for: it comes back with its next step",
            trigger: `${row("quotation")} .o_crm_my_day_actions .o-dropdown`,
            run: "click",
        },
        { trigger: ".o-dropdown-item[data-action=plan]", run: "click" },
        {
            trigger:
                ".modal .o_field_widget[name=date_deadline] button, .modal .o_field_widget[name=date_deadline] input",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=date_deadline] input",
            run: "edit +1d && press Enter",
        },
        { trigger: ".modal button[name=action_schedule_activities]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        count("overdue", 0),
        count("tomorrow", 1),
        { content: "nothing is overdue: on with today", ...follow },
        isShown("today"),
        settle("special.day", "noted"),
        isGone("special.day"),
        settle("delivery", "open"),
        { trigger: ".modal button[name=button_validate]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        count("today", 0),
        follow,
        isShown("tomorrow"),
        {
            content: "not today: the quotation stays settled as long as its step is open",
            trigger: `${row("activity")} .o_crm_my_day_actions .o-dropdown`,
            run: "click",
        },
        { trigger: ".o-dropdown-item[data-action=next_week]", run: "click" },
        ...["overdue", "today", "tomorrow", "week"].map((bucket) => count(bucket, 0)),
        {
            content: "nothing is due, and what comes next is told",
            trigger: ".o_crm_my_day_empty:not(:has(button)):contains(Tour Customer)",
        },
    ],
});

const choose = (whose) => [
    { trigger: ".o_crm_my_day_whose", run: "click" },
    { trigger: `.o-dropdown-item[data-whose=${whose}]`, run: "click" },
];

registry.category("web_tour.tours").add("crm_custom_my_day_whose", {
    steps: () => [
        { content: "the manager's own day", trigger: ".o_crm_my_day_empty" },
        ...choose("all"),
        isShown("overdue"),
        {
            content: "with whose work it is",
            trigger: `${row("contact", "Tour Due")} .badge:contains(User Sales Own)`,
        },
        ...choose("me"),
        { trigger: ".o_crm_my_day_empty" },
        ...["team", "user"].flatMap((kind) => [
            { trigger: ".o_crm_my_day_whose", run: "click" },
            {
                trigger: `.o-dropdown-item[data-whose^=${kind}]:contains(/^(Tour Team|User Sales Own)$/)`,
                run: "click",
            },
            count("overdue", 3),
            { trigger: row("contact", "Tour Due") },
        ]),
    ],
});
