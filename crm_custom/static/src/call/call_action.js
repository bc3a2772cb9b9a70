import { registry } from "@web/core/registry";

const CUSTOMERS = "crm_custom.res_partner_customer_action";

/**
 * What the page of an incoming call leads to: the customer, and on top of him the contact
 * to be logged; or the form of a new customer. Nothing is saved but by the user.
 *
 * @param {Object} action `params`: customer_id, contact_id, number; as in the address
 */
export async function showCaller(env, { params }) {
    const { customer_id: customerId, contact_id: contactId, number } = params;
    const options = { viewType: "form", clearBreadcrumbs: true };
    if (!customerId) {
        const additionalContext = { default_phone: `${number || ""}` };
        await env.services.action.doAction(CUSTOMERS, { ...options, additionalContext });
        return;
    }
    await env.services.action.doAction(CUSTOMERS, { ...options, props: { resId: customerId } });
    await env.services.action.doAction("crm_custom.crm_interaction_action_log", {
        additionalContext: {
            default_partner_id: customerId,
            default_contact_id: contactId || false,
            default_direction: "in",
        },
    });
}

registry.category("actions").add("crm_custom.call", showCaller);
