import fs from "node:fs/promises";
import path from "node:path";
import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

/** Its key is in the stack's configuration, encrypted, as the README has it beside the environment. */
describeEngine("many-tables", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "many-tables", keyInConfig: true });
  });
  afterAll(() => stack.close());

  it("goes from nothing to three tables in a folder, over a renamed file, and back", async () => {
    expect(await stack.preview()).toMatchObject({ ok: true, changeSummary: { create: 9 } });
    expect(stack.requests()).toEqual([]);

    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 9 } });
    await stack.emulator.settled();
    const { datasets, datatables } = stack.emulator.state();
    const [folder, dataset] = datasets;
    expect(datasets).toMatchObject([
      { displayName: "Finance", treeNodeType: "TreeGroup", treeParentId: null },
      { displayName: "Purchasing", treeNodeType: "Dataset", treeParentId: folder?.id },
    ]);
    const tables = Object.fromEntries(datatables.map(({ displayName, rowCount }) => [displayName, rowCount]));
    expect(tables).toEqual({ "Goods receipts": 6, Invoices: 6, "Purchase orders": 8 });
    expect(datatables.every(({ datasetId }) => datasetId === dataset?.id)).toBe(true);
    const idOf = (name: string) => datatables.find(({ displayName }) => displayName === name)?.id;
    expect(await stack.outputs()).toEqual({
      datatableIds: {
        "goods-receipts": idOf("Goods receipts"),
        invoices: idOf("Invoices"),
        "purchase-orders": idOf("Purchase orders"),
      },
    });

    stack.requests();
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 9 } });
    expect(stack.requests()).toEqual([]);

    const data = path.join(stack.folder.directory, "data");
    await fs.rename(path.join(data, "invoices.csv"), path.join(data, "vendor-invoices.csv"));
    await stack.edit("index.ts", "string } = {}", 'string } = { "vendor-invoices": "invoices" }');
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 9 } });
    expect(stack.requests()).toEqual([]);

    await stack.setConfig("forceDestroy", "true");
    expect(await stack.up()).toMatchObject({ ok: true, changes: { updated: 5, unchanged: 4 } });
    expect(stack.requests()).toEqual([]);
    expect(await stack.destroy()).toMatchObject({ ok: true, changes: { deleted: 9 } });
    expect(stack.emulator.state()).toMatchObject({ datasets: [], datatables: [] });
  });
});
