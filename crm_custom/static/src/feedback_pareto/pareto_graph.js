import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/**
 * A bar chart that also says which share of the whole the bars so far have: sorted
 * downwards, the few causes behind most of the cases stand on the left.
 */
class ParetoModel extends GraphModel {
    _getLineOverlayDataset() {
        const { datasets } = this.data;
        const total = this.dataPoints.reduce((sum, point) => sum + point.value, 0);
        if (!datasets.length || total <= 0) {
            return null;
        }
        let soFar = 0;
        const data = datasets[0].data.map((_value, index) => {
            for (const dataset of datasets) {
                soFar += dataset.data[index] || 0;
            }
            return Math.round((1000 * soFar) / total) / 10;
        });
        return {
            label: _t("Cumulated share (%)"),
            data,
            currencyIds: [],
            trueLabels: datasets[0].trueLabels,
            yAxisID: "share",
        };
    }
}

class ParetoRenderer extends GraphRenderer {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (this.model.metaData.mode === "bar") {
            scales.share = {
                type: "linear",
                position: "right",
                min: 0,
                max: 100,
                title: { display: true, text: _t("Cumulated share (%)") },
                ticks: { color: scales.y.ticks.color },
                grid: { display: false },
                border: { display: false },
            };
        }
        return scales;
    }
}

registry.category("views").add("crm_pareto_graph", {
    ...graphView,
    Model: ParetoModel,
    Renderer: ParetoRenderer,
});
