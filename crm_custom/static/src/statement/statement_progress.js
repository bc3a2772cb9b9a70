import { Component, onMounted, onWillUnmount } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SECONDS = 3;

/** How far a run of statements or reminders is; looks again while something is on its way. */
export class StatementProgress extends Component {
    static template = "crm_custom.StatementProgress";
    static props = {
        ...standardWidgetProps,
        // e-mails are sent; of a run with letters and calls they are made
        byAnyWay: { type: Boolean, optional: true },
    };

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
        const counts = {
            count: this.data.line_count,
            sent: this.data.sent_count,
            queued: this.data.queued_count,
            failed: this.data.failed_count,
            pending: this.data.pending_count,
        };
        return this.props.byAnyWay
            ? _t(
                  "%(count)s customers: %(sent)s made, %(queued)s in the outbox, %(failed)s failed, %(pending)s to make",
                  counts,
              )
            : _t(
                  "%(count)s customers: %(sent)s sent, %(queued)s in the outbox, %(failed)s failed, %(pending)s to send",
                  counts,
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
    extractProps: ({ options }) => ({ byAnyWay: options.by_any_way }),
});
