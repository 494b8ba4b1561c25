import fs from "node:fs/promises";
import path from "node:path";
import { ordersCsv, ROWS } from "../../examples/quickstart/generate";
import type { EngineDriver } from "../support/engine-driver";
import { commandDriver } from "../support/engine-driver-command";
import { localCommand } from "../support/engine-driver-local";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

/** A stack that changes its engine, which needs both: `npm run test:cli` runs it. */
const describeBoth = process.env["ENGINE_DRIVER"] === "cli" ? describe : describe.skip;

const ALL_SAME = { ok: true, changeSummary: { same: 4 } };

describeBoth("the state of a quickstart with its key in the configuration", () => {
  let stack: TenantStack;
  let offline: EngineDriver;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "quickstart", keyInConfig: true, newProcesses: true });
    const { directory } = stack.folder;
    offline = await commandDriver(localCommand(directory, "processmind-quickstart"), directory, { env: stack.env });
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
  });
  afterAll(() => stack?.close());

  it("is unchanged when Pulumi's CLI exports it and the local engine imports it", async () => {
    await handOver(stack, offline);
    stack.requests();
    expect(await offline.preview({ expectNoChanges: true })).toMatchObject(ALL_SAME);
    expect(await offline.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect(stack.requests()).toEqual([]);
    expect(await resourcesOf(offline)).toMatchObject((await resourcesOf(stack)) ?? []);
  });

  it("is unchanged on the way back, after an update by the local engine", async () => {
    await stack.folder.write({ "data/orders.csv": ordersCsv(0, ROWS + 10) });
    expect(await offline.up()).toMatchObject({ ok: true, changes: { updated: 1, unchanged: 3 } });
    await handOver(offline, stack);
    stack.requests();
    expect(await stack.preview({ expectNoChanges: true })).toMatchObject(ALL_SAME);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });
    expect(stack.requests()).toEqual([]);
    expect(await resourcesOf(stack)).toEqual(await resourcesOf(offline));
  });

  it.each([
    ["from Pulumi's CLI to the local engine", () => [stack, offline] as const],
    ["from the local engine to Pulumi's CLI", () => [offline, stack] as const],
  ])("names a pending operation and leaves it out, %s", async (_way, between) => {
    const [giver, taker] = between();
    const file = path.join(stack.folder.directory, "pending.json");
    const exported = JSON.parse((await giver.command(["stack", "export", "--stack=dev"])).stdout);
    const [last] = exported.deployment.resources.slice(-1);
    const resource = { ...last, urn: last.urn.replace(/[^:]+$/, "cut-short") };
    exported.deployment.pending_operations = [{ resource, type: "creating" }];
    await fs.writeFile(file, JSON.stringify(exported));
    const run = await taker.command(["stack", "import", "--stack=dev", "--file", file]);
    expect(run).toMatchObject({ ok: true, text: expect.stringContaining(resource.urn) });
    expect((await taker.exportStack()).pending_operations ?? []).toEqual([]);
    expect(await taker.preview({ expectNoChanges: true })).toMatchObject(ALL_SAME);
  });
});

async function handOver(giver: EngineDriver, taker: EngineDriver): Promise<void> {
  const file = path.join(path.dirname(giver.stateFile), "exported.json");
  expect(await giver.command(["stack", "export", "--stack=dev", "--file", file])).toMatchObject({ ok: true });
  expect(await taker.command(["stack", "import", "--stack=dev", "--file", file])).toMatchObject({ ok: true });
  await fs.rm(file);
}

/**
 * What both must hold alike: without when an entry was written, and by which program line. In which order a program names
 * what a resource depends on is left to chance.
 */
async function resourcesOf(engine: EngineDriver) {
  const { resources } = await engine.exportStack({ showSecrets: true });
  return resources?.map(({ created, modified, sourcePosition, stackTrace, ...entry }) => {
    const { dependencies } = entry;
    return { ...entry, ...(dependencies && { dependencies: [...dependencies].sort() }) };
  });
}
