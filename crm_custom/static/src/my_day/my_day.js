import {
    Component,
    onWillStart,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { Pager } from "@web/core/pager/pager";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { MyDayRow } from "./my_day_row";

const { DateTime } = luxon;

const MODEL = "crm.my.day";
/** After so many milliseconds out of sight the page is read anew. */
const STALE = 60000;
const KIND_ICONS = { me: "fa-user", all: "fa-building-o", team: "fa-users", user: "fa-user-o" };

/**
 * What waits for a salesperson, by day; each row has the one action that settles it.
 * The rows and their actions come from the server (`crm.my.day.source`), so that a new
 * kind of work needs no script.
 */
export class MyDay extends Component {
    static template = "crm_custom.MyDay";
    static components = { Dropdown, DropdownItem, Layout, MyDayRow, Pager };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.buckets = [
            { key: "overdue", label: _t("Overdue"), empty: _t("Nothing is overdue.") },
            { key: "today", label: _t("Today"), empty: _t("Nothing is left for today.") },
            { key: "tomorrow", label: _t("Tomorrow"), empty: _t("Nothing is due tomorrow.") },
            { key: "week", label: _t("This week"), empty: _t("Nothing more is due this week.") },
        ];
        this.state = useState({
            whose: "me",
            bucket: null,
            day: null,
            rows: {},
            offsets: {},
            busy: false,
            ...this.props.state?.myDay,
        });
        /** the place of the row that has the focus, or had it before it was settled */
        this.place = null;
        /** how often something was asked for: what comes late is not shown */
        this.turns = 0;
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({
                myDay: { whose: this.state.whose, bucket: this.state.bucket },
            }),
        });
        useExternalListener(document, "visibilitychange", () => this.onVisibilityChange());
        useEffect(
            (rows) => {
                if (this.place !== null && rows) {
                    this.focusRow(this.place);
                }
            },
            () => [this.state.rows],
        );
        onWillStart(() => this.load());
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get title() {
        return DateTime.fromISO(this.state.day.today).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    get tabs() {
        return this.buckets.map((bucket) => ({ ...bucket, count: this.count(bucket.key) }));
    }

    get current() {
        return this.buckets.find((bucket) => bucket.key === this.state.bucket);
    }

    get sections() {
        const bucket = this.state.bucket;
        return this.state.day.sources
            .filter((source) => source.counts[bucket] && this.state.rows[source.key]?.length)
            .map((source) => ({
                ...source,
                count: source.counts[bucket],
                rows: this.state.rows[source.key],
                offset: this.state.offsets[source.key] || 0,
            }));
    }

    get isClear() {
        return this.buckets.every(({ key }) => !this.count(key));
    }

    /** The part of the day to go on with when the one shown is empty. */
    get following() {
        return this.tabs.find(({ count }) => count);
    }

    get nextDay() {
        return DateTime.fromISO(this.state.day.next.day).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    get chosen() {
        return this.state.day.choices.find(({ key }) => key === this.state.whose);
    }

    get isOthers() {
        return this.state.whose !== "me";
    }

    count(bucket, day = this.state.day) {
        return day.sources.reduce((sum, { counts }) => sum + counts[bucket], 0);
    }

    iconOf(choice) {
        return KIND_ICONS[choice.kind];
    }

    // ------------------------------------------------------------
    // Reading
    // ------------------------------------------------------------

    /**
     * Read the day anew, for what settles a row in one place may change another, and show
     * it when all of it is there: nothing of one day stands beside another's.
     *
     * @param {{ whose?: string, bucket?: string|null, offsets?: Object }} asked what to
     *  show instead of what is shown
     */
    async load(asked = {}) {
        const show = { ...this.asked, ...asked };
        await this.read(async () => {
            const day = await this.orm.call(MODEL, "get_day", [], { whose: show.whose });
            this.loaded = Date.now();
            if (!show.bucket) {
                const due = this.buckets.find(({ key }) => this.count(key, day));
                show.bucket = (due || this.buckets[1]).key;
            }
            for (const { key, counts } of day.sources) {
                // the last page may have gone with its last row
                const last = Math.floor((counts[show.bucket] - 1) / day.page) * day.page;
                show.offsets[key] = Math.min(show.offsets[key] || 0, Math.max(last, 0));
            }
            return { ...show, day, rows: await this.readRows(show) };
        });
    }

    get asked() {
        const { whose, bucket, offsets } = this.state;
        return { whose, bucket, offsets: { ...offsets } };
    }

    /** Show what is read, unless something else was asked for meanwhile. */
    async read(reading) {
        const turn = ++this.turns;
        const found = await reading();
        if (turn === this.turns) {
            Object.assign(this.state, found);
        }
    }

    async readRows(asked, sources = null) {
        return this.orm.call(MODEL, "get_rows", [], { ...asked, sources });
    }

    async onVisibilityChange() {
        if (document.visibilityState === "visible" && Date.now() - this.loaded > STALE) {
            await this.load();
        }
    }

    async choose(whose) {
        this.place = null;
        await this.load({ whose, bucket: null, offsets: {} });
    }

    async show(bucket) {
        this.place = null;
        const show = { ...this.asked, bucket, offsets: {} };
        await this.read(async () => ({ ...show, rows: await this.readRows(show) }));
    }

    async turn(source, { offset }) {
        this.place = null;
        const show = this.asked;
        show.offsets[source] = offset;
        await this.read(async () => {
            const rows = await this.readRows(show, [source]);
            return { ...show, rows: { ...this.state.rows, ...rows } };
        });
    }

    // ------------------------------------------------------------
    // Settling
    // ------------------------------------------------------------

    /** @param {{ source: string, row: Object, action: string }} work */
    async run({ source, row, action }) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        this.place = this.rowElements.findIndex(
            (el) => el.dataset.source === source && el.dataset.id === `${row.id}`,
        );
        try {
            const next = await this.orm.call(MODEL, "run_action", [source, row.id, action]);
            if (next) {
                await this.action.doAction(next, { onClose: () => this.load() });
            } else {
                await this.load();
            }
        } finally {
            this.state.busy = false;
        }
    }

    async openCustomer(row) {
        await this.action.doAction("crm_custom.res_partner_customer_action", {
            viewType: "form",
            props: { resId: row.partner_id },
        });
    }

    // ------------------------------------------------------------
    // Keyboard
    // ------------------------------------------------------------

    get rowElements() {
        return [...(this.root.el?.querySelectorAll(".o_crm_my_day_row") || [])];
    }

    focusRow(place) {
        const rows = this.rowElements;
        rows[Math.max(0, Math.min(place, rows.length - 1))]?.focus();
    }

    onKeydown(ev) {
        const rows = this.rowElements;
        const place = rows.indexOf(ev.target.closest(".o_crm_my_day_row"));
        const places = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length };
        if (place >= 0 && ev.key in places) {
            ev.preventDefault();
            this.focusRow(places[ev.key]);
        }
    }

    async onTabKeydown(ev) {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[ev.key];
        if (step) {
            ev.preventDefault();
            const keys = this.buckets.map(({ key }) => key);
            const next = keys.at((keys.indexOf(this.state.bucket) + step) % keys.length);
            await this.show(next);
            this.root.el.querySelector("[role=tab][aria-selected=true]").focus();
        } else if (ev.key === "ArrowDown") {
            ev.preventDefault();
            this.focusRow(0);
        }
    }
}

registry.category("actions").add("crm_custom.my_day", MyDay);
