import { setTimeout as sleep } from "node:timers/promises";
import { alreadyExists } from "../../provider/messages/objects";
import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

const PROGRAM = `
const { Dataset, Datatable } = require("pulumi-processmind");
const sales = new Dataset("sales", { displayName: "Sales" });
new Datatable("orders", { datasetId: sales.id, displayName: "Orders" });
`;
const LOOK_MS = 20;
const MINUTES_MS = 10 * 60_000;

describeEngine("lost replies", () => {
  let stack: TenantStack;
  beforeEach(async () => {
    stack = await openTenantStack({ files: { "index.js": PROGRAM } });
  });
  afterEach(() => stack.close());

  it("makes one object, whose id is in the state, when the reply to its POST is lost", async () => {
    stack.emulator.setFaults([
      { kind: "reset", commit: true, match: { route: "datasets.create" } },
      { kind: "truncate", hangUp: true, match: { route: "datatables.create" } },
    ]);
    const first = await stack.up();
    expect(first).toMatchObject({ ok: true, changes: { created: 3 } });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 3 } });
    const { datasets, datatables } = stack.emulator.state();
    expect([datasets.length, datatables.length]).toEqual([1, 1]);
    expect(idsIn(await stack.exportStack())).toEqual([datasets[0]?.id, datatables[0]?.id]);
    expect(stack.requests().filter((route) => route.endsWith(".create"))).toEqual([
      "datasets.create",
      "datatables.create",
    ]);
  });

  it("names the object that a killed run has made, makes no other, and takes it over by existingId", async () => {
    stack.emulator.setFaults([{ kind: "delay", ms: MINUTES_MS, commit: true, match: { route: "datasets.create" } }]);
    const running = stack.startUp();
    const isMade = () =>
      stack.emulator.journal().some(({ route, committed }) => route === "datasets.create" && committed);
    let hasEnded = false;
    void running.ended.then(() => {
      hasEnded = true;
    });
    while (!isMade() && !hasEnded) await sleep(LOOK_MS);
    running.kill("SIGKILL");
    const killed = await running.ended;
    expect(killed).toMatchObject({ ok: false, exitCode: null });
    expect(idsIn(killed.state)).toEqual([]);

    await stack.unlock();
    stack.requests();
    const [{ id } = { id: "" }] = stack.emulator.state().datasets;
    const next = await stack.up();
    expect(next).toMatchObject({ ok: false, exitCode: stack.failedExitCode });
    const [line = ""] = alreadyExists("Dataset", "Sales", [{ id }]).message.split("\n");
    expect(next.text).toContain(line);
    expect(stack.requests()).toEqual(["datasets.list"]);

    await stack.edit("index.js", `"Sales"`, `"Sales", existingId: "${id}"`);
    const taken = await stack.up();
    expect(taken).toMatchObject({ ok: true, changes: { created: 2, unchanged: 1 } });
    const { datasets, datatables } = stack.emulator.state();
    expect(datasets).toHaveLength(1);
    expect(idsIn(taken.state)).toEqual([id, datatables[0]?.id]);
    expect(stack.requests()).toEqual(["datasets.get", "datatables.list", "datatables.create"]);
  });
});

/** Ids of our own resources. */
function idsIn(state: { resources?: { id?: string; type: string }[] } | undefined): (string | undefined)[] {
  const ours = (state?.resources ?? []).filter(({ type }) => type.includes("/processmind:"));
  return ours.map(({ id }) => id);
}
