import { registry } from "@web/core/registry";

const FILE = [
    "name,country_id,child_ids/name,child_ids/is_primary_contact",
    "Tour Alpha,Belgium,Ann,",
    ",,Arthur,yes",
    "Tour Beta,Belgiumm,Bert,",
    "Tour Gamma,,,",
].join("\n");

// a step that waits for the server may take long on a busy machine
const SLOW = 60000;
const SKIP_OPTION = ".o_crm_skip_refused_rows input[type=checkbox]";

const wait = () => new Promise((resolve) => setTimeout(resolve, 50));

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
                    await wait();
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
            timeout: SLOW,
        },
        {
            content: "as stock: one bad row stops it",
            trigger: "button:contains(Test)",
            run: "click",
            timeout: SLOW,
        },
        {
            trigger:
                ".o_import_data_content .alert-danger:contains(The file contains blocking errors)",
            timeout: SLOW,
        },
        { content: "tick the option", trigger: SKIP_OPTION, run: "click", timeout: SLOW },
        { trigger: `${SKIP_OPTION}:checked` },
        { trigger: "button:contains(Test)", run: "click", timeout: SLOW },
        {
            trigger: ".o_crm_refused_rows[data-loaded='1'][data-refused='2']",
            timeout: SLOW,
        },
        {
            content: "the reason stands beside its column as well",
            trigger: ".o_import_report:contains(Belgiumm)",
        },
        { trigger: "button.btn-primary:contains(Import)", run: "click", timeout: SLOW },
        {
            content: "no second import of the same file",
            trigger: ".o_control_panel:not(:has(button:contains(Test)))",
            timeout: SLOW,
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
            timeout: SLOW,
        },
        { trigger: `${SKIP_OPTION}:checked` },
        { trigger: ".o_control_panel button:contains(Import)", run: "click", timeout: SLOW },
        { trigger: ".o_crm_refused_rows[data-loaded='1'][data-refused='1']", timeout: SLOW },
        { trigger: ".o_crm_refused_open", run: "click", timeout: SLOW },
        { trigger: ".o_breadcrumb:contains(Imported records), .breadcrumb:contains(Imported)" },
        {
            trigger:
                ".o_list_view .o_data_row:contains(Tour Beta), .o_kanban_record:contains(Tour Beta)",
            timeout: SLOW,
        },
    ],
});

/** 150 customers; every fiftieth has no country. */
function getLongFile() {
    const rows = Array.from(
        { length: 150 },
        (_, index) => `Batch ${index + 1},${(index + 1) % 50 ? "Belgium" : ""}`,
    );
    return ["name,country_id", ...rows].join("\n");
}

registry.category("web_tour.tours").add("crm_custom_import_refused_rows_batches", {
    steps: () => [
        {
            trigger: ".o_control_panel .o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        { trigger: ".o_import_menu", run: "click" },
        uploadFile("batches.csv", getLongFile),
        { trigger: SKIP_OPTION, run: "click", timeout: SLOW },
        { trigger: "#o_import_batch_limit", run: "edit 40 && press Tab" },
        { trigger: "button:contains(Test)", run: "click", timeout: SLOW },
        { trigger: ".o_crm_refused_rows[data-loaded='147'][data-refused='3']", timeout: SLOW },
        {
            content: "import, and stop between two batches",
            trigger: ".o_control_panel button.btn-primary:contains(Import)",
            async run() {
                this.anchor.click();
                // a tour clicks nothing itself while the screen is blocked
                let stop = null;
                while (!stop) {
                    await wait();
                    stop = document.querySelector(".o_progress_stop_import");
                }
                stop.click();
            },
        },
        {
            content: "go on where it was stopped",
            trigger: ".o_control_panel button:contains(Resume)",
            run: "click",
            timeout: SLOW,
        },
        {
            content: "both parts are counted",
            trigger: ".o_crm_refused_rows[data-loaded='147'][data-refused='3'] .o_crm_refused_open",
            timeout: SLOW,
        },
        {
            trigger: ".o_crm_refused_download",
            async run() {
                const rows = (await getRefusedFile()).trim().split("\n").slice(1);
                const names = rows.map((row) => row.split(",")[0]);
                if (names.join() !== "Batch 50,Batch 100,Batch 150") {
                    throw new Error(`refused: ${names}`);
                }
            },
        },
        { trigger: ".o_crm_refused_open", run: "click", timeout: SLOW },
        { trigger: ".o_list_view .o_pager_limit:contains(147)", timeout: SLOW },
    ],
});
