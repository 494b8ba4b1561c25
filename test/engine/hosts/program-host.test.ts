import { once } from "node:events";
import fs from "node:fs/promises";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { createProgramHost } from "../../../engine/hosts";
import { type ProgramOptions, SECRET, SIGNATURE } from "../../../engine/model";
import { createProgramFolder, type ProgramFolder } from "../../support/engine-driver-program";
import { RecordingMonitor } from "./recording-monitor";

let folder: ProgramFolder | undefined;
let monitor: RecordingMonitor;

beforeEach(() => {
  monitor = new RecordingMonitor();
});

afterEach(async () => {
  await folder?.remove();
  folder = undefined;
});

async function run(
  files: { [name: string]: string },
  options: Partial<ProgramOptions> = {},
  abort = new AbortController().signal,
  host = createProgramHost(),
) {
  folder = await createProgramFolder(files);
  const all: ProgramOptions = {
    rootDirectory: folder.directory,
    programDirectory: folder.directory,
    organization: "organization",
    project: "demo",
    stack: "dev",
    config: { values: {}, secretKeys: [] },
    dryRun: false,
    parallel: 4,
    ...options,
  };
  return host.run(all, monitor, abort);
}

const WIDGET = `
const pulumi = require("@pulumi/pulumi");
class Widget extends pulumi.CustomResource {
  constructor(name, args, opts) { super("test:index:Widget", name, args, opts); }
}
`;

it("registers the stack, resources and outputs, with their options", async () => {
  monitor.extraOutputs = { size: 3 };
  const result = await run({
    "index.js": `${WIDGET}
      const first = new Widget("first", { size: undefined, secret: pulumi.secret({ a: 1 }), empty: {} }, {
        protect: false, retainOnDelete: true, deleteBeforeReplace: false, ignoreChanges: ["a"],
        replaceOnChanges: ["b"],
    hideDiffs: [], additionalSecretOutputs: ["size"],
        aliases: [{ name: "old" }, { parent: pulumi.rootStackResource }, "urn:pulumi:dev::demo::a:b:C::d"],
      });
      new Widget("second", { of: first.size, whole: first }, { deletedWith: first, customTimeouts: { create: "1m" } });
      exports.size = first.size;
      exports.secret = first.secret;
    `,
  });

  expect(result).toEqual({ ok: true, exitCode: 0 });
  expect(monitor.registrations.map(({ name, custom }) => [name, custom])).toEqual([
    ["demo-dev", false],
    ["first", true],
    ["second", true],
  ]);
  const stackUrn = "urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev";
  const firstUrn = "urn:pulumi:dev::demo::test:index:Widget::first";
  expect(monitor.named("first")).toEqual({
    type: "test:index:Widget",
    name: "first",
    custom: true,
    parent: stackUrn,
    inputs: { secret: { [SIGNATURE]: SECRET, value: { a: 1 } }, empty: {} },
    dependencies: [],
    propertyDependencies: { empty: [], secret: [] },
    provider: "",
    protect: false,
    retainOnDelete: true,
    deleteBeforeReplace: false,
    ignoreChanges: ["a"],
    replaceOnChanges: ["b"],
    hideDiffs: [],
    additionalSecretOutputs: ["size"],
    aliases: [{ name: "old", parentUrn: stackUrn }, { noParent: true }, { urn: "urn:pulumi:dev::demo::a:b:C::d" }],
    unsupported: [],
    sourcePosition: expect.stringMatching(/^project:\/\/\/index\.js#\d+,\d+$/),
  });
  expect(monitor.named("second")).toMatchObject({
    inputs: { of: 3, whole: { urn: firstUrn } },
    dependencies: [firstUrn],
    propertyDependencies: { of: [firstUrn], whole: [firstUrn] },
    deletedWith: firstUrn,
    unsupported: ["customTimeouts"],
  });
  expect(monitor.named("second")).not.toHaveProperty("protect");
  expect(monitor.outputs).toEqual([
    { urn: stackUrn, outputs: { size: 3, secret: { [SIGNATURE]: SECRET, value: { a: 1 } } } },
  ]);
});

it("passes project, stack, configuration and what is printed", async () => {
  const result = await run(
    {
      "index.js": `
        const pulumi = require("@pulumi/pulumi");
        const config = new pulumi.Config();
        console.log(pulumi.getProject(), pulumi.getStack(), pulumi.getOrganization(), pulumi.runtime.isDryRun());
        console.log(config.require("plain"), process.cwd() === __dirname);
        console.error("to stderr");
        process.stdout.write("no line end");
        pulumi.log.warn("careful");
        exports.token = config.requireSecret("token");
      `,
    },
    { dryRun: true, config: { values: { "demo:plain": "p", "demo:token": "t" }, secretKeys: ["demo:token"] } },
  );
  expect(result.ok).toBe(true);
  expect(monitor.messages("info").sort()).toEqual(
    ["demo dev organization true", "p true", "to stderr", "no line end"].sort(),
  );
  expect(monitor.messages("warning")).toEqual(["careful"]);
  expect(monitor.outputs[0]?.outputs).toEqual({ token: { [SIGNATURE]: SECRET, value: "t" } });
});

it("reads existing resources", async () => {
  monitor.extraOutputs = { size: 3 };
  const result = await run({
    "index.js": `${WIDGET}
      const there = new Widget("there", { size: undefined, given: "x" }, { id: "id-7" });
      exports.size = there.size;
    `,
  });
  expect(result.ok).toBe(true);
  expect(monitor.reads).toMatchObject([{ name: "there", id: "id-7", properties: { given: "x" } }]);
  expect(monitor.outputs[0]?.outputs).toEqual({ size: 3 });
});

it.each([
  ["throws", `throw new Error("on purpose")`, 32, /on purpose/],
  ["rejects", `Promise.reject(new Error("on purpose"))`, 32, /on purpose/],
  ["invokes a function", `require("@pulumi/pulumi").runtime.invoke("a:b:c", {})`, 32, /does not offer Invoke/],
])("reports a program that %s, without colours", async (_how, source, exitCode, message) => {
  const result = await run({ "index.js": source });
  expect(result).toEqual({ ok: false, exitCode });
  expect(monitor.messages("error").join("\n")).toMatch(message);
  expect(monitor.messages("error").join("\n")).not.toContain("\u001b[");
});

it("reports the error of a refused registration", async () => {
  monitor.registerResource = async () => {
    throw new Error("no such thing\nas this");
  };
  const result = await run({ "index.js": `${WIDGET} new Widget("first", {});` });
  expect(result).toEqual({ ok: false, exitCode: 32 });
  expect(monitor.messages("error").join("\n")).toContain("no such thing\nas this");
});

it.each([
  // From an exit handler of Pulumi's own, which turns 0 into 1 when registrations are still open.
  [`${WIDGET} new Widget("first", {}); process.exit(0);`, 1, /^an unhandled error .* exit code: 1$/],
  [`process.on("exit", () => process.reallyExit(0)); process.exit(0);`, 0, /process\.exit/],
  ["process.exit(3)", 3, /^an unhandled error .* exit code: 3$/],
  [`process.kill(process.pid, "SIGKILL")`, null, /SIGKILL/],
])("does not take an early end for success: %s", async (source, exitCode, reason) => {
  const result = await run({ "index.js": source });
  expect(result).toEqual({ ok: false, exitCode, reason: expect.stringMatching(reason) });
});

it("gives the end of stderr when nothing else was said", async () => {
  const result = await run({ "package.json": JSON.stringify({ name: "demo" }) });
  expect(result).toMatchObject({ ok: false, exitCode: 32, reason: expect.stringContaining("main") });
});

it("runs an ESM program", async () => {
  const result = await run({
    "package.json": JSON.stringify({ name: "demo", type: "module" }),
    "index.js": `import * as pulumi from "@pulumi/pulumi"; export const out = pulumi.output(1);`,
  });
  expect(result.ok).toBe(true);
  expect(monitor.outputs[0]?.outputs).toEqual({ out: 1 });
});

it("runs a TypeScript program, and a JavaScript one without a TypeScript compiler", async () => {
  const loaded = `Object.keys(require.cache).some((file) => /ts-node/.test(file))`;
  const typed = await run({ "index.ts": `export const tsNode: boolean = ${loaded};`, "tsconfig.json": "{}" });
  expect(monitor.messages("error")).toEqual([]);
  expect(typed.ok).toBe(true);
  await folder?.remove();
  const plain = await run({ "index.js": `exports.tsNode = ${loaded};` });
  expect(plain.ok).toBe(true);
  expect(monitor.outputs.map(({ outputs }) => outputs)).toEqual([{ tsNode: true }, { tsNode: false }]);
});

it("obeys the runtime options of Pulumi.yaml", async () => {
  const result = await run({
    "Pulumi.yaml":
      "name: demo\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n    tsconfig: other.json\n    nodeargs: --title=odd\n",
    "tsconfig.json": "{}",
    "index.js": `
      exports.seen = [process.env.PULUMI_NODEJS_TYPESCRIPT, process.env.PULUMI_NODEJS_TSCONFIG_PATH, process.title];
    `,
    "other.json": "{}",
  });
  expect(result.ok).toBe(true);
  expect(monitor.outputs[0]?.outputs).toEqual({ seen: ["false", "other.json", "odd"] });
});

it("runs the file that main of Pulumi.yaml names", async () => {
  const result = await run({
    "Pulumi.yaml": "name: demo\nruntime: nodejs\nmain: other.js\n",
    "other.js": "exports.a = 1;",
  });
  expect(result.ok).toBe(true);
  expect(monitor.outputs[0]?.outputs).toEqual({ a: 1 });
});

it("says what to do when @pulumi/pulumi is not installed", async () => {
  const empty = await fs.mkdtemp(path.join(os.tmpdir(), "pulumi-program-"));
  try {
    await expect(run({ "index.js": "" }, { programDirectory: empty })).rejects.toThrow(
      /is not installed for the program in/,
    );
  } finally {
    await fs.rm(empty, { recursive: true });
  }
});

it("ends the program, and what it started, when aborted", async () => {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const abort = new AbortController();
  const connect = `require("node:net").connect(${port}, "127.0.0.1")`;
  const running = run(
    {
      "index.js": `
        ${connect};
        require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(connect)}]);
        process.on("SIGTERM", () => {});
      `,
    },
    {},
    abort.signal,
  );
  const closed: Promise<unknown>[] = [];
  await new Promise<void>((resolve) => {
    server.on("connection", (socket) => {
      socket.on("error", () => undefined).resume();
      closed.push(once(socket, "close"));
      if (closed.length === 2) {
        resolve();
      }
    });
  });
  abort.abort();
  expect(await running).toEqual({ ok: false, exitCode: null, reason: "The program was interrupted." });
  await Promise.all(closed);
  server.close();
});

it("loads the compiler once a function is captured, not before", async () => {
  const result = await run({
    "index.js": `
      const pulumi = require("@pulumi/pulumi");
      const loaded = () => Object.keys(require.cache).some((file) => file.endsWith("/typescript.js"));
      module.exports = async () => {
        const before = loaded();
        const { text } = await pulumi.runtime.serializeFunction(() => 1);
        return { before, after: loaded(), text: text.includes("return 1") || text.includes("=> 1") };
      };
    `,
  });
  expect(result).toEqual({ ok: true, exitCode: 0 });
  expect(monitor.outputs.at(-1)).toMatchObject({ outputs: { before: false, after: true, text: true } });
});

it("keeps the stacks of promises only where Pulumi would print them", async () => {
  const program = `
    const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve();
    debuggablePromise(promise, "test");
    console.log("frames: " + /index\\.js/.test(promise._debugStackTrace) + ", limit: " + Error.stackTraceLimit);`;
  await run({ "index.js": program });
  await folder?.remove();
  const debugging = createProgramHost({ ...process.env, PULUMI_DEBUG_PROMISE_LEAKS: "1" });
  await run({ "index.js": program }, {}, undefined, debugging);
  expect(monitor.messages("info")).toEqual([
    expect.stringMatching(/^frames: false, limit: [1-9]/),
    expect.stringMatching(/^frames: true, limit: [1-9]/),
  ]);
});

it("receives no debug messages, and all others", async () => {
  await run({
    "index.js": `${WIDGET}
      new Widget("first", {});
      pulumi.log.debug("hidden").then(() => pulumi.log.info("shown"));
    `,
  });
  expect(monitor.named("first")).toBeDefined();
  expect(monitor.logs.map(({ severity, message }) => [severity, message])).toEqual([["info", "shown"]]);
});
