import { registry } from "@web/core/registry";

const CHATTER = "#chatterRoot:shadow";

function choose(name, type, text) {
    return function () {
        const files = new DataTransfer();
        files.items.add(new File([text], name, { type }));
        this.anchor.files = files.files;
        this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
    };
}

registry.category("web_tour.tours").add("crm_custom_feedback_portal", {
    steps: () => [
        {
            content: "who has no case yet sees where to begin",
            trigger: ".o_portal_index_card a[href='/my/feedback']",
            run: "click",
            expectUnloadPage: true,
        },
        {
            trigger: "a[href='/my/feedback/new']",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: "select[name=type_id]", run: "selectByLabel Defective goods" },
        { trigger: "input[name=subject]", run: "edit One leg is short" },
        { trigger: "textarea[name=description]", run: "edit It wobbles since Monday" },
        {
            content: "what he bought is offered",
            trigger: "select[name=product_0]",
            run: "selectByLabel Goods",
        },
        { trigger: "input[name=quantity_0]", run: "edit 2" },
        {
            trigger: "input[name=files]",
            run: choose("leg.txt", "text/plain", "2 cm too short"),
        },
        {
            trigger: "button[type=submit]:contains(Send)",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "told the number", trigger: ".alert-success:contains(FB)" },
        { trigger: ".o_crm_custom_portal_feedback:contains(Goods)" },
        {
            content: "the file is there",
            trigger: `${CHATTER} .o-mail-Message:contains(leg.txt)`,
        },
        {
            content: "he answers",
            trigger: `${CHATTER} .o-mail-Composer-input`,
            run: "edit Both of them do",
        },
        {
            trigger: `${CHATTER} .o-mail-Composer button:contains(Send):enabled`,
            run: "click",
        },
        { trigger: `${CHATTER} .o-mail-Message[data-persistent]:contains(Both of them do)` },
        { trigger: ".o_crm_custom_close summary", run: "click" },
        { trigger: ".o_crm_custom_close textarea", run: "edit It stands now" },
        {
            trigger: ".o_crm_custom_close button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".badge:contains(Closed)" },
        { trigger: `${CHATTER} .o-mail-Message:contains(It stands now)` },
        { trigger: ".o_crm_custom_reopen summary", run: "click" },
        { trigger: ".o_crm_custom_reopen textarea", run: "edit It wobbles again" },
        {
            trigger: ".o_crm_custom_reopen button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        { trigger: ".badge:contains(In progress)" },
        { trigger: `${CHATTER} .o-mail-Message:contains(It wobbles again)` },
    ],
});
