import { parseArgs } from "node:util";
import { nearestName } from "../nearest";

const LANGUAGES = ["typescript", "yaml"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What `generate` is asked to do. */
export interface GenerateOptions {
  /** Names or ids of datasets and folders; empty: the whole tenant. */
  datasets: string[];
  /** Folder of the project. */
  out: string;
  /** Print the program and write nothing. */
  isDryRun: boolean;
  /** Undefined: that of the program in `out`, else TypeScript. */
  language?: Language;
  /** Folder with the files that the tables hold. */
  data?: string;
}

/** The user's to correct. The message is one sentence, and below it one option a line. */
export class GenerateError extends Error {
  override name = "GenerateError";

  /** @param options - what to do instead, each one line. */
  constructor(
    sentence: string,
    options: readonly string[] = [],
    readonly exitCode: 1 | 2 = 1,
  ) {
    super([sentence, ...options.map((option) => `  - ${option}`)].join("\n"));
  }
}

const DEFAULT_OUT = "processmind";

export const HELP = `Usage: pulumi-processmind generate [options]

Writes a Pulumi program for what a ProcessMind tenant has: its folders, datasets and datatables. Each is adopted by its
id, so that the first \`pulumi up\` changes nothing in ProcessMind. The command sends GET requests only.

  --out <folder>       the project's folder (default: ${DEFAULT_OUT}); an existing program is not changed: the command
                       prints what it lacks
  --dataset <name>     only this dataset, or all in this folder; a name or an id; may be repeated
  --language <name>    typescript (default) or yaml
  --data <folder>      declares an upload for each file that matches a datatable by name and columns
  --dry-run            print the program and write nothing
  --help  --version

The environment variables PROCESSMIND_API_KEY and PROCESSMIND_TENANT_ID set the key and the tenant.

Exit codes: 0 written or printed; 1 failed; 2 wrong options.
`;

const OPTIONS = {
  dataset: { type: "string", multiple: true },
  out: { type: "string" },
  "dry-run": { type: "boolean" },
  language: { type: "string" },
  data: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/** @throws GenerateError with exit code 2 when the command line cannot be meant so. */
export function optionsFrom(args: string[]): GenerateOptions | "help" | "version" {
  const { values, positionals } = parsed(args);
  if (values.help) return "help";
  if (values.version) return "version";
  requireCommand(positionals);
  for (const [name, value] of Object.entries(values)) {
    if ([value].flat().includes("")) throw usage(`--${name} is empty`);
  }
  const { dataset = [], out = DEFAULT_OUT, language, data } = values;
  return {
    datasets: dataset,
    out,
    isDryRun: values["dry-run"] ?? false,
    ...(language !== undefined && { language: languageFrom(language) }),
    ...(data !== undefined && { data }),
  };
}

function requireCommand([command, unexpected]: string[]): void {
  if (command === undefined) throw usage("no command is set; the only one is generate");
  if (command !== "generate") throw usage(`unknown command "${command}"${meant(command, ["generate"])}`);
  if (unexpected !== undefined) throw usage(`unexpected argument "${unexpected}"`);
}

function languageFrom(text: string): Language {
  const language = LANGUAGES.find((known) => known === text);
  if (language !== undefined) return language;
  throw usage(`--language is "${text}"${meant(text, LANGUAGES) || `, expected ${LANGUAGES.join(" or ")}`}`);
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS")) throw error;
    const [, name] = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? (/'--?([^'=]*)/.exec(message) ?? []) : [];
    if (name !== undefined) throw usage(`unknown option --${name}${meant(name, Object.keys(OPTIONS), "--")}`);
    // Node's explanations after the first sentence are about its own parser.
    throw usage((message.split(/\.\s|\n/)[0] as string).replace(/\.$/, ""));
  }
}

function meant(typed: string, names: readonly string[], prefix = ""): string {
  const near = nearestName(typed, names);
  return near === undefined ? "" : `; did you mean ${prefix}${near}?`;
}

function usage(what: string): GenerateError {
  return new GenerateError(`${what.replace(/\?$/, "")}${what.endsWith("?") ? "?" : "."} See --help.`, [], 2);
}
