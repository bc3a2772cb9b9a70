import { Component, onMounted, onWillUnmount } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SECONDS = 3;

/** How far a statement run is; looks again while something is on its way. */
export class StatementProgress extends Component {
    static template = "crm_custom.StatementProgress";
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.refresh(), 1000 * SECONDS);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get data() {
        return this.props.record.data;
    }

    get text() {
        return _t(
            "%(count)s customers: %(sent)s sent, %(queued)s in the outbox, %(failed)s failed, %(pending)s to send",
            {
                count: this.data.line_count,
                sent: this.data.sent_count,
                queued: this.data.queued_count,
                failed: this.data.failed_count,
                pending: this.data.pending_count,
            },
        );
    }

    percent(count) {
        return this.data.line_count ? (100 * count) / this.data.line_count : 0;
    }

    async refresh() {
        const isBusy = this.data.state === "running" || this.data.queued_count;
        if (isBusy && !(await this.props.record.isDirty())) {
            await this.props.record.load();
        }
    }
}

registry.category("view_widgets").add("crm_custom_statement_progress", {
    component: StatementProgress,
});
