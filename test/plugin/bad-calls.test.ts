import { type Emulator, startEmulator } from "processmind-emulator";
import { structFrom } from "../../engine/hosts/wire";
import { type PluginProcess, startPlugin, urnOf } from "../support/plugin-host";
import { newTestKey } from "../support/secret-scan";

/** Calls no engine should make: a clear error each, no request, and the process goes on. */

let emulator: Emulator;
let plugin: PluginProcess;

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: newTestKey() });
});
beforeEach(async () => {
  plugin = await startPlugin({ env: emulator.environment });
});
afterEach(async () => {
  expect(emulator.journal()).toEqual([]);
  await plugin.close();
});
afterAll(() => emulator.close());

const messages = () => plugin.sdk.provider;
const inputs = () => structFrom(plugin.sdk, { displayName: "Sales", treeNodeType: "Dataset", tenantId: "t" });

test("rejects a second Handshake", async () => {
  await plugin.handshake();
  await expect(plugin.handshake()).rejects.toThrow("there was a Handshake already");
});

test("rejects every call about a resource before Configure", async () => {
  const urn = urnOf("dataset");
  const { CheckRequest, DiffRequest, CreateRequest, ReadRequest, UpdateRequest, DeleteRequest, InvokeRequest } =
    messages();
  const calls = [
    plugin.call("check", new CheckRequest().setUrn(urn).setNews(inputs())),
    plugin.call("diff", new DiffRequest().setUrn(urn).setOlds(inputs()).setNews(inputs())),
    plugin.call("create", new CreateRequest().setUrn(urn).setProperties(inputs())),
    plugin.call("read", new ReadRequest().setUrn(urn).setId("set-1")),
    plugin.call("update", new UpdateRequest().setUrn(urn).setId("set-1").setOlds(inputs()).setNews(inputs())),
    plugin.call("delete", new DeleteRequest().setUrn(urn).setId("set-1").setProperties(inputs())),
    plugin.call("invoke", new InvokeRequest().setTok("processmind:index:getDatasets")),
  ];
  for (const call of calls)
    await expect(call).rejects.toThrow("the provider is not configured yet: Configure comes first");
});

test("rejects a second provider, which would have another tenant and key", async () => {
  await plugin.configure({});
  await plugin.configure({});
  const other = plugin.configure({}, "urn:pulumi:test::test::pulumi:providers:processmind::other");
  await expect(other).rejects.toThrow(/^this process serves urn:.*::default already; another provider needs/);
});

describe("once configured", () => {
  beforeEach(() => plugin.configure({}));

  describe.each([
    ["check", "CheckRequest", ["setOlds", "setNews"]],
    ["diff", "DiffRequest", ["setOlds", "setOldInputs", "setNews"]],
    ["create", "CreateRequest", ["setProperties"]],
    ["read", "ReadRequest", ["setProperties", "setInputs"]],
    ["update", "UpdateRequest", ["setOlds", "setNews"]],
    ["delete", "DeleteRequest", ["setProperties"]],
    ["checkConfig", "CheckRequest", ["setNews"]],
    ["diffConfig", "DiffRequest", ["setOldInputs", "setNews"]],
    ["configure", "ConfigureRequest", ["setArgs"]],
    ["invoke", "InvokeRequest", ["setArgs"]],
  ] as const)("%s", (method, type, setters) => {
    const fields: readonly string[] = setters;

    /** A request as it should be, but for one field. */
    function requestWith(setter: string, malformed: object) {
      const request = new (messages()[type] as unknown as new () => { [accessor: string]: unknown })();
      const set = (name: string, value: unknown) =>
        (request[name] as ((value: unknown) => void) | undefined)?.call(request, value);
      set("setUrn", urnOf("dataset"));
      set("setId", "set-1");
      set("setTok", "processmind:index:getDatasets");
      for (const each of fields) set(each, inputs());
      set(setter, malformed);
      return request;
    }

    test("rejects a value of no kind, and one that is deep in another", async () => {
      const { Struct, Value } = plugin.sdk.struct;
      const flat = new Struct();
      flat.getFieldsMap().set("displayName", new Value());
      const deep = new Struct();
      deep.getFieldsMap().set("eventLog", new Value().setStructValue(flat));
      for (const [setter, malformed] of fields.flatMap((each) => [flat, deep].map((value) => [each, value] as const))) {
        await expect(plugin.call(method, requestWith(setter, malformed))).rejects.toThrow(
          /^the .* are malformed: a value in them is of no kind$/,
        );
      }
    });
  });

  test("answers after a malformed call", async () => {
    const { Struct, Value } = plugin.sdk.struct;
    const malformed = new Struct();
    malformed.getFieldsMap().set("displayName", new Value());
    const create = new (messages().CreateRequest)().setUrn(urnOf("dataset")).setProperties(malformed);
    await expect(plugin.call("create", create)).rejects.toThrow();
    const check = new (messages().CheckRequest)().setUrn(urnOf("dataset")).setNews(inputs());
    await expect(plugin.call("check", check)).resolves.toBeDefined();
  });

  test("rejects a read, an update and a delete without an id", async () => {
    const { ReadRequest, UpdateRequest, DeleteRequest } = messages();
    const urn = urnOf("dataset");
    const calls = [
      plugin.call("read", new ReadRequest().setUrn(urn).setProperties(inputs())),
      plugin.call("update", new UpdateRequest().setUrn(urn).setOlds(inputs()).setNews(inputs())),
      plugin.call("delete", new DeleteRequest().setUrn(urn).setProperties(inputs())),
    ];
    for (const call of calls) await expect(call).rejects.toThrow("the id is missing");
  });

  test("rejects a create without inputs", async () => {
    const request = new (messages().CreateRequest)().setUrn(urnOf("dataset"));
    await expect(plugin.call("create", request)).rejects.toThrow("the inputs are missing");
  });

  test.each([
    "",
    "nonsense",
    "urn:pulumi:s::p::processmind:index:Process::x",
    "urn:pulumi:s::p::a$__proto__::x",
    // Tokens of another version of the schema.
    "urn:pulumi:s::p::processmind:v2:Dataset::x",
    "urn:pulumi:s::p::processmind:index/dataset:Dataset::x",
  ])("rejects the URN %j", async (urn) => {
    const request = new (messages().CreateRequest)().setUrn(urn).setProperties(inputs());
    await expect(plugin.call("create", request)).rejects.toThrow(
      /is not a resource of this provider, which has processmind:/,
    );
  });

  test("rejects a function it does not have", async () => {
    const request = new (messages().InvokeRequest)().setTok("processmind:index/v2:getDatasets");
    await expect(plugin.call("invoke", request)).rejects.toThrow(
      /^"processmind:index\/v2:getDatasets" is not a function/,
    );
  });

  test("rejects a schema of another version", async () => {
    const request = new (messages().GetSchemaRequest)().setVersion(1);
    await expect(plugin.call("getSchema", request)).rejects.toThrow(
      "there is no schema of version 1, only of version 0",
    );
  });

  test("answers that a component cannot be constructed", async () => {
    await expect(plugin.call("construct", new (messages().ConstructRequest)())).rejects.toThrow(
      /UNIMPLEMENTED|implement/i,
    );
  });
});

// Pulumi's engine ends its plugins so, waits 5 s for each, and takes the others' end for a crash then.
const posixTest = process.platform === "win32" ? test.skip : test;
posixTest("ends at SIGINT, without a grace period", async () => {
  await plugin.handshake();
  process.kill(plugin.child.pid ?? Number.NaN, "SIGINT");
  await expect(plugin.child.ended).resolves.toMatchObject({ signal: "SIGINT" });
});

test("ends by itself when the engine is gone", async () => {
  await plugin.handshake();
  plugin.endEngine();
  await expect(plugin.child.ended).resolves.toMatchObject({ exitCode: 1, signal: null });
});
