import { Component } from "@odoo/owl";

const SHOWN_REASONS = 10;

/** What an import did not take, why, and the file to correct it in. */
export class RefusedRows extends Component {
    static template = "crm_custom.RefusedRows";
    static props = {
        run: Object,
        isDone: Boolean,
        openRecords: Function,
    };

    get reasons() {
        return this.props.run.refused.slice(0, SHOWN_REASONS).map(([, , reason]) => reason);
    }

    get hiddenCount() {
        return Math.max(this.props.run.refused.length - SHOWN_REASONS, 0);
    }
}
