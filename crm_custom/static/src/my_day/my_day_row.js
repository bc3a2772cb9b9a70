import { Component } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** One line: who, what, when, the phone, and the action that settles it. */
export class MyDayRow extends Component {
    static template = "crm_custom.MyDayRow";
    static components = { Dropdown, DropdownItem };
    static props = {
        row: Object,
        source: Object,
        today: String,
        isOthers: Boolean,
        isBusy: Boolean,
        run: Function,
        openCustomer: Function,
    };

    get primary() {
        return this.props.source.actions[0];
    }

    get others() {
        return this.props.source.actions.slice(1);
    }

    get daysLate() {
        const { row, today } = this.props;
        return DateTime.fromISO(today).diff(DateTime.fromISO(row.day), "days").days;
    }

    get isLate() {
        return this.daysLate > 0;
    }

    get when() {
        const { row } = this.props;
        const late = this.daysLate;
        if (late === 1) {
            return _t("Yesterday");
        }
        if (late > 1) {
            return _t("%s days late", late);
        }
        const time = row.moment
            ? deserializeDateTime(row.moment).toLocaleString(DateTime.TIME_SIMPLE)
            : "";
        if (late === 0) {
            return time || _t("Today");
        }
        const day =
            late === -1
                ? _t("Tomorrow")
                : DateTime.fromISO(row.day).toLocaleString({ weekday: "long" });
        return time ? `${day} ${time}` : day;
    }

    get fullDate() {
        return formatDate(DateTime.fromISO(this.props.row.day));
    }

    get telephone() {
        return `tel:${this.props.row.phone.replace(/[^\d+]/g, "")}`;
    }

    run(action) {
        const { row, source } = this.props;
        return this.props.run({ source: source.key, row, action });
    }

    onKeydown(ev) {
        if (ev.key === "Enter" && ev.target === ev.currentTarget) {
            ev.preventDefault();
            this.run(this.primary.key);
        }
    }
}
