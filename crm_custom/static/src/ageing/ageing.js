import { Component, onWillStart, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { CheckBox } from "@web/core/checkbox/checkbox";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDate, formatDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { download } from "@web/core/network/download";
import { MultiRecordSelector } from "@web/core/record_selectors/multi_record_selector";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const REPORT = "crm.ageing.report";
/** Which columns somebody does not want to see, in his browser as those of lists. */
const HIDDEN_COLUMNS = "crm_custom.ageing.hidden_columns";
/** Of all of them, those without which the others fit on a laptop. */
const HIDDEN_AT_FIRST = ["share", "over_limit", "days_to_pay"];
/** What shows the rows that one asks for alone. */
const ASKED_COLUMNS = { share: "share", limit: "over_limit" };
const OF_CUSTOMERS = new Set([
    "user_id",
    "team_id",
    "customer_type_id",
    "user_ids",
    "team_ids",
    "customer_type_ids",
]);

/**
 * Open items by age, now or on a past day: a row a customer (or salesperson, country...),
 * each of which opens the items behind it, and the tie-out with the ledger below.
 */
export class Ageing extends Component {
    static template = "crm_custom.Ageing";
    static components = {
        CheckBox,
        DateTimeInput,
        Dropdown,
        DropdownItem,
        Layout,
        MultiRecordSelector,
    };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        // what was chosen comes back with the breadcrumb
        const options = this.props.state?.options || {
            date: false,
            payable: false,
            groupby: "partner_id",
            with_credit: true,
            only: "",
            offset: 0,
            partner_ids: [],
            user_ids: [],
            team_ids: [],
            category_ids: [],
            customer_type_ids: [],
            country_ids: [],
            account_ids: [],
            company_ids: [],
        };
        this.state = useState({
            options,
            report: null,
            isFiltering: false,
            mayExport: false,
            ticked: [],
            hiddenColumns: this.readHiddenColumns(),
        });
        this.display = { controlPanel: {} };
        onWillStart(async () => {
            this.state.mayExport = await user.hasGroup("base.group_allow_export");
            await this.load();
        });
    }

    async load() {
        this.state.report = await this.keepLast.add(
            this.orm.call(REPORT, "get_report", [this.state.options]),
        );
    }

    set(values) {
        Object.assign(this.state.options, { offset: 0 }, values);
        this.state.ticked = [];
        if (!this.isByCustomer && this.state.options.only === "limit") {
            this.state.options.only = "";
        }
        return this.load();
    }

    // ------------------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------------------

    get date() {
        const { date } = this.state.options;
        return date ? deserializeDate(date) : false;
    }

    get isByCustomer() {
        return this.state.options.groupby === "partner_id";
    }

    get groupbys() {
        const { payable } = this.state.options;
        return this.only([
            ["partner_id", payable ? _t("Vendor") : _t("Customer")],
            ["user_id", _t("Salesperson")],
            ["team_id", _t("Sales team")],
            ["customer_type_id", _t("Customer type")],
            ["country_id", _t("Country")],
            ["account_id", _t("Account")],
            ["company_id", _t("Company")],
        ]);
    }

    get filters() {
        return this.only([
            ["partner_ids", _t("Partner"), "res.partner"],
            ["user_ids", _t("Salesperson"), "res.users"],
            ["team_ids", _t("Sales team"), "crm.team"],
            ["category_ids", _t("Tag"), "res.partner.category"],
            ["customer_type_ids", _t("Customer type"), "crm.customer.type"],
            ["country_ids", _t("Country"), "res.country"],
            ["account_ids", _t("Account"), "account.account"],
            ["company_ids", _t("Company"), "res.company"],
        ]);
    }

    /** A vendor has no salesperson; one company alone is no choice. */
    only(choices) {
        return choices.filter(
            ([name]) =>
                !(this.state.options.payable && OF_CUSTOMERS.has(name)) &&
                (user.activeCompanies.length > 1 || !name.startsWith("company_")),
        );
    }

    /** What a filter offers: the accounts of this ageing, the companies of this screen. */
    filterDomain(name) {
        if (name === "account_ids") {
            const type = this.state.options.payable ? "liability_payable" : "asset_receivable";
            return [["account_type", "=", type]];
        }
        if (name === "company_ids") {
            return [["id", "in", user.activeCompanies.map((company) => company.id)]];
        }
        return [];
    }

    get filterCount() {
        return this.filters.filter(([name]) => this.state.options[name].length).length;
    }

    get largeShareLabel() {
        return _t("Share of %(percent)s or more", {
            percent: `${this.state.report.large_share} %`,
        });
    }

    get hasLimits() {
        return this.isByCustomer && this.state.report.rows.some((row) => row.limit);
    }

    /** All columns after the name. */
    get allColumns() {
        const { columns, more } = this.state.report;
        const found = [
            ...columns.map(({ name, label }, index) => ({
                name,
                label,
                isSum: true,
                cell: (row) => this.amount(row.amounts[index]),
            })),
            {
                name: "total",
                label: _t("Total"),
                isSum: true,
                className: () => "fw-bold",
                cell: (row) => this.amount(row.total),
                foot: (row) => this.money(row.total),
            },
            ...more.map(({ name, label }) => ({
                name,
                label,
                isSum: true,
                isOptional: true,
                cell: (row) => this.amount(row[name]),
            })),
            {
                name: "share",
                label: _t("Share"),
                isOptional: true,
                cell: (row) => this.percent(row.share),
            },
        ];
        if (this.hasLimits) {
            found.push(
                {
                    name: "limit",
                    label: _t("Limit"),
                    isOptional: true,
                    className: (row) => (row.over_limit ? "text-danger" : ""),
                    cell: (row) => this.amount(row.limit),
                },
                {
                    name: "over_limit",
                    label: _t("Over limit"),
                    isOptional: true,
                    className: () => "text-danger",
                    cell: (row) => this.amount(row.over_limit),
                },
            );
        }
        if (this.isByCustomer) {
            found.push(
                {
                    name: "oldest",
                    label: _t("Oldest"),
                    isOptional: true,
                    cell: (row) => this.day(row.oldest),
                },
                {
                    name: "days_to_pay",
                    label: _t("Days to pay"),
                    help: _t("From the invoice to its payment, by amount, over a year"),
                    isOptional: true,
                    cell: (row) => row.days_to_pay ?? "",
                },
            );
        }
        return found;
    }

    get optionalColumns() {
        return this.allColumns.filter((column) => column.isOptional);
    }

    /** Those that are shown; on a phone the total before what it is made of. */
    get columns() {
        const shown = this.allColumns.filter((column) => this.isShown(column));
        if (!this.env.isSmall) {
            return shown;
        }
        const isTotal = ({ name }) => name === "total";
        return [...shown.filter(isTotal), ...shown.filter((column) => !isTotal(column))];
    }

    isShown({ name }) {
        const isAsked = ASKED_COLUMNS[this.state.options.only] === name;
        return isAsked || !this.state.hiddenColumns.includes(name);
    }

    toggleColumn({ name }) {
        const { hiddenColumns } = this.state;
        const others = hiddenColumns.filter((hidden) => hidden !== name);
        this.state.hiddenColumns =
            others.length < hiddenColumns.length ? others : [...hiddenColumns, name];
        browser.localStorage.setItem(HIDDEN_COLUMNS, this.state.hiddenColumns.join());
    }

    readHiddenColumns() {
        return browser.localStorage.getItem(HIDDEN_COLUMNS)?.split(",") ?? HIDDEN_AT_FIRST;
    }

    get range() {
        const { count, page } = this.state.report;
        const { offset } = this.state.options;
        return { first: count && offset + 1, last: Math.min(offset + page, count), count };
    }

    get differs() {
        return this.state.report.ledger.some((row) => row.difference || row.difference_currency);
    }

    money(amount, currencyId = this.state.report.currency_id) {
        return formatMonetary(amount, { currencyId });
    }

    amount(amount) {
        return amount ? formatMonetary(amount, { noSymbol: true, ...this.currency }) : "";
    }

    get currency() {
        return { currencyId: this.state.report.currency_id };
    }

    percent(share) {
        return `${formatFloat(100 * share, { digits: [16, 1] })} %`;
    }

    day(date) {
        return date ? formatDate(deserializeDate(date)) : "";
    }

    // ------------------------------------------------------------------------
    // What may be done
    // ------------------------------------------------------------------------

    onDate(date) {
        this.set({ date: date ? serializeDate(date) : false });
    }

    /** Of the other side, without what it has not. */
    turnTo(side) {
        const payable = side === "payable";
        const values = { payable, account_ids: [] };
        if (payable) {
            Object.assign(values, { user_ids: [], team_ids: [], customer_type_ids: [] });
            if (OF_CUSTOMERS.has(this.state.options.groupby)) {
                values.groupby = "partner_id";
            }
        }
        return this.set(values);
    }

    turn(direction) {
        const { page } = this.state.report;
        const { offset } = this.state.options;
        return this.set({ offset: offset + direction * page });
    }

    get hasStatements() {
        return !this.state.options.payable && Boolean(this.state.report.count);
    }

    get hasTicks() {
        return this.isByCustomer && this.hasStatements;
    }

    tick(row, isTicked) {
        const others = this.state.ticked.filter((id) => id !== row.id);
        this.state.ticked = isTicked ? [...others, row.id] : others;
    }

    tickAll(isTicked) {
        const ids = this.state.report.rows.map((row) => row.id).filter(Boolean);
        this.state.ticked = isTicked ? ids : [];
    }

    async makeStatements() {
        const { options, ticked } = this.state;
        this.action.doAction(
            await this.orm.call(REPORT, "get_statement_action", [options, ticked]),
        );
    }

    async open(row) {
        const { options } = this.state;
        const action = await this.orm.call(REPORT, "get_drill_down", [options, row.id]);
        this.action.doAction({ ...action, name: `${row.name}: ${action.name}` });
    }

    print(output, details = false) {
        const data = {
            options: { ...this.state.options, details },
            context: user.context,
        };
        return download({
            url: `/crm_custom/ageing/${output}`,
            data: { data: JSON.stringify(data) },
        });
    }
}

registry.category("actions").add("crm_custom.ageing", Ageing);
