import { registry } from "@web/core/registry";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
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

/** The same of several: false where money and counts would be added up. */
export function formatTargetAmount(value, options = {}) {
    if (value === false || options.currencyId) {
        return formatMonetary(value, options);
    }
    return formatFloat(value, { ...options, digits: [16, 0] });
}

registry.category("formatters").add("crm_target_amount", formatTargetAmount);
