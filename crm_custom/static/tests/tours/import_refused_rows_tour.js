import { registry } from "@web/core/registry";

const FILE = [
    "name,country_id,child_ids/name,child_ids/is_primary_contact",
    "Tour Alpha,Belgium,Ann,",
    ",,Arthur,yes",
    "Tour Beta,Belgiumm,Bert,",
    "Tour Gamma,,,",
].join("\n");

const SKIP_OPTION = ".o_crm_skip_refused_rows input[type=checkbox]";

/** Put a file into the hidden input, as the file dialog of the browser would. */
function uploadFile(name, getContent) {
    return {
        content: `upload ${name}`,
        trigger: ".o_control_panel .o_input_file:not(:visible)",
        async run() {
            const files = new DataTransfer();
            files.items.add(new File([await getContent()], name, { type: "text/csv" }));
            this.anchor.files = files.files;
            this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
        },
    };
}

async function getRefusedFile() {
    const link = document.querySelector(".o_crm_refused_download");
    const response = await fetch(link.href);
    return response.text();
}

registry.category("web_tour.tours").add("crm_custom_import_refused_rows", {
    steps: () => [
        {
            content: "the cog menu of the customers",
            trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        { trigger: ".o_import_menu", run: "click" },
        {
            content: "a reload of the page keeps what the action is for",
            trigger: ".o_nocontent_help a[href*='crm_customers_import']",
            async run() {
                // the address follows a moment later
                while (!window.location.pathname.endsWith("/import")) {
                    await new Promise((resolve) => setTimeout(resolve, 50));
                }
                window.location.reload();
            },
            expectUnloadPage: true,
        },
        {
            content: "the template is offered",
            trigger: ".o_nocontent_help a[href*='crm_customers_import']",
        },
        uploadFile("customers.csv", () => FILE),
        {
            content: "headings found their fields",
            trigger:
                ".o_import_data_content tr:contains(is_primary_contact) span:contains(Contact)",
        },
        {
            content: "as stock: one bad row stops it",
            trigger: "button:contains(Test)",
            run: "click",
        },
        {
            trigger:
                ".o_import_data_content .alert-danger:contains(The file contains blocking errors)",
        },
        { content: "tick the option", trigger: SKIP_OPTION, run: "click" },
        { trigger: `${SKIP_OPTION}:checked` },
        { trigger: "button:contains(Test)", run: "click" },
        {
            trigger: ".o_crm_refused_rows[data-loaded='1'][data-refused='2']",
        },
        {
            content: "the reason stands beside its column as well",
            trigger: ".o_import_report:contains(Belgiumm)",
        },
        { trigger: "button.btn-primary:contains(Import)", run: "click" },
        {
            content: "no second import of the same file",
            trigger: ".o_control_panel:not(:has(button:contains(Test)))",
        },
        {
            trigger: ".o_crm_refused_rows li:contains(Row 4):contains(country)",
        },
        {
            content: "correct the file and load it",
            trigger: ".o_crm_refused_download",
            async run() {
                const text = await getRefusedFile();
                if (!text.includes("Row 3: ") || text.includes("Tour Alpha")) {
                    throw new Error(`not the refused rows: ${text}`);
                }
            },
        },
        uploadFile("customers refused.csv", async () =>
            (await getRefusedFile()).replace("Belgiumm", "Belgium"),
        ),
        {
            content: "the column of reasons has no field",
            trigger:
                ".o_import_data_content tr:contains(not imported) .text-warning:contains(To import)",
        },
        { trigger: `${SKIP_OPTION}:checked` },
        { trigger: ".o_control_panel button:contains(Import)", run: "click" },
        { trigger: ".o_crm_refused_rows[data-loaded='1'][data-refused='1']" },
        { trigger: ".o_crm_refused_open", run: "click" },
        { trigger: ".o_breadcrumb:contains(Imported records), .breadcrumb:contains(Imported)" },
        {
            trigger:
                ".o_list_view .o_data_row:contains(Tour Beta), .o_kanban_record:contains(Tour Beta)",
        },
    ],
});
