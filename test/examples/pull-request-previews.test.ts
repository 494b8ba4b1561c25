import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

describeEngine("pull-request-previews", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "pull-request-previews" });
  });
  afterAll(() => stack.close());

  it("loads its table, and fails the preview of a file that its guard rails refuse", async () => {
    const preview = await stack.preview();
    expect(preview).toMatchObject({ ok: true, changeSummary: { create: 4 } });
    expect(preview.steps.at(-1)?.newState?.inputs).toMatchObject({ change: "first upload" });
    expect(stack.requests()).toEqual([]);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });

    stack.requests();
    const [header, first, second] = (await stack.folder.read("data/claim-events.csv")).split("\n");
    await stack.folder.write({ "data/claim-events.csv": `${header}\n${first}\n${second}\n` });
    const refused = await stack.previewText();
    expect(refused).toMatchObject({ ok: false, exitCode: 255 });
    expect(refused.text).toMatch(/maxRowDropPercent.*acceptSha256/s);
    expect(stack.requests()).toEqual([]);

    // As someone in the web application empties it: nothing would be lost any more.
    await stack.emulator.change(({ datatables }) => {
      for (const datatable of datatables) datatable.rowCount = 0;
    });
    expect(await stack.destroy()).toMatchObject({ ok: true, changes: { deleted: 4 } });
    expect(stack.emulator.state()).toMatchObject({ datasets: [], datatables: [] });
  });
});
