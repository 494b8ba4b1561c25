import type { Declaration, Reference } from "./declarations";

/** Writes declarations as resources of a program in YAML, which the plugin runs. */

/** The entries of `resources`, each with its own lines. */
export function yamlResources(declared: readonly Declaration[]): string[] {
  return declared.map(({ kind, name, notes, readId, properties }) => {
    const comments = notes.map((note) => `  # ${note}\n`).join("");
    const head = `${comments}  ${key(yamlKey(kind, name.resource))}:\n    type: processmind:${kind}\n`;
    if (readId !== undefined) return `${head}    get:\n      id: ${quote(readId)}\n`;
    const lines = properties.map((each) => `      ${each.key}: ${expression(each.value)}\n`);
    return `${head}    properties:\n${lines.join("")}`;
  });
}

/** Resources of all types share their names there. No other name ends so, see `Names`. */
function yamlKey(kind: string, resource: string): string {
  return kind === "DatatableUpload" ? `${resource}-upload` : resource;
}

function expression(value: string | Reference): string {
  return typeof value === "string" ? quote(value.replaceAll("$", "$$$$")) : `\${${value.idOf.resource}.id}`;
}

/** Words that a reader of YAML may take for something else than text. */
const NOT_TEXT = /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$|^[^a-z]|^0/i;

function key(name: string): string {
  return NOT_TEXT.test(name) ? quote(name) : name;
}

/** In double quotes, as in JSON; what cannot be seen is escaped. */
function quote(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`;
  });
}
