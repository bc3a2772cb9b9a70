import { markRaw } from "@odoo/owl";
import { BaseImportModel } from "@base_import/import_model";
import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";

const SHOWN_WARNINGS = 5;

/**
 * A run is one test or import of a file by batches, with "crm_skip_refused_rows": what
 * went in and what was refused. `null` without that option.
 *
 * @typedef {Object} ImportRun
 * @property {boolean} isTest
 * @property {number[]} ids
 * @property {Array[]} refused [first row, last row, reason] of each refused record
 * @property {Object[]} messages errors and warnings of the server
 * @property {string[]} names of the records, by row
 * @property {number} nextrow where an interrupted run goes on, else 0
 * @property {{url: string, name: string, encoding: string}} [file] of refused rows
 */
patch(BaseImportModel.prototype, {
    async init() {
        this.importOptionsValues.crm_skip_refused_rows = { value: false };
        this.crmRun = null;
        this.crmCurrentRun = null;
        return super.init();
    },

    get importOptions() {
        const options = super.importOptions;
        if (!options.crm_skip_refused_rows) {
            // the server gets what stock sends
            delete options.crm_skip_refused_rows;
        }
        return options;
    },

    async executeImport(isTest = false) {
        const run = this._crmStartRun(isTest);
        const result = await super.executeImport(...arguments);
        if (!run) {
            return result;
        }
        // after an error, the batches before it are in: the next run goes on behind them
        run.nextrow = result.res.hasError ? this.importOptions.skip : result.res.nextrow;
        this._crmShowMessages(run);
        try {
            if (run.refused.length) {
                run.file = await this.orm.call("base_import.import", "crm_make_refused_file", [
                    this.id,
                    result.res.fields,
                    this.formattedImportOptions,
                    run.refused,
                ]);
            }
        } finally {
            this.crmRun = run;
        }
        return result;
    },

    async _callImport() {
        const result = await super._callImport(...arguments);
        const run = this.crmCurrentRun;
        if (run && result.crm_refused) {
            run.ids.push(...result.ids);
            run.refused.push(...result.crm_refused);
            run.messages.push(...result.messages);
            for (const { rows } of result.messages) {
                run.names[rows.from] = result.name[rows.from] || "";
            }
            // stock stops at a message, be it a warning
            result.messages = [];
        }
        return result;
    },

    /** @returns {ImportRun|null} a new run, or what an interrupted one has so far */
    _crmStartRun(isTest) {
        const { crm_skip_refused_rows, skip } = this.importOptions;
        const previous = this.crmRun;
        let run = null;
        if (crm_skip_refused_rows) {
            const goesOn = !isTest && skip && previous?.nextrow === skip && !previous.isTest;
            run = goesOn
                ? { ...previous }
                : { isTest, ids: [], refused: [], messages: [], names: [], nextrow: 0 };
            markRaw(run);
        }
        this.crmRun = null;
        this.crmCurrentRun = run;
        return run;
    },

    /** Reasons that belong to a column stand beside it; warnings stand above. */
    _crmShowMessages(run) {
        if (run.refused.length) {
            // stock's "everything seems valid"
            this.importMessages = this.importMessages.filter(({ type }) => type !== "info");
        }
        const errors = run.messages.filter(({ type }) => type === "error");
        // stock calls a record of several rows "multiple rows": name the first one
        const grouped = this._groupErrorsByField(
            errors.map((error) => ({
                ...error,
                rows: { from: error.rows.from, to: error.rows.from },
            })),
        );
        for (const [path, columnErrors] of Object.entries(grouped)) {
            const column = this.columns.find(({ fieldInfo }) => fieldInfo?.fieldPath === path);
            if (column) {
                column.resultNames = run.names;
                column.errors = columnErrors;
            }
        }
        const warnings = new Set(
            run.messages.filter(({ type }) => type === "warning").map(({ message }) => message),
        );
        if (warnings.size) {
            const lines = [...warnings].slice(0, SHOWN_WARNINGS);
            if (warnings.size > SHOWN_WARNINGS) {
                lines.push(_t("... and %s more warnings", warnings.size - SHOWN_WARNINGS));
            }
            this._addMessage("warning", lines);
        }
    },
});
