import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

describeEngine("monthly-files", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "monthly-files", emulator: { behaviour: { uploadMode: "append" } } });
  });
  afterAll(() => stack.close());

  it("sends the new month alone, and keeps the rows of the earlier ones", async () => {
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 5 } });
    await stack.emulator.settled();
    expect(stack.emulator.state().datatables).toMatchObject([{ displayName: "Tickets", rowCount: 9 }]);
    expect(stack.emulator.uploads().map(({ fileName }) => fileName)).toEqual(["2025-01.csv", "2025-02.csv"]);

    const march = "ticket,activity,timestamp,team\nT-103,Opened,2025-03-05T09:00:00Z,phone\n";
    await stack.folder.write({ "data/2025-03.csv": march });
    expect(await stack.preview()).toMatchObject({ ok: true, changeSummary: { create: 1, same: 5 } });
    stack.requests();
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 1, unchanged: 5 } });
    expect(stack.requests().filter((route) => route === "storage.put")).toHaveLength(1);
    await stack.emulator.settled();
    expect(stack.emulator.state().datatables).toMatchObject([{ rowCount: 10 }]);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true });
  });
});
