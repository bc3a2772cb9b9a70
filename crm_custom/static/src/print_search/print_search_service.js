import { reactive } from "@odoo/owl";

import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { PrintSearchProgress } from "./print_search_progress";

const NOTIFICATION = "crm_custom.print_search";

/**
 * Asks the server for a printed search and shows how far it is. Several may run at
 * once; the user goes on working meanwhile.
 */
export const printSearchService = {
    dependencies: ["bus_service"],

    start(env, { bus_service: bus }) {
        const jobs = reactive([]);
        let lastId = 0;

        registry.category("main_components").add("crm_custom.PrintSearchProgress", {
            Component: PrintSearchProgress,
            props: { jobs },
        });

        bus.subscribe(NOTIFICATION, ({ token, phase, done, total }) => {
            const job = jobs.find((candidate) => candidate.token === token);
            if (job) {
                Object.assign(job, { phase, done, total });
            }
        });

        return {
            /**
             * @param {"pdf"|"xlsx"} output
             * @param {Object} search what `PrintSearchRequest` of the server reads
             * @returns {Promise<string>} name of the file that was saved
             */
            async print(output, search) {
                // the notifications go to all tabs of the user
                const token = `${Date.now()}-${Math.random().toString(36).slice(2)}-${++lastId}`;
                const job = { token, output, title: search.title, phase: "start" };
                jobs.push(Object.assign(job, { done: 0, total: 0 }));
                try {
                    return await download({
                        url: `/crm_custom/print_search/${output}`,
                        data: { data: JSON.stringify({ ...search, token }) },
                    });
                } finally {
                    const index = jobs.findIndex((candidate) => candidate.token === token);
                    jobs.splice(index, 1);
                }
            },
        };
    },
};

registry.category("services").add("crm_custom.print_search", printSearchService);
