// The packages live in the work folder, not beside this file.
const { createRequire } = require("node:module");
const path = require("node:path");

const load = createRequire(path.join(process.env.CRM_NODE_FOLDER, "package.json"));
const js = load("@eslint/js");
const globals = load("globals");

module.exports = [
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: "latest",
            sourceType: "module",
            globals: { ...globals.browser, luxon: "readonly" },
        },
        rules: {
            curly: ["error", "all"],
            eqeqeq: ["error", "always"],
            "no-restricted-syntax": ["error", "PrivateIdentifier"],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
            "prefer-template": "error",
        },
    },
];
