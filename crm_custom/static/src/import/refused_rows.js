import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

const SHOWN_REASONS = 10;

/** What an import did not take, why, and the file to correct it in. */
export class RefusedRows extends Component {
    static template = "crm_custom.RefusedRows";
    static props = {
        run: Object,
        isDone: Boolean,
        openRecords: Function,
    };

    get title() {
        const { ids, isTest, refused } = this.props.run;
        const counts = { loaded: ids.length, refused: refused.length };
        return isTest
            ? _t("Records that would be imported: %(loaded)s, refused: %(refused)s", counts)
            : _t("Records imported: %(loaded)s, refused: %(refused)s", counts);
    }

    get lines() {
        const { refused } = this.props.run;
        const lines = refused.slice(0, SHOWN_REASONS).map(([, , reason]) => reason);
        if (refused.length > SHOWN_REASONS) {
            const count = refused.length - SHOWN_REASONS;
            lines.push(_t("... and %s more, all of them in the file", count));
        }
        return lines;
    }
}
