import { makeTable } from "../emulator/client";
import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

describeEngine("adopt-existing", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "adopt-existing" });
  });
  afterAll(() => stack.close());

  it("takes over a table, loads it, and leaves it in ProcessMind", async () => {
    const { datasetId, datatableId } = await makeTable(stack.emulator);
    await stack.emulator.change(({ datasets: [dataset], datatables: [datatable] }) => {
      Object.assign(dataset ?? {}, { displayName: "Claims" });
      Object.assign(datatable ?? {}, { displayName: "Claim events" });
    });
    await stack.setConfig("datasetId", datasetId);
    await stack.setConfig("datatableId", datatableId);
    stack.requests();

    expect(await stack.preview()).toMatchObject({ ok: true, changeSummary: { create: 4 } });
    expect(stack.requests()).toEqual([]);

    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    const requests = stack.requests().filter((route) => route !== "datatables.get");
    expect(requests).toEqual(["datasets.get", "uploads.presign", "storage.put"]);
    expect(await stack.outputs()).toEqual({ allAdopted: true });

    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect(stack.requests()).toEqual([]);

    const destroyed = await stack.destroy();
    expect(destroyed).toMatchObject({ ok: true, changes: { deleted: 4 } });
    expect(destroyed.text).toContain("stays in ProcessMind, as it was adopted and not created here.");
    await stack.emulator.settled();
    expect(stack.emulator.state()).toMatchObject({
      datasets: [{ id: datasetId, displayName: "Claims" }],
      datatables: [{ id: datatableId, displayName: "Claim events", rowCount: 6 }],
    });
  });
});
