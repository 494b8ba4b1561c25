import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, watch } from "node:fs";
import { join, resolve } from "node:path";
import { ProjectFolder } from "./project-folder";

/** A provider whose create waits for a file named `go`, if the resource asks for it, and says that it has begun. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const provider = {
  async check(olds, news) { return { inputs: news, failures: [] }; },
  async diff(id, olds, news) { return { changes: olds.rows !== news.rows }; },
  async create(inputs) {
    const fs = require("fs");
    if (inputs.wait) {
      fs.writeFileSync("begun", "");
      while (!fs.existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return { id: "table-" + inputs.rows, outs: inputs };
  },
  async update(id, olds, news) { return { outs: news }; },
  async delete() {},
};
class Table extends pulumi.dynamic.Resource {
  constructor(name, args, opts) { super(provider, name, args, opts, "demo", "Table"); }
}
const config = new pulumi.Config();
const table = new Table("orders", { rows: config.getNumber("rows") || 15000, wait: !!config.get("wait"), token: pulumi.secret("hunter2") });
new Table("after", { rows: 1 }, { dependsOn: table });
exports.rows = table.urn.apply(() => config.getNumber("rows") || 15000);
`;

let project: ProjectFolder;
beforeEach(() => {
  project = new ProjectFolder(PROGRAM);
});
afterEach(() => project.remove());

const stateFile = () => join(project.path, ".pulumi-offline", "stacks", "shop", "dev.json");
const urns = () => {
  const { checkpoint } = JSON.parse(readFileSync(stateFile(), "utf8"));
  return (checkpoint.latest.resources as { urn: string }[]).map(({ urn }) => urn.split("::").pop());
};

describe("a whole life", () => {
  it("previews, creates, finds nothing to do, shows a change, and destroys", async () => {
    const preview = await project.run(["preview"]);
    expect(preview.stdout).toContain("Resources:\n    + 3 to create\n");
    expect(existsSync(join(project.path, ".pulumi-offline"))).toBe(false);

    const up = await project.run(["up", "--yes"]);
    expect(up).toMatchObject({ code: 0, stderr: "Created stack 'dev'\n" });
    expect(up.stdout).toMatch(
      /Previewing update \(dev\):[\s\S]*Updating \(dev\):[\s\S]*\+ 3 created\n\nDuration: \d+s\n/,
    );
    expect(readFileSync(stateFile(), "utf8")).not.toContain("hunter2");

    const state = readFileSync(stateFile(), "utf8");
    const again = JSON.parse((await project.run(["up", "--yes", "--json", "--expect-no-changes"])).stdout);
    expect(again).toMatchObject({ changeSummary: { same: 3 } });
    expect(readFileSync(stateFile(), "utf8")).toBe(state);

    await project.run(["config", "set", "rows", "15320"]);
    const changed = await project.run(["preview", "--diff", "--expect-no-changes"]);
    expect(changed.stdout).toContain("      ~ rows : 15000 => 15320\n");
    expect(changed).toMatchObject({
      code: 7,
      stderr: "error: no changes were expected for preview but changes were proposed\n",
    });

    const destroyed = await project.run(["destroy", "--yes"]);
    expect(destroyed.stdout).toContain("    - 3 deleted\n");
    expect(urns()).toEqual([]);
  });

  it("asks on a terminal, shows details on request, and takes no for an answer", async () => {
    const refused = await project.run(["up"], { tty: true, input: "what\ndetails\nno\n" });
    expect(refused.stdout.match(/Do you want to perform this update\? \[yes\/no\/details\]/g)).toHaveLength(3);
    expect(refused.stdout).toContain("+ pulumi-nodejs:dynamic/demo:Table: (create)");
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("error: confirmation declined, not proceeding with the update\n");
    expect(urns()).toEqual([]);
    const accepted = await project.run(["up"], { tty: true, input: "yes\n" });
    expect(accepted.code).toBe(0);
    expect(urns()).toEqual(expect.arrayContaining(["orders", "after"]));
  });
});

test("Ctrl-C at the question changes nothing, and says so", async () => {
  const abort = new AbortController();
  const saw = (stdout: string) => {
    if (stdout.endsWith("[yes/no/details] ")) setImmediate(() => abort.abort());
  };
  const ran = await project.run(["up"], { tty: true, signal: abort.signal, saw });
  expect(ran).toMatchObject({
    code: 1,
    stderr: "Created stack 'dev'\nerror: up was interrupted before it changed anything.\n",
  });
  expect(ran.stdout).toMatch(/\[yes\/no\/details\] \n$/);
  expect(urns()).toEqual([]);
});

test("ends a command that waits for its input immediately on Ctrl-C", async () => {
  const bin = resolve(__dirname, "../../../engine/dist/engine/bin.js");
  const engine = spawn(process.execPath, [bin, "config", "set", "key"], { cwd: project.path, stdio: "pipe" });
  const printed: string[] = [];
  for (const stream of [engine.stdout, engine.stderr]) stream.on("data", (data) => printed.push(String(data)));
  // More than a pipe holds: that it was taken shows that the command reads.
  await new Promise((done) => engine.stdin.write("x".repeat(1 << 20), done));
  engine.kill("SIGINT");
  expect(await once(engine, "close")).toEqual([1, null]);
  expect(printed).toEqual([]);
});

test("a reader that goes away does not end the process half-way", async () => {
  const bin = resolve(__dirname, "../../../engine/dist/engine/bin.js");
  const engine = spawn(process.execPath, [bin, "help"], { stdio: ["ignore", "pipe", "pipe"] });
  engine.stdout.destroy();
  let stderr = "";
  engine.stderr.on("data", (data) => {
    stderr += data;
  });
  expect(await once(engine, "close")).toEqual([0, null]);
  expect(stderr).toBe("");
});

describe("an interrupted run", () => {
  beforeEach(() => project.run(["config", "set", "wait", "true"]));

  it("finishes what runs, saves it, starts nothing new, and refuses a second run meanwhile", async () => {
    const abort = new AbortController();
    const begun = fileAppears(project.path, "begun");
    const running = project.run(["up", "--skip-preview"], { signal: abort.signal });
    await begun;
    const second = await project.run(["up", "--skip-preview"]);
    expect(second.stderr).toContain('error: the stack is locked by "pulumi-offline up --stack dev"');
    abort.abort();
    project.put("go", "");
    expect(await running).toMatchObject({ code: 1, stderr: expect.stringContaining("Finishing the running steps") });
    expect(urns()).toContain("orders");
    expect(urns()).not.toContain("after");
  });

  const orders = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/demo:Table::orders";
  const lockFile = () => `${stateFile().slice(0, -".json".length)}.lock`;
  const pendingOperations = () => JSON.parse(readFileSync(stateFile(), "utf8")).checkpoint.latest.pending_operations;

  it("ends immediately on the second signal, lists what it cuts short, and the next preview shows it", async () => {
    const begun = fileAppears(project.path, "begun");
    const engine = startUp();
    const exit = once(engine, "close");
    let stdout = "";
    engine.stdout.on("data", (data) => {
      stdout += data;
    });
    await begun;
    engine.kill("SIGINT");
    await lineOf(engine, "press Ctrl-C again");
    engine.kill("SIGINT");
    expect(await exit).toEqual([1, null]);
    expect(stdout).toContain(
      `error: update ended immediately, in the middle of 1 operation.\n      * ${orders}, interrupted while creating\n`,
    );
    expect(existsSync(lockFile())).toBe(false);
    expect(pendingOperations()).toMatchObject([{ type: "creating", resource: { custom: true } }]);

    const preview = await project.run(["preview"]);
    expect(preview).toMatchObject({ code: 0, stderr: "" });
    expect(preview.stdout).toMatch(
      new RegExp(
        `warning: Attempting to deploy .* 1 pending operations .*\n +\\* ${orders}, interrupted while creating\n`,
      ),
    );
    const { diagnostics } = JSON.parse((await project.run(["preview", "--json"])).stdout);
    expect(diagnostics).toMatchObject([
      { severity: "warning", message: expect.stringContaining(`${orders}, interrupted while creating`) },
    ]);
  });

  it("finishes what runs when its terminal closes, however often that is said", async () => {
    const begun = fileAppears(project.path, "begun");
    const engine = startUp();
    const exit = once(engine, "close");
    await begun;
    engine.kill("SIGHUP");
    await lineOf(engine, "press Ctrl-C again");
    engine.kill("SIGHUP");
    engine.stdout.destroy();
    engine.stderr.destroy();
    project.put("go", "");
    expect(await exit).toEqual([1, null]);
    expect([urns(), pendingOperations()]).toEqual([expect.arrayContaining(["orders"]), []]);
    expect(urns()).not.toContain("after");
    expect(existsSync(lockFile())).toBe(false);
  });

  it("goes to its end when nobody reads its output any more", async () => {
    const begun = fileAppears(project.path, "begun");
    const engine = startUp();
    const exit = once(engine, "close");
    engine.stdout.destroy();
    engine.stderr.destroy();
    await begun;
    project.put("go", "");
    expect(await exit).toEqual([0, null]);
    expect(urns()).toEqual(expect.arrayContaining(["orders", "after"]));
  });

  function startUp() {
    const bin = resolve(__dirname, "../../../engine/dist/engine/bin.js");
    return spawn(process.execPath, [bin, "up", "-f"], {
      cwd: project.path,
      env: { ...process.env, ...project.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
});

test.each<[string, string, string]>([
  ["up", "the state", "dev.json"],
  ["config set", "the stack's file", "Pulumi.dev.yaml"],
])("%s fails and leaves %s as it was when there is no space for it", async (words, _what, file) => {
  await project.run(["config", "set", "note", "x".repeat(2000)]);
  const before = readFileSync(join(project.path, "Pulumi.dev.yaml"), "utf8");
  const bin = resolve(__dirname, "../../../engine/dist/engine/bin.js");
  const args = words === "up" ? ["up", "-f"] : ["config", "set", "more", "x".repeat(2000)];
  // 3,072 bytes.
  const limited = spawn("sh", ["-c", 'ulimit -f 6 && exec "$@"', "sh", process.execPath, bin, ...args], {
    cwd: project.path,
    env: { ...process.env, ...project.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [limited.stdout, limited.stderr]) {
    stream.on("data", (data) => {
      printed += data;
    });
  }
  expect(await once(limited, "close")).toEqual([1, null]);
  expect(printed).toMatch(/file too large \(EFBIG\)/);
  expect(printed).toContain(file);
  expect(printed).not.toMatch(/^ {4}at /m);
  if (words === "up") expect(urns()).not.toContain("after");
  else expect(readFileSync(join(project.path, "Pulumi.dev.yaml"), "utf8")).toBe(before);
});

function fileAppears(folder: string, name: string): Promise<void> {
  return new Promise((done) => {
    const watcher = watch(folder, (_event, file) => {
      if (file !== name) return;
      watcher.close();
      done();
    });
  });
}

function lineOf(child: ChildProcess, text: string): Promise<void> {
  let seen = "";
  return new Promise((done) => {
    child.stderr?.on("data", (data) => {
      seen += data;
      if (seen.includes(text)) done();
    });
  });
}
