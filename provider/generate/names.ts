import { createHash } from "node:crypto";

/**
 * Names of resources and variables, made of the names in ProcessMind. A name depends on its own object and on older ones
 * with the same name only, so that another object in the tenant renames none.
 */

/** Widest name that is made of a display name alone, in columns of a terminal. */
const WIDEST_NAME = 36;
/** Of those, at most this many for the dataset in the name of a table. */
const WIDEST_PREFIX = 18;
/** As many digits of an id tell objects of one name apart; more where even these are equal. */
const ID_LENGTHS = [8, 16, 32, Number.POSITIVE_INFINITY];

/** What a declared object is called in a program. */
export interface Name {
  /** Of the resource in the stack, such as `sales-orders`. */
  resource: string;
  /** Of the constant in TypeScript, such as `salesOrders`. */
  variable: string;
}

export type Noun = "dataset" | "folder" | "table";

/** The words of a name in lower case, joined by hyphens; in any script, without accents on Latin letters. */
export function slugOf(text: string): string {
  return text
    .replace(/(\p{Ll}|\p{Nd})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .normalize("NFKD")
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, "$1")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .split(/[^\p{ID_Continue}]+|[_·]+/u)
    .filter((word) => word !== "")
    .join("-");
}

/** The name that an object would have if no other had it. */
export function naturalName(noun: Noun, id: string, displayName: string | undefined): string {
  return cut(slugOf(displayName ?? ""), WIDEST_NAME) || `${noun}-${digitsOf(id, 8)}`;
}

/** As {@link naturalName}, for a table: with its dataset in front, since many datasets have a table of the same name. */
export function naturalTableName(id: string, displayName: string | undefined, dataset: string | undefined): string {
  const own = slugOf(displayName ?? "") || `table-${digitsOf(id, 8)}`;
  if (dataset === undefined || own.startsWith(`${dataset}-`)) return cut(own, WIDEST_NAME);
  return cut(`${cut(dataset, WIDEST_PREFIX)}-${own}`, WIDEST_NAME);
}

/** Gives out names, each once. */
export class Names {
  /** In YAML, `${pulumi.cwd}` and others are Pulumi's own. */
  private readonly taken = new Set<string>(["pulumi"]);

  /** @param taken - names of resources and variables that are in use already. */
  constructor(taken: Iterable<string> = []) {
    for (const name of taken) this.taken.add(keyOf(name));
  }

  /** The natural name, or where that is taken, the same with digits of the id. */
  take(natural: string, noun: Noun, id: string): Name {
    // In YAML the upload of a table `orders` is called `orders-upload`.
    const plain = natural.endsWith("-upload") ? [] : [natural];
    const candidates = [...plain, ...ID_LENGTHS.map((length) => `${natural}-${digitsOf(id, length)}`)];
    for (const resource of candidates) {
      const name = { resource, variable: variableOf(resource, noun) };
      if ([resource, name.variable].some((text) => this.taken.has(keyOf(text)))) continue;
      this.taken.add(keyOf(resource)).add(keyOf(name.variable));
      return name;
    }
    throw new Error(`two objects have the id ${JSON.stringify(id)}`);
  }
}

/** Names that differ in case or hyphens alone would be read as one. */
function keyOf(name: string): string {
  return name.replaceAll("-", "").toLowerCase();
}

function variableOf(resource: string, noun: string): string {
  const [first = "", ...others] = resource.split("-");
  const name = first + others.map(capitalized).join("");
  if (!/^\p{ID_Start}/u.test(name)) return noun + capitalized(name);
  return RESERVED.has(name) ? name + capitalized(noun) : name;
}

function capitalized(word: string): string {
  const [first = ""] = word;
  return first.toUpperCase() + word.slice(first.length);
}

/** Digits and letters of an id; where an id has other characters, or too few, of its hash. */
function digitsOf(id: string, length: number): string {
  const plain = id.toLowerCase().replaceAll("-", "");
  const isPlain = /^[0-9a-f]{32}$/.test(plain);
  return (isPlain ? plain : createHash("sha256").update(id).digest("hex")).slice(0, length);
}

/** As many whole words as fit, or the beginning of the first. */
function cut(slug: string, widest: number): string {
  if (widthOf(slug) <= widest) return slug;
  let fitting = "";
  for (const word of slug.split("-")) {
    const longer = fitting === "" ? word : `${fitting}-${word}`;
    if (widthOf(longer) > widest) break;
    fitting = longer;
  }
  if (fitting !== "") return fitting;
  for (const character of slug) {
    if (widthOf(fitting + character) > widest) break;
    fitting += character;
  }
  return fitting;
}

/** Columns that a text takes at most: some scripts take two for each character. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character <= "~" ? 1 : 2), 0);
}

/** What cannot be a variable of a program, or would hide something that one expects there. */
const RESERVED = new Set(
  (
    "arguments await break case catch class const constructor continue debugger default delete do else enum escape eval " +
    "export exports extends false finally for function global globalThis hasOwnProperty if implements import in " +
    "instanceof interface isFinite isNaN isPrototypeOf let module new null package parseFloat parseInt private process " +
    "propertyIsEnumerable protected public require return static super switch this throw toLocaleString toString " +
    "true try typeof undefined unescape valueOf var void while with yield console"
  ).split(" "),
);
