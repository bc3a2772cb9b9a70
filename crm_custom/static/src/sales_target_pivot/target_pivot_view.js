import { registry } from "@web/core/registry";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { formatTargetAmount } from "../sales_target/target_amount_field";

/** Odoo's, which knows money alone: what is counted is a whole number. */
export class TargetPivotRenderer extends PivotRenderer {
    getFormattedValue(cell) {
        const { type } = this.model.metaData.measures[cell.measure];
        if (type === "monetary" && !cell.currencyIds?.some(Boolean)) {
            return { value: formatTargetAmount(cell.value) };
        }
        return super.getFormattedValue(cell);
    }
}

registry.category("views").add("crm_target_pivot", {
    ...pivotView,
    Renderer: TargetPivotRenderer,
});
