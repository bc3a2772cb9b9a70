import { Component } from "@odoo/owl";

import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { pick } from "@web/core/utils/objects";
import { STATIC_ACTIONS_GROUP_NUMBER } from "@web/search/action_menus/action_menus";
import { orderByToString } from "@web/search/utils/order_by";

const CONTEXT_KEYS = ["lang", "tz", "allowed_company_ids", "active_test"];

/** What the rows depend on: Odoo's keys, and our own, of which the model takes what it knows. */
function getContext(context) {
    const own = Object.keys(context).filter((key) => key.startsWith("crm_"));
    return pick(context, ...CONTEXT_KEYS, ...own);
}

/** What the search panel adds to the search, in the shape of facets. */
function getPanelFacets(searchModel) {
    const facets = [];
    for (const section of searchModel.getSections()) {
        let values;
        if (section.type === "category") {
            const value = section.activeValueId && section.values.get(section.activeValueId);
            values = value ? [value.display_name] : [];
        } else {
            const groups = section.groups ? [...section.groups.values()] : [section];
            const all = groups.flatMap((group) => [...group.values.values()]);
            values = all.filter((value) => value.checked).map((value) => value.display_name);
        }
        if (values.length) {
            facets.push({ title: section.description, values, separator: "," });
        }
    }
    return facets;
}

/**
 * The search of the screen as the server's `PrintSearchRequest` takes it.
 *
 * @param {Object} env of a list or kanban view
 */
export function getSearch({ config, model, searchModel }) {
    const { root } = model;
    const sorted = root.orderBy.map(({ name }) => name);
    const facetsOf = (isGrouping) =>
        searchModel.facets.filter(({ type }) => (type === "groupBy") === isGrouping);
    return {
        model: root.resModel,
        view: searchModel.context.crm_print_view,
        title: config.getDisplayName(),
        domain: root.domain,
        groupby: root.groupBy,
        // as the screen names them; none where a view groups by itself
        grouping: facetsOf(true).flatMap(({ values }) => values),
        order: orderByToString(root.orderBy),
        // the screen sorts groups by the totals that it shows, no others
        aggregated: sorted.filter((name) => root.config.fieldsToAggregate.includes(name)),
        context: getContext(root.context),
        facets: facetsOf(false)
            .map(({ title, values, separator }) => ({ title, values, separator }))
            .concat(getPanelFacets(searchModel)),
    };
}

class PrintSearchItem extends Component {
    static template = "crm_custom.PrintSearchItem";
    static components = { DropdownItem };
    static props = {};

    setup() {
        this.printSearch = useService("crm_custom.print_search");
    }

    onSelected() {
        // not awaited: the menu closes, and an error is shown as any other
        this.printSearch.print(this.constructor.output, getSearch(this.env));
    }
}

export class PrintSearchPdf extends PrintSearchItem {
    static output = "pdf";
}

export class PrintSearchXlsx extends PrintSearchItem {
    static output = "xlsx";
}

/** A view offers to print when its action names the list view made for paper. */
function hasPrintView({ config, model, searchModel }) {
    return Boolean(
        ["list", "kanban"].includes(config.viewType) &&
        model?.root &&
        searchModel.context.crm_print_view,
    );
}

const cogMenuRegistry = registry.category("cogMenu");

cogMenuRegistry.add(
    "crm_custom.print_search_pdf",
    {
        Component: PrintSearchPdf,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: hasPrintView,
    },
    { sequence: 11 },
);

cogMenuRegistry.add(
    "crm_custom.print_search_xlsx",
    {
        Component: PrintSearchXlsx,
        groupNumber: STATIC_ACTIONS_GROUP_NUMBER,
        isDisplayed: async (env) =>
            hasPrintView(env) && (await user.hasGroup("base.group_allow_export")),
    },
    { sequence: 12 },
);
