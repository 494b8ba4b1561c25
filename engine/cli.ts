import { parseArgs } from "node:util";
import { Refusal } from "./state/refusal";

type Kind = "boolean" | "string";
interface Flag {
  type: Kind;
  short?: string;
  /** For `help`. */
  value?: string;
  about: string;
}

/** Every flag, by its long name. */
export const FLAGS = {
  cwd: { type: "string", short: "C", value: "DIR", about: "Run as if started in this folder" },
  stack: { type: "string", short: "s", value: "NAME", about: "The stack (default: $PULUMI_STACK, else dev)" },
  "state-dir": { type: "string", value: "DIR", about: "Where states are kept (default: <project>/.pulumi-offline)" },
  "non-interactive": { type: "boolean", about: "Never ask, even on a terminal" },
  json: { type: "boolean", about: "Print JSON" },
  diff: { type: "boolean", about: "Show what differs, property by property" },
  yes: { type: "boolean", short: "y", about: "Do it without asking" },
  "skip-preview": { type: "boolean", short: "f", about: "Do it without a preview and without asking" },
  refresh: { type: "boolean", short: "r", about: "First read what is really there" },
  "expect-no-changes": { type: "boolean", about: "Fail when anything changed or would change" },
  parallel: { type: "string", short: "p", value: "N", about: "Operations at the same time (default: 16)" },
  "show-sames": { type: "boolean", about: "Show unchanged resources too" },
  "preview-only": { type: "boolean", about: "Show what would be done, and stop" },
  "show-secrets": { type: "boolean", about: "Print secrets in plain text" },
  secret: { type: "boolean", about: "Encrypt the value" },
  plaintext: { type: "boolean", about: "Keep the value readable (the default)" },
  file: { type: "string", value: "FILE", about: "The file to read or to write instead of the standard streams" },
  force: { type: "boolean", about: "Remove the stack although it still has resources" },
  help: { type: "boolean", short: "h", about: "Show this text" },
  version: { type: "boolean", about: "Print the version" },
} as const satisfies { [name: string]: Flag };

export type FlagName = keyof typeof FLAGS;
export type FlagValues = { [name in FlagName]?: (typeof FLAGS)[name]["type"] extends "boolean" ? boolean : string };

interface Command {
  /** Positional arguments, for `help`. */
  usage: string;
  about: string;
  flags: readonly FlagName[];
  positionals: readonly [least: number, most: number];
}

/** Flags every command takes. */
export const COMMON: readonly FlagName[] = ["cwd", "stack", "state-dir", "non-interactive", "help", "version"];
const RUN = ["json", "diff", "show-sames", "refresh", "expect-no-changes", "parallel"] as const;
const CHANGE = [...RUN, "yes", "skip-preview"] as const;

/** Every command, by its words. */
export const COMMANDS = {
  preview: { usage: "", about: "Show what an update would do", flags: RUN, positionals: [0, 0] },
  up: { usage: "", about: "Create, update and delete what the program asks for", flags: CHANGE, positionals: [0, 0] },
  refresh: {
    usage: "",
    about: "Bring the state in line with what is really there",
    flags: [...CHANGE, "preview-only"],
    positionals: [0, 0],
  },
  destroy: {
    usage: "",
    about: "Delete everything in the stack",
    flags: [...CHANGE, "preview-only"],
    positionals: [0, 0],
  },
  "stack init": { usage: "[name]", about: "Create an empty stack", flags: [], positionals: [0, 1] },
  "stack ls": { usage: "", about: "List the project's stacks", flags: ["json"], positionals: [0, 0] },
  "stack rm": { usage: "[name]", about: "Remove a stack's state", flags: ["yes", "force"], positionals: [0, 1] },
  "stack output": {
    usage: "[output]",
    about: "Print the stack's outputs, or one",
    flags: ["json", "show-secrets"],
    positionals: [0, 1],
  },
  "stack export": {
    usage: "",
    about: "Print the state in Pulumi's form",
    flags: ["file", "show-secrets"],
    positionals: [0, 0],
  },
  "stack import": { usage: "", about: "Replace the state by an exported one", flags: ["file"], positionals: [0, 0] },
  config: { usage: "", about: "List the stack's configuration", flags: ["json", "show-secrets"], positionals: [0, 0] },
  "config get": { usage: "<key>", about: "Print one value", flags: ["json"], positionals: [1, 1] },
  "config set": {
    usage: "<key> [value]",
    about: "Set a value; without one it is read from standard input",
    flags: ["secret", "plaintext"],
    positionals: [1, 2],
  },
  "config rm": { usage: "<key>", about: "Remove a value", flags: [], positionals: [1, 1] },
  help: { usage: "", about: "Show this text", flags: [], positionals: [0, 2] },
} as const satisfies { [words: string]: Command };

type CommandName = keyof typeof COMMANDS;

/** A command line that was understood. */
export interface CommandLine {
  command: CommandName;
  flags: FlagValues;
  /** What follows the command's words. */
  positionals: string[];
}

/** Understands a command line, or refuses it with a {@link Refusal} that names the nearest right word. */
export function parseCommandLine(argv: string[]): CommandLine {
  const { flags, words } = readFlags(argv);
  if (flags.version || words.length === 0) return { command: "help", flags, positionals: [] };
  if (flags.help)
    return { command: "help", flags, positionals: isGroup(words) ? words : findCommand(words)[0].split(" ") };
  const [command, rest] = findCommand(words);
  const known: Command = COMMANDS[command];
  const foreign = (Object.keys(flags) as FlagName[]).find(
    (name) => !known.flags.includes(name) && !COMMON.includes(name),
  );
  if (foreign) {
    const near = nearest(foreign, [...known.flags, ...COMMON]);
    throw new Refusal(`"${command}" takes no flag --${foreign}${near ? `; did you mean --${near}?` : ""}`);
  }
  const [least, most] = known.positionals;
  if (rest.length < least) throw new Refusal(`usage: pulumi-offline ${command} ${known.usage}`);
  if (rest.length > most) throw new Refusal(`unexpected argument "${rest[most]}" after "${command}"`);
  if (command === "help" && rest.length > 0 && !isGroup(rest)) {
    const [asked, [unexpected]] = findCommand(rest);
    if (unexpected !== undefined) throw new Refusal(`unexpected argument "${unexpected}" after "${asked}"`);
  }
  return { command, flags, positionals: rest };
}

function readFlags(argv: string[]): { flags: FlagValues; words: string[] } {
  try {
    const { values, positionals } = parseArgs({ args: argv, options: FLAGS, allowPositionals: true, strict: true });
    return { flags: { ...values }, words: positionals };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!code?.startsWith("ERR_PARSE_ARGS")) throw error;
    const unknown = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? /'(-[^']*)'/.exec(message)?.[1] : undefined;
    if (!unknown) throw new Refusal(message);
    const near = nearest(unknown.replace(/^-+/, ""), Object.keys(FLAGS));
    throw new Refusal(`unknown flag: ${unknown}${near ? `; did you mean --${near}?` : ""}`);
  }
}

function findCommand(words: string[]): [CommandName, string[]] {
  for (const length of [2, 1]) {
    const name = words.slice(0, length).join(" ");
    if (words.length >= length && isCommand(name)) return [name, words.slice(length)];
  }
  const tried = words.slice(0, words[0] === "stack" || words[0] === "config" ? 2 : 1).join(" ");
  const near = nearest(tried, Object.keys(COMMANDS));
  throw new Refusal(
    `unknown command "${tried}"${near ? `; did you mean "${near}"?` : ""}\n\`pulumi-offline help\` lists the commands`,
  );
}

/** Whether the words begin a command of more words, such as `stack`. */
function isGroup(words: string[]): boolean {
  return Object.keys(COMMANDS).some((name) => name.startsWith(`${words.join(" ")} `));
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** The candidate with the fewest edits, if it is near enough to be meant. */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word, candidate) }))
    .sort((a, b) => a.edits - b.edits);
  return best && best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
