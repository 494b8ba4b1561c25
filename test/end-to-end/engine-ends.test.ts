import fs from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { NOT_CONFIRMED } from "../../provider/messages/uploads";
import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";
import { untilPut } from "../support/until-put";

/** What a run that is cancelled or killed in the middle of an upload leaves in storage, in the table and in the state. */

const PROGRAM = `
const { Dataset, Datatable, DatatableUpload } = require("pulumi-processmind");
const datasetId = new Dataset("sales", { displayName: "Sales" }).id;
const datatableId = new Datatable("orders", { datasetId, displayName: "Orders" }).id;
new DatatableUpload("orders", { datasetId, datatableId, source: "orders.csv", waitForRowsSeconds: 600 });
`;
const LOOK_MS = 20;
const OLD = `case_id,activity\n${"1,a rather long name of an activity\n".repeat(400_000)}`;
const NEW = "case_id,activity\n1,start\n1,end\n";

describeEngine("a run that ends in the middle of an upload", () => {
  let stack: TenantStack;
  beforeEach(async () => {
    stack = await openTenantStack({ files: { "index.js": PROGRAM, "orders.csv": NEW }, newProcesses: true });
    stack.emulator.setBehaviour({ uploadMode: "append" });
  });
  afterEach(() => stack.close());

  const put = () => stack.emulator.journal().filter(({ route }) => route === "storage.put");

  /** Starts an `up`, and resolves once this holds of its last request to storage. */
  async function upUntil(holds: (receivedBytes: number, isStored: boolean) => boolean) {
    const running = stack.startUp();
    await untilPut(running, stack.emulator, holds);
    return running;
  }

  it("sends the file once when Ctrl-C is pressed while rows are waited for", async () => {
    stack.emulator.setBehaviour({ ingestion: "never" });
    const running = await upUntil((_, isStored) => isStored);
    running.kill("SIGINT");
    const cancelled = await running.ended;
    expect(cancelled.ok).toBe(false);
    expect(cancelled.text).toContain(NOT_CONFIRMED.cancelled());
    expect(cancelled.state?.pending_operations ?? []).toEqual([]);

    stack.emulator.setBehaviour({ ingestion: "works" });
    expect(await stack.up()).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect(put()).toHaveLength(1);
  });

  it("stores nothing of an older file when the engine is killed while it is sent", async () => {
    await stack.folder.write({ "orders.csv": OLD });
    stack.emulator.setFaults([{ kind: "slow-read", pauseMs: 100, match: { route: "storage.put" } }]);
    const running = await upUntil((receivedBytes) => receivedBytes > 0);
    running.kill("SIGKILL");
    await running.ended;
    await stack.unlock();

    // Another file in its place: one that changes while it is sent is not stored anyway.
    await stack.folder.write({ "newer.csv": NEW });
    await fs.rename(path.join(stack.folder.directory, "newer.csv"), path.join(stack.folder.directory, "orders.csv"));
    const next = await stack.up();
    expect(next.ok).toBe(true);
    while (put().some(({ ending }) => ending === "open")) await sleep(LOOK_MS);
    // Whether storage meets a reset or the end of the stream depends on how far the process had come.
    expect(put().map(({ committed }) => committed)).toEqual([false, true]);
    const upload = next.state?.resources?.find(({ type }) => type.endsWith(":DatatableUpload"));
    const stored = stack.emulator.uploads(upload?.id ?? "").flatMap(({ object }) => (object ? [object.sha256] : []));
    expect(stored).toEqual([upload?.outputs?.["contentSha256"]]);
  });
});
