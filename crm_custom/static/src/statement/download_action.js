import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";

/**
 * Fetch a file that a button asks for, in place of the form that asked.
 * `params`: `url`, and `data` that goes there as JSON.
 */
async function downloadAction(env, { params }) {
    env.services.ui.block();
    try {
        await download({ url: params.url, data: { data: JSON.stringify(params.data) } });
    } finally {
        env.services.ui.unblock();
    }
    return { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("crm_custom.download", downloadAction);
