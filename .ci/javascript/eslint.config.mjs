// The scripts of a page are joined into one scope: each may use what the others define at the top.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import path from "node:path";
import js from "@eslint/js";
import globals from "globals";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const scripts = readdirSync(path.join(root, "viz"), { recursive: true })
  .map((file) => path.posix.join("viz", file)).filter((file) => /assets.[^/]+\.js$/.test(file));
// written from the table of operations, and from the losses; what the studio's build adds
const generated = { OPERATIONS: "readonly", BOOK: "readonly", ACTIVATIONS: "readonly", LOSSES: "readonly",
  loadPyodide: "readonly", createPyodideModule: "readonly",
  FILES: "readonly", VERSION: "readonly" };

function defined(file) {
  const text = readFileSync(path.join(root, file), "utf-8");
  const names = [...text.matchAll(/^(?:async )?(function\*?|class|const|let) (\w+)/gm)].map((found) => found.slice(1));
  const unpacked = [...text.matchAll(/^(const|let) [{[]([^=]*)[}\]] =/gm)]
    .flatMap(([, kind, list]) => list.match(/\w+/g).map((name) => [kind, name]));
  const further = [...text.matchAll(/^(let|const) \w+ = .*, \w+ = .*;$/gm)]
    .flatMap(([line, kind]) => [...line.matchAll(/, (\w+) = /g)].map((found) => [kind, found[1]]));
  return [...names, ...unpacked, ...further].map(([kind, name]) => [name, kind === "let" ? "writable" : "readonly"]);
}

const rules = {
  ...js.configs.recommended.rules,
  "no-unused-vars": ["error", { vars: "local", args: "after-used", ignoreRestSiblings: true }],
  "no-control-regex": "off", // a table is searched for them
  "no-loss-of-precision": "off", // constants of published approximations keep all their printed digits
  "no-eval": "error", "no-implied-eval": "error", "no-new-func": "error",
  "eqeqeq": "error", "no-var": "error", // no prefer-const: a script may set what another one declares
};

const pages = scripts.map((file) => ({
  files: [file],
  languageOptions: {
    sourceType: "script",
    ecmaVersion: 2022,
    globals: {
      ...globals.browser,
      ...generated,
      ...Object.fromEntries(scripts.filter((other) => other !== file).flatMap(defined)
        .sort(([, a], [, b]) => a.localeCompare(b))), // of two pages' names the writable one counts
      ...Object.fromEntries(defined(file).map(([name]) => [name, "off"])),
    },
  },
  linterOptions: { reportUnusedDisableDirectives: "error" },
  rules,
}));
// the one script of the documentation stands alone
const site = {
  files: ["docs/_static/*.js"],
  languageOptions: { sourceType: "script", ecmaVersion: 2022, globals: globals.browser },
  rules,
};

export default [...pages, site];
