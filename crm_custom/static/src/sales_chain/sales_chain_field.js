import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The steps of a sale, from the quotation to the payment; each opens its documents. */
export class SalesChainField extends Component {
    static template = "crm_custom.SalesChainField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    async open(step) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, step.action, [[resId]]);
        if (action) {
            await this.action.doAction(action);
        }
    }
}

registry.category("fields").add("crm_sales_chain", {
    component: SalesChainField,
    supportedTypes: ["json", "jsonb"],
    isEmpty: () => false,
});
