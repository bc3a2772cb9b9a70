import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Who the record may be, as it is typed: nothing at all while nobody is alike. */
export class DuplicateHintsField extends Component {
    static template = "crm_custom.DuplicateHintsField";
    static props = { ...standardFieldProps };

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    get isRefused() {
        return this.props.record.data.crm_duplicate_is_refused;
    }

    /** @param {string} salesperson his name, or nothing */
    askText(salesperson) {
        return salesperson
            ? _t("A customer whom you cannot see may be the same. Ask %s.", salesperson)
            : _t("A customer whom you cannot see may be the same. Ask your sales manager.");
    }
}

registry.category("fields").add("crm_duplicate_hints", {
    component: DuplicateHintsField,
    supportedTypes: ["json", "jsonb"],
    fieldDependencies: [{ name: "crm_duplicate_is_refused", type: "boolean", readonly: true }],
    isEmpty: () => false,
});
