import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

// No step names a label: the tour runs in every language.

/** Let the next download land in the page, where a step can see what came. */
function catchDownload() {
    const original = download._download;
    delete document.body.dataset.landed;
    download._download = async ({ url, data }) => {
        download._download = original;
        const body = new FormData();
        for (const [name, value] of Object.entries(data)) {
            body.append(name, value);
        }
        body.append("csrf_token", window.odoo.csrf_token);
        const response = await fetch(url, { method: "POST", body });
        const bytes = new Uint8Array(await response.arrayBuffer());
        const start = String.fromCharCode(...bytes.slice(0, 4));
        document.body.dataset.landed = `${response.status} ${start}`;
    };
}

const print = (output, start) => [
    { trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
    {
        trigger: `.o_crm_print_search_${output}`,
        async run({ click }) {
            catchDownload();
            await click();
        },
    },
    {
        content: "the file is here, and the note of its progress gone",
        trigger: `body[data-landed^="200 ${start}"]:not(:has(.o_crm_print_search_progress))`,
        timeout: 60000,
    },
];

registry.category("web_tour.tours").add("crm_custom_print_search", {
    steps: () => [
        { trigger: ".o_data_row:count(13)" },
        { trigger: ".o_searchview_input", run: "edit Tourprint" },
        { trigger: ".o_searchview_autocomplete .o-dropdown-item:first", run: "click" },
        { trigger: ".o_data_row:count(12)" },
        { content: "sort by code", trigger: "th[data-name=ref]", run: "click" },
        { trigger: ".o_data_row:first:contains(Tourprint 11)" },
        ...print("pdf", "%PDF"),
        ...print("xlsx", "PK"),
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_group_by_menu .o_menu_item:first", run: "click" },
        { trigger: ".o_group_header" },
        ...print("pdf", "%PDF"),
        { trigger: ".o_switch_view.o_kanban", run: "click" },
        { trigger: ".o_kanban_group" },
        ...print("xlsx", "PK"),
    ],
});
