import fs from "node:fs/promises";
import path from "node:path";
import { createProviderHost } from "../../../engine/hosts";
import {
  InitError,
  type LogMessage,
  type Properties,
  type Provider,
  RESOURCE_REFERENCE,
  SECRET,
  SIGNATURE,
  type Value,
} from "../../../engine/model";
import { createProgramFolder, type ProgramFolder } from "../../support/engine-driver-program";

const URN = "urn:pulumi:dev::demo::pulumi-nodejs:dynamic:Resource::thing";

/** The text Pulumi would make of a provider with these methods. */
function handler(methods: string): Properties {
  return { __provider: `exports.handler = () => ({ ${methods} });` };
}

let folder: ProgramFolder;
let provider: Provider;
let logs: LogMessage[];

beforeAll(async () => {
  folder = await createProgramFolder({});
});

afterAll(() => folder.remove());

beforeEach(async () => {
  logs = [];
  provider = await createProviderHost().start(
    { programDirectory: folder.directory, project: "demo", stack: "dev", config: { "demo:a": "1", "other:b": "2" } },
    (message) => logs.push(message),
  );
});

afterEach(() => provider.close());

const secret = (value: Value) => ({ [SIGNATURE]: SECRET, value });

it("configures the provider with the whole configuration, in the program's folder", async () => {
  const code = handler(`
    async configure({ config }) { this.seen = [config.get("a"), config.get("other:b"), process.cwd()]; },
    async create() { return { id: "1", outs: { seen: this.seen } }; }`);
  expect((await provider.create(URN, code)).outputs).toEqual({ seen: ["1", "2", folder.directory], ...code });
});

it("checks, with failures", async () => {
  const code = handler(`async check(olds, news) {
    return { inputs: { ...news, old: olds.a ?? "none" }, failures: [{ property: "a", reason: "odd" }] }; }`);
  expect(await provider.check(URN, {}, { a: 1, ...code })).toEqual({
    inputs: { a: 1, old: "none", ...code },
    failures: [{ property: "a", reason: "odd" }],
  });
});

it.each<[string, object]>([
  [
    "{ changes: true, replaces: ['a'], deleteBeforeReplace: true }",
    { changes: true, replaces: ["a"], deleteBeforeReplace: true },
  ],
  ["{ changes: false }", { changes: false, replaces: [], deleteBeforeReplace: false }],
  ["{}", { changes: undefined, replaces: [], deleteBeforeReplace: false }],
])("compares: %s", async (answer, expected) => {
  const code = handler(`async diff() { return ${answer}; }`);
  expect(await provider.diff(URN, "id", code, code, code, [])).toEqual(expected);
});

it("updates and deletes with the old outputs and the new inputs", async () => {
  const code = handler(`
    async update(id, olds, news) { return { outs: { id, olds: olds.a, news: news.a } }; },
    async delete(id, props) { console.log("deleted", id, props.a); }`);
  const { outputs } = await provider.update(URN, "id-1", { a: "O0" }, { a: "I0" }, { a: "I1", ...code });
  expect(outputs).toEqual({ id: "id-1", olds: "O0", news: "I1", ...code });
  await provider.delete(URN, "id-1", { a: "O1", ...code }, {});
  await provider.close();
  expect(logs).toEqual([{ severity: "info", message: "deleted id-1 O1", urn: "", streamId: 1, ephemeral: false }]);
});

it.each<[string, string, Properties, object]>([
  ["inputs too", "{ id, props: { a: 2 }, inputs: { a: 3 } }", {}, { id: "id-1", outputs: { a: 2 }, inputs: { a: 3 } }],
  ["no inputs", "{ id, props }", { a: 1 }, { id: "id-1", outputs: { a: 1 } }],
  ["nothing, the object being gone", "{}", { a: 1 }, { id: "", outputs: {} }],
])("reads %s", async (_what, answer, properties, expected) => {
  const code = handler(`async read(id, props) { return ${answer}; }`);
  const read = await provider.read(URN, "id-1", {}, { ...properties, ...code });
  const strip = ({ __provider, ...rest }: Properties) => rest;
  const inputs = read.inputs && { inputs: strip(read.inputs) };
  expect({ id: read.id, outputs: strip(read.outputs), ...inputs }).toEqual(expected);
});

it("takes the wrappers off what it sends", async () => {
  const code = handler(`async create(inputs) { return { id: "1", outs: { seen: JSON.stringify(inputs.given) } }; }`);
  const given = [secret({ a: secret("x") }), { [SIGNATURE]: RESOURCE_REFERENCE, urn: "u", id: "id-9" }];
  const { outputs } = await provider.create(URN, { ...code, given });
  expect(outputs["seen"]).toBe(`[{"a":"x"},"id-9"]`);
});

it.each(["check", "diff", "create", "read", "update", "delete"] as const)("%s fails with the message", async (verb) => {
  const code = handler(`async ${verb}() { throw new Error("né: 100% \\nwrong"); }`);
  const calls: { [verb: string]: () => Promise<unknown> } = {
    check: () => provider.check(URN, {}, code),
    diff: () => provider.diff(URN, "id", code, code, code, []),
    create: () => provider.create(URN, code),
    read: () => provider.read(URN, "id", code, code),
    update: () => provider.update(URN, "id", code, code, code),
    delete: () => provider.delete(URN, "id", code, code),
  };
  await expect(calls[verb]?.()).rejects.toThrow(/^né: 100% \nwrong$/);
});

it.each(["create", "update"] as const)("%s tells a partial failure", async (verb) => {
  const code = handler(`async ${verb}() {
    throw Object.assign(new Error("half"), { id: "id-5", properties: { a: [1, null] }, reasons: ["one", "two"] }); }`);
  const call = verb === "create" ? provider.create(URN, code) : provider.update(URN, "id-5", code, code, code);
  const error = await call.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InitError);
  expect(error).toMatchObject({ message: "half", id: "id-5", outputs: { a: [1, null] }, reasons: ["one", "two"] });
});

it("carries a partial failure with much state", async () => {
  const code = handler(`async create() {
    throw Object.assign(new Error("half"), { id: "id-5", properties: { a: "x".repeat(40_000) }, reasons: ["one"] }); }`);
  const error = await provider.create(URN, code).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: "half", id: "id-5", outputs: { a: expect.stringMatching(/^x{40000}$/) } });
});

it("delivers what the provider sends to Engine.Log", async () => {
  const code = handler(`async create() {
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest } = require("@pulumi/pulumi/proto/engine_pb");
    const client = new EngineClient(process.argv[2], require("@grpc/grpc-js").credentials.createInsecure());
    const request = new LogRequest().setSeverity(2).setMessage("half way").setStreamid(7).setEphemeral(true);
    await new Promise((resolve, reject) => client.log(request, (error) => error ? reject(error) : resolve()));
    return { id: "1", outs: {} }; }`);
  await provider.create(URN, code);
  expect(logs).toEqual([{ severity: "warning", message: "half way", urn: "", streamId: 7, ephemeral: true }]);
});

it("runs calls side by side", async () => {
  const code = handler(`
    async create({ name }) {
      if (name === "first") { await new Promise((resolve) => { globalThis.release = resolve; }); }
      else { globalThis.release(); }
      return { id: name, outs: {} }; }`);
  const first = provider.create(URN, { ...code, name: "first" });
  const second = provider.create(URN, { ...code, name: "second" });
  expect([(await first).id, (await second).id]).toEqual(["first", "second"]);
});

it("carries more than gRPC's usual 4 MB", async () => {
  const code = handler("async create(inputs) { return { id: '1', outs: { text: inputs.text + '.' } }; }");
  const text = "x".repeat(6 * 1024 * 1024);
  expect((await provider.create(URN, { ...code, text })).outputs["text"]).toHaveLength(text.length + 1);
});

it("rejects open calls, and later ones, with how the process ended", async () => {
  const code = handler(`
    async create() { return new Promise(() => {}); },
    async update() { console.error("out of order"); process.exit(7); }`);
  const open = provider.create(URN, code);
  const fatal = provider.update(URN, "id", code, code, code);
  const message = (what: string) =>
    `The provider process ended (exit code 7) while ${what} ${URN}.\nThe end of its stderr:\nout of order`;
  await expect(fatal).rejects.toThrow(message("updating"));
  await expect(open).rejects.toThrow(message("creating"));
  await expect(provider.delete(URN, "id", code, code)).rejects.toThrow(message("deleting"));
});

it("closes a provider that ignores SIGTERM, once however often asked", async () => {
  const code = handler(
    `async create() { process.on("SIGTERM", () => {}); return { id: String(process.pid), outs: {} }; }`,
  );
  const { id } = await provider.create(URN, code);
  await Promise.all([provider.close(), provider.close()]);
  expect(() => process.kill(Number(id), 0)).toThrow(/ESRCH/);
});

/** Prints a line when the provider process is asked to cancel; Pulumi's own answers and does nothing. */
const CANCEL_HOOK = `
const { Server } = require(${JSON.stringify(require.resolve("@grpc/grpc-js"))});
const { addService } = Server.prototype;
Server.prototype.addService = function (definition, service) {
  const cancel = service.cancel;
  service.cancel = (...call) => {
    console.log("asked to cancel");
    return cancel(...call);
  };
  return addService.call(this, definition, service);
};`;

it("asks the process to cancel, which still answers afterwards", async () => {
  await folder.write({ "cancel-hook.js": CANCEL_HOOK });
  const before = process.env["NODE_OPTIONS"];
  process.env["NODE_OPTIONS"] = `--require ${JSON.stringify(path.join(folder.directory, "cancel-hook.js"))}`;
  await provider.close();
  const options = { programDirectory: folder.directory, project: "demo", stack: "dev", config: {} };
  provider = await createProviderHost()
    .start(options, (message) => logs.push(message))
    .finally(() => {
      if (before === undefined) delete process.env["NODE_OPTIONS"];
      else process.env["NODE_OPTIONS"] = before;
    });
  await provider.cancel();
  const code = handler(`async create() { return { id: "1", outs: {} }; }`);
  expect(await provider.create(URN, code)).toMatchObject({ id: "1" });
  expect(logs.map(({ message }) => message)).toContain("asked to cancel");
});

it("ends the process when its configuration never comes", async () => {
  const options = { programDirectory: folder.directory, project: "demo", stack: "dev" };
  const pidFile = path.join(folder.directory, "pid");
  await folder.write({
    "pid-hook.js": `require("fs").writeFileSync(${JSON.stringify(pidFile)}, String(process.pid));`,
  });
  const env = {
    ...process.env,
    NODE_OPTIONS: `--require ${JSON.stringify(path.join(folder.directory, "pid-hook.js"))}`,
  };
  const config = Promise.reject(new Error("not needed"));
  const starting = createProviderHost(env).start({ ...options, config }, (message) => logs.push(message));
  await expect(starting).rejects.toThrow("not needed");
  const pid = Number(await fs.readFile(pidFile, "utf8"));
  expect(() => process.kill(pid, 0)).toThrow("ESRCH");
});
