import type {
  CheckResponse,
  CreateResponse,
  DiffResponse,
  GetSchemaResponse,
  InvokeResponse,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { type Emulator, startEmulator } from "processmind-emulator";
import { propertiesFrom, structFrom } from "../../engine/hosts/wire";
import type { Properties } from "../../engine/model";
import { type PluginProcess, startPlugin, urnOf } from "../support/plugin-host";
import { newTestKey, secretsIn } from "../support/secret-scan";

/** The plugin process, driven as Pulumi's engine drives it, from Handshake to Cancel. */

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const ASSET = "c44067f5952c0a294b673a41bacd8c17";
const CSV = "case_id,activity\n1,start\n1,end\n";
const SHA256 = "19dfff2c425496cfed61744f5b9f227a3e770b8cce702f8aa89cdf3d7fce52da";

let emulator: Emulator;
let plugin: PluginProcess;
const struct = (properties: Properties) => structFrom(plugin.sdk, properties);
const messages = () => plugin.sdk.provider;

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: newTestKey() });
  const env = { PROCESSMIND_API_KEY: undefined, PROCESSMIND_API_URL: undefined, PROCESSMIND_TENANT_ID: undefined };
  plugin = await startPlugin({ env, files: { "orders.csv": CSV } });
  await plugin.handshake();
  await plugin.configure({ ...settings(), timeoutSeconds: "33" });
});

beforeEach(async () => {
  await emulator.reset();
  plugin.logs.length = 0;
});

afterEach(() => expect(secretsIn(JSON.stringify(plugin.logs))).toEqual([]));

afterAll(async () => {
  await plugin?.close();
  await emulator?.close();
});

const settings = () => ({ apiKey: emulator.apiKey, apiUrl: emulator.apiUrl, tenantId: emulator.tenantId });
const requests = () => emulator.journal().map(({ method, route }) => `${method} ${route}`);

async function check(kind: "dataset" | "datatableUpload", news: Properties, olds: Properties = {}) {
  const request = new (messages().CheckRequest)().setUrn(urnOf(kind)).setNews(struct(news)).setOlds(struct(olds));
  const response = await plugin.call<CheckResponse>("check", request);
  return {
    inputs: propertiesFrom(response.getInputs()),
    failures: response.getFailuresList().map((failure) => failure.toObject()),
  };
}

async function diff(kind: "dataset" | "datatableUpload", olds: Properties, oldInputs: Properties, news: Properties) {
  const request = new (messages().DiffRequest)()
    .setUrn(urnOf(kind))
    .setId("id-1")
    .setOlds(struct(olds))
    .setOldInputs(struct(oldInputs))
    .setNews(struct(news));
  const response = await plugin.call<DiffResponse>("diff", request);
  const kinds = ["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"];
  const detailed = response.getDetaileddiffMap().toArray() as unknown as [string, { 0: number }][];
  return {
    changes: response.getChanges() === messages().DiffResponse.DiffChanges.DIFF_SOME,
    replaces: response.getReplacesList(),
    detailed: Object.fromEntries(
      detailed.map(([name]) => [name, kinds[response.getDetaileddiffMap().get(name)?.getKind() ?? 0]]),
    ),
  };
}

async function read(kind: "dataset" | "datatable" | "datatableUpload", id: string, state?: Properties) {
  const request = new (messages().ReadRequest)().setUrn(urnOf(kind)).setId(id);
  if (state !== undefined) request.setProperties(struct(state)).setInputs(struct(state));
  const response = await plugin.call<ReadResponse>("read", request);
  return {
    id: response.getId(),
    state: propertiesFrom(response.getProperties()),
    inputs: propertiesFrom(response.getInputs()),
  };
}

async function invoke(token: string, args: Properties) {
  const request = new (messages().InvokeRequest)().setTok(token).setArgs(struct(args));
  const response = await plugin.call<InvokeResponse>("invoke", request);
  return {
    result: propertiesFrom(response.getReturn()),
    failures: response.getFailuresList().map((failure) => failure.toObject()),
  };
}

const upload = () => ({ datasetId: "set-1", datatableId: "table-1", source: "orders.csv" });
const CREATED_AT = "2026-01-02T03:04:05.000Z";
const putDataset = () =>
  emulator.change((state) => {
    const place = { treeNodeType: "Dataset", treeParentId: null, createdAt: CREATED_AT } as const;
    state.datasets.push({ id: "set-1", displayName: "Sales", ...place });
    state.datatables.push({ id: "table-1", datasetId: "set-1", displayName: "Orders", createdAt: CREATED_AT });
  });

test("returns the schema with the version of the package", async () => {
  const response = await plugin.call<GetSchemaResponse>("getSchema", new (messages().GetSchemaRequest)());
  expect(JSON.parse(response.getSchema())).toMatchObject({ name: "processmind", version: expect.any(String) });
});

describe("CheckConfig", () => {
  async function checkConfig(news: Properties) {
    const response = await plugin.call<CheckResponse>(
      "checkConfig",
      new (messages().CheckRequest)().setNews(struct(news)),
    );
    return {
      inputs: propertiesFrom(response.getInputs()),
      failures: response.getFailuresList().map((f) => f.getReason()),
    };
  }

  test("marks the key as a secret when it was set in plain text", async () => {
    const { inputs, failures } = await checkConfig({ apiKey: "some-key", tenantId: "t" });
    expect(inputs).toEqual({
      apiKey: { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value: "some-key" },
      tenantId: "t",
    });
    expect(failures).toEqual([]);
  });

  test.each([
    ["an unknown setting, with the nearest name", { apiKye: "k" }, /^apiKye is not a setting .*did you mean apiKey\?/],
    ["a time limit that is no number", { timeoutSeconds: "soon" }, /timeoutSeconds is "soon"/],
    ["an address that is not https", { apiUrl: "http://example.com" }, /is not https/],
    ["a key with a blank", { apiKey: "two words" }, /holds whitespace/],
  ])("rejects %s", async (_, news, reason) => {
    expect((await checkConfig(news)).failures).toEqual([expect.stringMatching(reason)]);
  });

  test("accepts values that are not known yet", async () => {
    const news = { apiKey: UNKNOWN, apiUrl: UNKNOWN, timeoutSeconds: UNKNOWN, tenantId: UNKNOWN };
    expect((await checkConfig(news)).failures).toEqual([]);
  });
});

describe("Check", () => {
  test("takes the tenant from the provider when the resource names none", async () => {
    const { inputs, failures } = await check("dataset", { displayName: "Sales" });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({ displayName: "Sales", treeNodeType: "Dataset", tenantId: emulator.tenantId });
  });

  test("records the path of a FileAsset", async () => {
    const source = { [SIGNATURE]: ASSET, hash: SHA256, path: "orders.csv" };
    const { inputs, failures } = await check("datatableUpload", { ...upload(), source });
    expect(failures).toEqual([]);
    expect(inputs).toMatchObject({ source: "orders.csv", contentSha256: SHA256, rows: 2 });
  });

  test.each([
    ["a text asset", { text: "case_id,activity" }],
    ["a remote asset", { uri: "https://example.com/orders.csv" }],
  ])("rejects %s in one sentence that does not print it", async (_, parts) => {
    const { failures } = await check("datatableUpload", { ...upload(), source: { [SIGNATURE]: ASSET, ...parts } });
    const reason = "source must be the path of one file, or a FileAsset: other assets and archives cannot be uploaded";
    expect(failures).toEqual([{ property: "", reason }]);
  });

  test("names the nearest property when one is mistyped", async () => {
    const { failures } = await check("dataset", { displayName: 5, forceDestory: true });
    expect(failures).toEqual([
      { property: "forceDestory", reason: expect.stringContaining("did you mean forceDestroy?") },
      { property: "displayName", reason: expect.stringContaining("must be text, not a number") },
    ]);
  });
});

describe("Diff", () => {
  const old = {
    ...upload(),
    fileName: "orders.csv",
    contentSha256: "a",
    sizeBytes: 1,
    rows: 1,
    change: "first upload",
  };

  test("lists the changed properties and no others", async () => {
    const news = { ...old, contentSha256: "b", sizeBytes: 2, rows: 2, change: "rewritten" };
    expect(await diff("datatableUpload", { ...old, uploadedAt: CREATED_AT }, old, news)).toEqual({
      changes: true,
      replaces: [],
      detailed: { contentSha256: "UPDATE", sizeBytes: "UPDATE", rows: "UPDATE", change: "UPDATE" },
    });
  });

  test("marks what needs a new object", async () => {
    const { detailed, replaces } = await diff("datatableUpload", old, old, { ...old, datatableId: UNKNOWN });
    expect({ detailed, replaces }).toEqual({ detailed: { datatableId: "UPDATE_REPLACE" }, replaces: ["datatableId"] });
  });

  test("reports no change of a state that the dynamic provider wrote", async () => {
    const shell = { __provider: 'exports.handler = () => require("pulumi-processmind/lifecycle").dataset;' };
    const inputs = { displayName: "Sales", treeNodeType: "Dataset", tenantId: "t" };
    const state = { ...inputs, ...shell, adopted: false };
    expect(await diff("dataset", state, { ...inputs, ...shell }, inputs)).toEqual({
      changes: false,
      replaces: [],
      detailed: {},
    });
  });
});

describe("a preview", () => {
  test("of a create leaves outputs unknown and sends nothing", async () => {
    const inputs = { displayName: "Sales", treeNodeType: "Dataset", tenantId: "t" };
    const request = new (messages().CreateRequest)()
      .setUrn(urnOf("dataset"))
      .setProperties(struct(inputs))
      .setPreview(true);
    const response = await plugin.call<CreateResponse>("create", request);
    expect(response.getId()).toBe("");
    expect(propertiesFrom(response.getProperties())).toEqual({
      ...inputs,
      createdAt: UNKNOWN,
      datatableCount: UNKNOWN,
      adopted: UNKNOWN,
    });
    expect(requests()).toEqual([]);
  });

  test("of an update keeps what the update does not change and sends nothing", async () => {
    const inputs = { displayName: "Sales", treeNodeType: "Dataset", tenantId: "t", forceDestroy: true };
    const request = new (messages().UpdateRequest)()
      .setUrn(urnOf("dataset"))
      .setId("set-1")
      .setOlds(struct({ ...inputs, forceDestroy: false, createdAt: CREATED_AT, adopted: false }))
      .setNews(struct(inputs))
      .setPreview(true);
    const response = await plugin.call<UpdateResponse>("update", request);
    expect(propertiesFrom(response.getProperties())).toEqual({ ...inputs, createdAt: CREATED_AT, adopted: false });
    expect(requests()).toEqual([]);
  });
});

describe("an import", () => {
  test.each([
    ["an id", () => "set-1"],
    ["TENANT/ID", () => `${emulator.tenantId}/set-1`],
  ])("reads a dataset by %s, and its inputs preview as unchanged", async (_, id) => {
    await putDataset();
    const imported = await read("dataset", id());
    expect(imported).toEqual({
      id: "set-1",
      state: {
        displayName: "Sales",
        tenantId: emulator.tenantId,
        createdAt: CREATED_AT,
        datatableCount: 1,
        adopted: false,
      },
      inputs: { displayName: "Sales", tenantId: emulator.tenantId },
    });
    const { inputs, failures } = await check("dataset", imported.inputs, imported.inputs);
    expect(failures).toEqual([]);
    expect(await diff("dataset", imported.state, imported.inputs, inputs)).toMatchObject({ changes: false });
  });

  test("reads a datatable", async () => {
    await putDataset();
    const { inputs } = await read("datatable", "table-1");
    expect(inputs).toEqual({ datasetId: "set-1", displayName: "Orders", tenantId: emulator.tenantId });
  });

  test("of an upload is rejected in one sentence", async () => {
    await expect(read("datatableUpload", "table-1")).rejects.toThrow(
      "A DatatableUpload has nothing to import: declare it, and `pulumi up` sends its file.",
    );
    expect(requests()).toEqual([]);
  });

  test.each(["/set-1", "a/", "a/b/c"])("of %s is rejected", async (id) => {
    await expect(read("dataset", id)).rejects.toThrow(`"${id}" is no id: give ID, or TENANT/ID for another tenant`);
  });
});

test("a refresh takes the dynamic provider's text out of the state", async () => {
  await putDataset();
  const inputs = { displayName: "Sales", treeNodeType: "Dataset", tenantId: emulator.tenantId, __provider: "text" };
  const refreshed = await read("dataset", "set-1", { ...inputs, adopted: false });
  expect(refreshed.state).not.toHaveProperty("__provider");
  expect(refreshed.inputs).toEqual({ displayName: "Sales", treeNodeType: "Dataset", tenantId: emulator.tenantId });
});

test("a warning names the resource by its URN", async () => {
  await plugin.provider.delete(
    urnOf("datatableUpload", "orders"),
    "table-1",
    { ...upload(), fileName: "orders.csv" },
    {},
  );
  expect(plugin.logs).toEqual([
    expect.objectContaining({ severity: "warning", urn: urnOf("datatableUpload", "orders") }),
  ]);
});

describe("functions", () => {
  beforeEach(putDataset);

  test("return objects", async () => {
    const dataset = { id: "set-1", displayName: "Sales", createdAt: CREATED_AT };
    expect((await invoke("processmind:index:getDatasets", {})).result).toEqual({
      datasets: [expect.objectContaining(dataset)],
    });
    expect((await invoke("processmind:index:getDataset", { displayName: "Sales" })).result).toMatchObject(dataset);
    const { result } = await invoke("processmind:index:getDatatables", { datasetId: "set-1" });
    expect(result).toEqual({ datatables: [expect.objectContaining({ id: "table-1", datasetId: "set-1" })] });
    expect((await invoke("processmind:index:getDatatable", { id: "table-1" })).result).toMatchObject({ id: "table-1" });
  });

  test("name what is there when nothing has the name", async () => {
    await expect(invoke("processmind:index:getDataset", { displayName: "Sale" })).rejects.toThrow(
      /^looking up Dataset "Sale" .*"Sales" \(set-1\)/s,
    );
  });

  test("reject arguments of the wrong kind without a request", async () => {
    const { failures } = await invoke("processmind:index:getDataset", { displayNmae: "Sales", tenantId: 5 });
    expect(failures.map(({ property }) => property)).toEqual(["displayNmae", "tenantId"]);
    expect(requests()).toEqual([]);
  });
});

describe("Cancel", () => {
  test("lets nothing new begin", async () => {
    const { Empty } = plugin.sdk.empty;
    await plugin.call("cancel", new Empty());
    const create = plugin.provider.create(urnOf("dataset"), { displayName: "Sales", tenantId: emulator.tenantId });
    await expect(create).rejects.toThrow("the run was cancelled before this began; nothing was sent");
    expect(requests()).toEqual([]);
  });
});
