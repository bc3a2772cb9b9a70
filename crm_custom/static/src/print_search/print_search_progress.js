import { Component, useState } from "@odoo/owl";

import { formatInteger } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";

/** A small note for each list that is being printed; it blocks nothing. */
export class PrintSearchProgress extends Component {
    static template = "crm_custom.PrintSearchProgress";
    static props = { jobs: Array };

    setup() {
        this.jobs = useState(this.props.jobs);
    }

    getText(job) {
        if (job.phase === "layout") {
            return _t("Laying out pages…");
        }
        if (!job.total) {
            return _t("Searching…");
        }
        return _t("%(done)s of %(total)s rows", {
            done: formatInteger(job.done),
            total: formatInteger(job.total),
        });
    }

    getPercent(job) {
        return job.total ? Math.round((100 * job.done) / job.total) : 0;
    }
}
