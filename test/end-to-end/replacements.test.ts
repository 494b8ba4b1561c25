import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

/** What replaces an object because the program asks for it, on every engine. */

const PROGRAM = `
const { Dataset, Datatable, DatatableUpload } = require("pulumi-processmind");
const name = process.env.NAME ?? "Sales";
const sales = new Dataset("sales", { displayName: name, forceDestroy: true });
const orders = new Datatable("orders", { datasetId: sales.id, displayName: "Orders", forceDestroy: true });
const upload = { datasetId: sales.id, datatableId: orders.id, source: "orders.csv", waitForRowsSeconds: 0, whenTableHasRows: "send" };
new DatatableUpload("orders", upload, { replaceOnChanges: ["contentSha256"] });
`;

describeEngine("replacements", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ files: { "index.js": PROGRAM, "orders.csv": "id\n1\n" } });
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    stack.requests();
  });
  afterAll(() => stack.close());

  it("hides the keys of an upload that no reader needs from its diffs", async () => {
    const { resources = [] } = await stack.exportStack();
    const hidden = resources.map(({ type, hideDiff }) => [type.split(":").at(-1), hideDiff]);
    expect(Object.fromEntries(hidden)).toMatchObject({
      Dataset: undefined,
      DatatableUpload: ["__activities", "__columns", "__profileVersion", "__rowSketch"],
    });
  });

  it("replaces an upload when an input changes that replaceOnChanges names", async () => {
    await stack.folder.write({ "orders.csv": "id\n2\n" });
    expect(await stack.preview()).toMatchObject({ ok: true, changeSummary: { replace: 1, same: 3 } });
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 1, unchanged: 3 } });
    expect(stack.requests().filter((route) => route !== "datatables.get")).toEqual(["uploads.presign", "storage.put"]);
  });

  it("deletes a dataset before it creates another when forceDestroy allows that", async () => {
    stack.env["NAME"] = "Sales Europe";
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 3 } });
    const changing = stack.requests().filter((route) => /\.(delete|create|put)$/.test(route));
    expect(changing).toEqual([
      "datatables.delete",
      "datasets.delete",
      "datasets.create",
      "datatables.create",
      "storage.put",
    ]);
    expect(stack.emulator.state().datasets).toMatchObject([{ displayName: "Sales Europe" }]);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
  });
});
