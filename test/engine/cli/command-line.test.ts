import { COMMANDS, FLAGS, parseCommandLine } from "../../../engine/cli";
import { helpText } from "../../../engine/cli-help";

describe("the command line", () => {
  it.each([
    [
      ["up", "-y", "-s", "prod", "-C", "app"],
      { command: "up", flags: { yes: true, stack: "prod", cwd: "app" }, positionals: [] },
    ],
    [["--cwd", "app", "preview", "--json"], { command: "preview", flags: { cwd: "app", json: true }, positionals: [] }],
    [
      ["up", "-frp", "4"],
      { command: "up", flags: { "skip-preview": true, refresh: true, parallel: "4" }, positionals: [] },
    ],
    [["stack", "output", "url"], { command: "stack output", flags: {}, positionals: ["url"] }],
    [["config"], { command: "config", flags: {}, positionals: [] }],
    [["config", "set", "key", "--", "-5"], { command: "config set", flags: {}, positionals: ["key", "-5"] }],
    [["--version"], { command: "help", flags: { version: true }, positionals: [] }],
    [["up", "--help"], { command: "help", flags: { help: true }, positionals: ["up"] }],
    [["config", "get", "key", "-h"], { command: "help", flags: { help: true }, positionals: ["config", "get"] }],
    [["stack", "--help"], { command: "help", flags: { help: true }, positionals: ["stack"] }],
    [["help", "stack"], { command: "help", flags: {}, positionals: ["stack"] }],
    [["help", "stack", "rm"], { command: "help", flags: {}, positionals: ["stack", "rm"] }],
    [["help", "up"], { command: "help", flags: {}, positionals: ["up"] }],
    [[], { command: "help", flags: {}, positionals: [] }],
  ])("%j is understood", (argv, expected) => {
    expect(parseCommandLine(argv)).toEqual(expected);
  });

  it.each([
    [["up", "--jsn"], "unknown flag: --jsn; did you mean --json?"],
    [["up", "--skip-previw"], "unknown flag: --skip-previw; did you mean --skip-preview?"],
    [["up", "--target", "x"], "unknown flag: --target"],
    [["up", "-q"], "unknown flag: -q"],
    [["preview", "--yes"], '"preview" takes no flag --yes'],
    [["up", "--preview-only"], '"up" takes no flag --preview-only'],
    [["up", "--stack"], "argument missing"],
    [["up", "--json=1"], "does not take an argument"],
    [["up", "now"], 'unexpected argument "now" after "up"'],
    [["config", "get"], "usage: pulumi-offline config get <key>"],
    [["prevew"], 'unknown command "prevew"; did you mean "preview"?'],
    [["stack", "outptu"], 'unknown command "stack outptu"; did you mean "stack output"?'],
    [["stack"], 'unknown command "stack"'],
    [["watch"], 'unknown command "watch"'],
    [["help", "bogus"], 'unknown command "bogus"\n`pulumi-offline help` lists the commands'],
    [["help", "prevew"], 'unknown command "prevew"; did you mean "preview"?'],
    [["help", "stack", "outptu"], 'unknown command "stack outptu"; did you mean "stack output"?'],
    [["help", "up", "now"], 'unexpected argument "now" after "up"'],
    [["prevew", "--help"], 'unknown command "prevew"; did you mean "preview"?'],
  ])("%j is refused: %s", (argv, message) => {
    expect(() => parseCommandLine(argv)).toThrow(message);
  });
});

describe("help", () => {
  it("lists every command, and the flags of one", () => {
    for (const name of Object.keys(COMMANDS)) expect(helpText([])).toContain(`  ${name}`);
    expect(helpText(["up"])).toContain("-y, --yes");
    expect(helpText(["up"])).not.toContain("--preview-only");
    expect(helpText(["stack"])).toContain("Usage: pulumi-offline stack export [flags]");
    expect(helpText(["stack", "rm"])).toMatch(/--yes +Do it without asking\n/);
    expect(helpText(["stack", "rm"])).not.toContain("preview");
  });

  it("has no short name twice", () => {
    const shorts = Object.values(FLAGS).flatMap((flag) => ("short" in flag ? [flag.short] : []));
    expect(new Set(shorts).size).toBe(shorts.length);
  });
});
