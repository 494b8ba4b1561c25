import { type CommandName, commandLine, type Flags } from "../../../engine/cli";

/** What one command line comes to: the command that would run, or what is printed, and the exit code. */
async function read(...argv: string[]) {
  const ran: { command: CommandName; flags: Flags; words: string[] }[] = [];
  const printed = { stdout: "", stderr: "" };
  const program = commandLine(async (command, flags, words) => void ran.push({ command, flags, words }), {
    stdout: { write: (text) => (printed.stdout += text) },
    stderr: { write: (text) => (printed.stderr += text) },
  });
  const exitCode = await program.parseAsync(argv, { from: "user" }).then(
    () => 0,
    (error: { exitCode: number }) => error.exitCode,
  );
  return { ...(ran[0] ?? printed), exitCode };
}

describe("the command line", () => {
  it.each<[string[], CommandName, Flags, string[]]>([
    [["up", "-y", "-s", "prod", "-C", "app"], "up", { yes: true, stack: "prod", cwd: "app" }, []],
    [["--cwd", "app", "preview", "--json"], "preview", { cwd: "app", json: true }, []],
    [["up", "-jfrp", "4"], "up", { json: true, skipPreview: true, refresh: true, parallel: 4 }, []],
    [["stack", "output", "url"], "stack output", {}, ["url"]],
    [["stack", "-s", "prod", "ls"], "stack ls", { stack: "prod" }, []],
    [["config"], "config", {}, []],
    [["config", "get", "key", "--json"], "config get", { json: true }, ["key"]],
    [["config", "set", "key", "--", "--5"], "config set", {}, ["key", "--5"]],
    [["config", "set", "key", "-5"], "config set", {}, ["key", "-5"]],
  ])("%j is understood", async (argv, command, flags, words) => {
    expect(await read(...argv)).toEqual({ command, flags, words, exitCode: 0 });
  });

  it.each<[string[], string[]]>([
    [
      ["up", "--jsn"],
      ["unknown option '--jsn'", "Did you mean --json?"],
    ],
    [
      ["up", "--skip-previw"],
      ["unknown option '--skip-previw'", "Did you mean --skip-preview?"],
    ],
    [["up", "--target", "x"], ["unknown option '--target'"]],
    [["up", "-q"], ["unknown option '-q'"]],
    [["preview", "--yes"], ["unknown option '--yes'"]],
    [["up", "--preview-only"], ["unknown option '--preview-only'"]],
    [["destroy", "--expect-no-changes"], ["unknown option '--expect-no-changes'"]],
    [["refresh", "--refresh"], ["unknown option '--refresh'"]],
    [["config", "set", "key", "value", "--json"], ["unknown option '--json'"]],
    [["up", "--stack"], ["option '-s, --stack <name>' argument missing"]],
    [["preview", "--parallel", "0"], ["argument '0' is invalid. It must be a whole number from 1."]],
    [["up", "now"], ["too many arguments for 'up'"]],
    [["config", "get"], ["missing required argument 'key'"]],
    [["prevew"], ["unknown command 'prevew'", "Did you mean preview?"]],
    [
      ["stack", "outptu"],
      ["unknown command 'outptu'", "Did you mean output?"],
    ],
    [["watch"], ["unknown command 'watch'"]],
  ])("%j is rejected with 1 and what it might be", async (argv, [message = "", ...options]) => {
    const { exitCode, stdout, stderr } = (await read(...argv)) as { exitCode: number; stdout: string; stderr: string };
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    const [first, ...rest] = stderr.trimEnd().split("\n");
    expect(first).toContain(message);
    expect(first).toMatch(/^error: /);
    expect(rest).toEqual([
      ...options.map((option) => `  - ${option}`),
      "  - list commands and flags: pulumi-offline --help",
    ]);
  });
});

describe("help", () => {
  it("lists every command on standard output, and the flags of one", async () => {
    expect(await read("help")).toEqual(await read("--help"));
    expect(await read("--help")).toEqual({ exitCode: 0, stderr: "", stdout: expect.stringContaining("  preview") });
    const up = await read("up", "--help");
    expect(up).toMatchObject({ stdout: expect.stringContaining("-y, --yes") });
    expect(up).not.toMatchObject({ stdout: expect.stringContaining("--preview-only") });
    expect(await read("help", "stack")).toMatchObject({
      stdout: expect.stringMatching(/^ {2}export \[options\] +print/m),
    });
  });

  it("prints the help of a command that needs another word, and ends with 1", async () => {
    expect(await read("stack")).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringContaining("  rm [options]") });
  });

  it("prints the version alone", async () => {
    expect(await read("--version")).toEqual({
      exitCode: 0,
      stderr: "",
      stdout: expect.stringMatching(/^v\d+\.\d+\.\d+\n$/),
    });
  });
});
