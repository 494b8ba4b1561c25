import * as pulumi from "@pulumi/pulumi";
import { Dataset, Datatable, DatatableUpload } from "../../../provider/index";

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

test.each<[object, string]>([
  [new StringAsset("a,b"), "an asset without a file of its own"],
  [new RemoteAsset("https://example.com/orders.csv"), "an asset without a file of its own"],
  [new FileArchive("data"), "an archive"],
])("source is another asset (%#): refused", (source, what) => {
  expect(() => new DatatableUpload("orders", { ...PLACE, source: source as pulumi.asset.FileAsset })).toThrow(
    `declaring DatatableUpload "orders": source is ${what}. Give the path of one file, or new pulumi.asset.FileAsset(path).`,
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
