import { registry } from "@web/core/registry";
import { MonetaryField, monetaryField } from "@web/views/fields/monetary/monetary_field";

/** An amount of money, or, without a currency, a number that is counted. */
export class TargetAmountField extends MonetaryField {
    get currencyDigits() {
        return this.currency ? super.currencyDigits : [16, 0];
    }
}

registry.category("fields").add("crm_target_amount", {
    ...monetaryField,
    component: TargetAmountField,
});
