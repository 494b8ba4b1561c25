import { COMMANDS, COMMON, FLAGS, type FlagName } from "./cli";

/** The text of `pulumi-offline help`, or of one command or group of commands. */
export function helpText(words: string[]): string {
  const wanted = words.join(" ");
  const commands = Object.entries(COMMANDS).filter(([name]) => name === wanted || name.startsWith(`${wanted} `));
  if (wanted) return commands.map(([name]) => commandHelp(name as keyof typeof COMMANDS)).join("\n");
  return [
    "pulumi-offline runs Pulumi programs without the Pulumi CLI: dynamic resources and components, in Node.",
    "",
    "Usage: pulumi-offline <command> [flags]",
    "",
    "Commands:",
    ...table(Object.entries(COMMANDS).map(([name, { usage, about }]) => [`${name} ${usage}`.trim(), about])),
    "",
    "Flags of every command:",
    ...flagTable(COMMON),
    "",
    "`pulumi-offline help <command>` lists a command's own flags.",
    "Secrets need PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE.",
    "",
  ].join("\n");
}

function commandHelp(name: keyof typeof COMMANDS): string {
  const { usage, about, flags } = COMMANDS[name];
  return [
    `Usage: pulumi-offline ${name}${usage && ` ${usage}`} [flags]`,
    "",
    `  ${about}.`,
    "",
    "Flags:",
    ...flagTable([...flags, ...COMMON]),
    "",
  ].join("\n");
}

function flagTable(names: readonly FlagName[]): string[] {
  return table(
    names.map((name) => {
      const flag: { short?: string; value?: string; about: string } = FLAGS[name];
      return [`${flag.short ? `-${flag.short}, ` : "    "}--${name}${flag.value ? ` ${flag.value}` : ""}`, flag.about];
    }),
  );
}

function table(rows: [string, string][]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
