import { ImportAction } from "@base_import/import_action/import_action";
import { makeContext } from "@web/core/context";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";
import { RefusedRows } from "./refused_rows";

patch(ImportAction.components, { RefusedRows });

patch(ImportAction.prototype, {
    async onWillStart() {
        if (!this.props.action.params?.context) {
            // stock loses the context with a reload of the page: customers imported
            // after it would be none
            const action = await this.actionService.currentAction;
            const context = makeContext([action?.context], user.context);
            if (context.crm_customer_form) {
                this.model.context = context;
            }
        }
        return super.onWillStart();
    },

    get crmRun() {
        return this.model.crmRun;
    },

    /**
     * The file is in, but for its refused rows: it must not be imported twice, so the
     * screen goes on with the file of these.
     */
    get crmIsDone() {
        const run = this.crmRun;
        return Boolean(run && !run.isTest && !run.nextrow && run.ids.length && run.refused.length);
    },

    get isPreviewing() {
        return super.isPreviewing && !this.crmIsDone;
    },

    async handleFilesUpload(files) {
        if (files?.length && this.crmIsDone) {
            this.state.isPaused = false;
            this.model.importOptions = { skip: 0, encoding: this.crmRun.file?.encoding || "" };
        }
        if (files?.length) {
            this.model.crmRun = null;
        }
        return super.handleFilesUpload(...arguments);
    },

    openRecords(resIds) {
        // the imported records are a click away, the refused ones would be lost
        if (!this.crmIsDone) {
            super.openRecords(resIds);
        }
    },

    crmOpenRecords() {
        super.openRecords(this.crmRun.ids);
    },
});
