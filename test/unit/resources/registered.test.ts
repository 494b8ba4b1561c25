import * as pulumi from "@pulumi/pulumi";
import { Dataset, Datatable, DatatableUpload } from "../../../provider/index";
import { cannotImport, notOneFile } from "../../../provider/messages/program";

/** What the resource classes register, seen by Pulumi's mocks. */

let registered: { name: string; id: string | undefined; inputs: Record<string, unknown> }[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks({
    newResource: ({ name, id, inputs }) => {
      registered.push({ name, id, inputs });
      return { id: id === undefined || id === "" ? "new" : id, state: inputs };
    },
    call: () => ({}),
  });
  pulumi.runtime.setAllConfig({ "processmind:tenantId": "configured" });
});

const { FileAsset, StringAsset, RemoteAsset, FileArchive } = pulumi.asset;
const PLACE = { datatableId: "table-1", datasetId: "set-1" };

async function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

test.each<[string, pulumi.Input<string | pulumi.asset.FileAsset>]>([
  ["a path", "data/orders.csv"],
  ["an output of a path", pulumi.output("data/orders.csv")],
  ["a FileAsset", new FileAsset("data/orders.csv")],
  ["a FileAsset of a path to come", new FileAsset(Promise.resolve("data/orders.csv"))],
  ["a promise of a FileAsset", Promise.resolve(new FileAsset("data/orders.csv"))],
  ["an output of a FileAsset", pulumi.output<unknown>(new FileAsset("data/orders.csv")) as pulumi.Output<string>],
  ["an applied FileAsset", pulumi.output(1).apply(() => new FileAsset(Promise.resolve("data/orders.csv")))],
])("source is %s: the path is registered", async (_, source) => {
  const upload = new DatatableUpload("orders", { ...PLACE, source });
  expect(await settled(upload.source)).toBe("data/orders.csv");
  await settled(upload.id);
  const __provider = 'exports.handler = () => require("pulumi-processmind/lifecycle").datatableUpload;';
  const inputs = { ...PLACE, source: "data/orders.csv", tenantId: "configured", __provider };
  expect(registered).toEqual([{ name: "orders", id: "", inputs }]);
});

test.each<[object, boolean]>([
  [new StringAsset("a,b"), false],
  [new RemoteAsset("https://example.com/orders.csv"), false],
  [new FileArchive("data"), true],
])("rejects a source that is another asset (%#)", (source, isArchive) => {
  expect(() => new DatatableUpload("orders", { ...PLACE, source: source as pulumi.asset.FileAsset })).toThrow(
    notOneFile("orders", isArchive).message,
  );
});

test.each<["dataset" | "datatable", typeof Dataset.get | typeof Datatable.get]>([
  ["dataset", Dataset.get],
  ["datatable", Datatable.get],
])("%s: get passes the id and the tenant, and nothing else", async (kind, get) => {
  await settled(get("there", "id-1").id);
  await settled(get("elsewhere", pulumi.output("id-2"), { tenantId: pulumi.output("other"), timeoutSeconds: 5 }).id);
  const __provider = `exports.handler = () => require("pulumi-processmind/lifecycle").${kind};`;
  expect(registered).toEqual([
    { name: "there", id: "id-1", inputs: { tenantId: "configured", __provider } },
    { name: "elsewhere", id: "id-2", inputs: { tenantId: "other", timeoutSeconds: 5, __provider } },
  ]);
});

test.each<["Dataset" | "Datatable" | "DatatableUpload", () => unknown, string]>([
  ["Dataset", () => new Dataset("it", { displayName: "Sales" }, { import: "set-1" }), '"set-1"'],
  [
    "Datatable",
    () =>
      new Datatable(
        "it",
        { datasetId: "set-1", displayName: "Orders" },
        { import: pulumi.output("table-1") as unknown as string },
      ),
    "…",
  ],
  [
    "DatatableUpload",
    () => new DatatableUpload("it", { ...PLACE, source: "orders.csv" }, { import: "upload-1" }),
    '"upload-1"',
  ],
])("%s: rejects the option import without a stack", (kind, declare, id) => {
  const { message } = cannotImport(kind, "it", id);
  expect(declare).toThrow(message);
  expect(thrownBy(declare)).toMatchObject({ __pulumiRunError: true, stack: `ProcessMindError: ${message}` });
});

test("source is another asset: the sentence is printed without a stack", () => {
  const source = new StringAsset("a,b") as pulumi.asset.Asset as pulumi.asset.FileAsset;
  const error = thrownBy(() => new DatatableUpload("orders", { ...PLACE, source }));
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(String((error as Error).stack)).not.toMatch(/^ +at /m);
});

test("names the inputs that are secret, and none where nothing is", async () => {
  await settled(new Dataset("plain", { displayName: pulumi.output("Sales") }).id);
  await settled(new Dataset("secret", { displayName: pulumi.secret("Sales"), treeParentId: "folder" }).id);
  expect(registered.map(({ inputs }) => inputs["__secretInputs"])).toEqual([undefined, ["displayName"]]);
});

function thrownBy(declare: () => unknown): unknown {
  try {
    declare();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
