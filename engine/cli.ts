import { Command, InvalidArgumentError, Option } from "commander";
import { packageVersion } from "./commands/version";
import type { Output } from "./display";

/** What the flags of a command line say. An absent flag was not passed. */
export interface Flags {
  cwd?: string;
  stack?: string;
  stateDir?: string;
  nonInteractive?: boolean;
  json?: boolean;
  diff?: boolean;
  showSames?: boolean;
  refresh?: boolean;
  expectNoChanges?: boolean;
  parallel?: number;
  yes?: boolean;
  skipPreview?: boolean;
  previewOnly?: boolean;
  showSecrets?: boolean;
  secret?: boolean;
  plaintext?: boolean;
  file?: string;
  force?: boolean;
}

type FlagName = keyof Flags;

/** Operations at the same time, where `--parallel` says nothing. */
export const DEFAULT_PARALLEL = 16;

const OPTIONS: { readonly [flag in FlagName]-?: Option } = {
  cwd: new Option("-C, --cwd <dir>", "run as if started in this folder"),
  stack: new Option("-s, --stack <name>", "the stack (default: $PULUMI_STACK, else dev)"),
  stateDir: new Option("--state-dir <dir>", "where states are kept (default: <project>/.pulumi-offline)"),
  nonInteractive: new Option("--non-interactive", "never ask, even on a terminal"),
  json: new Option("-j, --json", "print JSON"),
  diff: new Option("--diff", "show what differs, property by property"),
  showSames: new Option("--show-sames", "show unchanged resources too"),
  refresh: new Option("-r, --refresh", "read every resource from its provider first"),
  expectNoChanges: new Option("--expect-no-changes", "fail when anything changed or would change"),
  parallel: new Option("-p, --parallel <n>", `operations at the same time (default: ${DEFAULT_PARALLEL})`).argParser(
    wholeNumber,
  ),
  yes: new Option("-y, --yes", "approve without asking"),
  skipPreview: new Option("-f, --skip-preview", "run without a preview and without asking"),
  previewOnly: new Option("--preview-only", "show what would be done, and stop"),
  showSecrets: new Option("--show-secrets", "print secrets in plain text"),
  secret: new Option("--secret", "encrypt the value"),
  plaintext: new Option("--plaintext", "keep the value readable (the default)"),
  file: new Option("--file <file>", "the file to read or to write instead of the standard streams"),
  force: new Option("--force", "remove the stack although it still has resources"),
};

/** Flags that every command takes. */
const COMMON: readonly FlagName[] = ["cwd", "stack", "stateDir", "nonInteractive"];
const RUN: readonly FlagName[] = ["json", "diff", "showSames", "parallel"];
const CHANGE: readonly FlagName[] = [...RUN, "yes", "skipPreview"];

interface CommandSpec {
  /** Its arguments, in commander's form. */
  usage?: string;
  about: string;
  flags: readonly FlagName[];
}

/** Every command, by its words. */
const COMMANDS = {
  preview: { about: "show what an update would do", flags: [...RUN, "refresh", "expectNoChanges"] },
  up: {
    about: "create, update and delete what the program asks for",
    flags: [...CHANGE, "refresh", "expectNoChanges"],
  },
  refresh: {
    about: "update the state from what the providers report",
    flags: [...CHANGE, "expectNoChanges", "previewOnly"],
  },
  destroy: { about: "delete everything in the stack", flags: [...CHANGE, "refresh", "previewOnly"] },
  "stack init": { usage: "[name]", about: "create an empty stack", flags: [] },
  "stack ls": { about: "list the project's stacks", flags: ["json"] },
  "stack rm": { usage: "[name]", about: "remove a stack's state", flags: ["yes", "force"] },
  "stack output": { usage: "[output]", about: "print the stack's outputs, or one", flags: ["json", "showSecrets"] },
  "stack export": { about: "print the state in Pulumi's form", flags: ["file", "showSecrets"] },
  "stack import": { about: "replace the state with an exported one", flags: ["file"] },
  config: { about: "list the stack's configuration", flags: ["json", "showSecrets"] },
  "config get": { usage: "<key>", about: "print one value", flags: ["json"] },
  "config set": {
    usage: "<key> [value]",
    about: "set a value; without one it is read from standard input",
    flags: ["secret", "plaintext"],
  },
  "config rm": { usage: "<key>", about: "remove a value", flags: [] },
} as const satisfies { [words: string]: CommandSpec };

/** A command's words. */
export type CommandName = keyof typeof COMMANDS;

/** Runs one command; `words` are its arguments. */
export type RunCommand = (command: CommandName, flags: Flags, words: string[]) => Promise<void>;

/** The command line of `pulumi-offline`. Parsing throws commander's `CommanderError`, whose text is printed already. */
export function commandLine(run: RunCommand, streams: { stdout: Output; stderr: Output }): Command {
  const program = withFlags(new Command("pulumi-offline"), COMMON)
    .description("Runs Pulumi programs in Node without the Pulumi CLI: dynamic resources and components.")
    .version(`v${packageVersion()}`, "--version", "print the version")
    .helpOption("-h, --help", "show this text")
    .addHelpText("after", "\nSecrets need PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.")
    .showHelpAfterError("  - list commands and flags: pulumi-offline --help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void streams.stdout.write(text),
      writeErr: (text) => void streams.stderr.write(text),
      // The suggestion as an option, as in every message.
      outputError: (text, write) => write(text.replace(/^\((Did you mean .*)\)$/m, "  - $1")),
      getOutHelpWidth: () => streams.stdout.columns ?? HELP_WIDTH,
      getOutHasColors: () => false,
    })
    .enablePositionalOptions();
  for (const [words, spec] of Object.entries(COMMANDS) as [CommandName, CommandSpec][]) {
    const [name = "", subname] = words.split(" ");
    const parent = subname === undefined ? program : groupOf(program, name);
    withFlags(parent.command(`${subname ?? name} ${spec.usage ?? ""}`.trim()), [...spec.flags, ...COMMON])
      .description(spec.about)
      // Its flags do not belong to its subcommands.
      .enablePositionalOptions()
      .action((...all) => {
        const command = all.at(-1) as Command;
        return run(words, command.optsWithGlobals(), command.args);
      });
  }
  return program;
}

const HELP_WIDTH = 100;

/** The command that holds the subcommands, such as `stack`. */
function groupOf(program: Command, name: string): Command {
  const found = program.commands.find((command) => command.name() === name);
  if (found) return found;
  const subcommands = Object.keys(COMMANDS).filter((words) => words.startsWith(`${name} `));
  const about = `${subcommands.map((words) => words.slice(name.length + 1)).join(", ")}: the ${name} itself`;
  return withFlags(program.command(name).description(about), COMMON).enablePositionalOptions();
}

function withFlags(command: Command, flags: readonly FlagName[]): Command {
  for (const flag of flags) command.addOption(OPTIONS[flag]);
  return command;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("It must be a whole number from 1.");
  return number;
}
