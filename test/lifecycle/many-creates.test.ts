import { type Emulator, startEmulator } from "processmind-emulator";
import { type DynamicHost, startDynamicHost } from "../support/dynamic-host";

/** Many creates at once: lists are shared, and what they prove is proven as well as by a list of one's own. */

const TENANT = "tenant-1";
const BURST = 60;

let emulator: Emulator;
let host: DynamicHost;

beforeAll(async () => {
  emulator = await startEmulator({ tenantId: TENANT });
  host = await startDynamicHost({ env: emulator.environment });
});

afterAll(async () => {
  await host.close();
  await emulator.close();
});

beforeEach(async () => {
  await emulator.reset();
  await emulator.change((state) => {
    const place = { treeNodeType: "Dataset" as const, treeParentId: null, createdAt: "2025-01-01T00:00:00.000Z" };
    state.datasets.push({ id: "set-1", displayName: "Sales", ...place });
    state.datatables.push({ id: "table-old", datasetId: "set-1", displayName: "Table 7", createdAt: place.createdAt });
  });
});

const count = (route: string) => emulator.journal().filter((entry) => entry.route === route).length;
const createTable = (displayName: string, more = {}) =>
  host.create("datatable", { displayName, datasetId: "set-1", tenantId: TENANT, ...more });
const burst = (name: (index: number) => string, more = {}) =>
  Promise.allSettled(Array.from({ length: BURST }, (_, index) => createTable(name(index), more)));
const tables = () => emulator.state().datatables.filter(({ id }) => id !== "table-old");
const idsMade = (ended: PromiseSettledResult<{ id: string }>[]) =>
  ended.flatMap((each) => (each.status === "fulfilled" ? [each.value.id] : []));

test("a burst of new names asks for few lists, and refuses the one name that is taken", async () => {
  emulator.addFault({ kind: "delay", ms: 1_000, match: { route: "datatables.list" }, times: "always" });
  const ended = await burst((index) => `Table ${index}`);
  expect(ended.flatMap((each, index) => (each.status === "rejected" ? [index] : []))).toEqual([7]);
  expect(idsMade(ended).sort()).toEqual(
    tables()
      .map(({ id }) => id)
      .sort(),
  );
  expect(count("datatables.create")).toBe(BURST - 1);
  expect(count("datatables.list")).toBeLessThan(BURST / 3);
});

test("a burst of one name makes one: each looks after the one before it was made", async () => {
  const ended = await burst(() => "Orders");
  expect(idsMade(ended)).toEqual(tables().map(({ id }) => id));
  expect(tables()).toHaveLength(1);
  expect(count("datatables.create")).toBe(1);
});

test("a burst whose every reply is lost: each finds its own, and sends no second request", async () => {
  emulator.addFault({ kind: "reset", commit: true, match: { route: "datatables.create" }, times: "always" });
  const ended = await burst((index) => `New ${index}`);
  const named = ended.map((each, index) => [`New ${index}`, each.status === "fulfilled" ? each.value.id : each.reason]);
  expect(Object.fromEntries(named)).toEqual(
    Object.fromEntries(tables().map(({ displayName, id }) => [displayName, id])),
  );
  expect(count("datatables.create")).toBe(BURST);
});

test("a list that fails fails those who shared it, before any of them created something", async () => {
  const match = { route: "datatables.list" };
  emulator.addFault({ kind: "reply", status: 403, body: { message: "no" }, match, times: "always" });
  const ended = await burst((index) => `New ${index}`);
  expect([idsMade(ended), tables(), count("datatables.create")]).toEqual([[], [], 0]);
  emulator.setFaults([]);
  expect(await createTable("Later")).toMatchObject({ outputs: { displayName: "Later" } });
});

test("tables whose time limits differ share no list: one that is short would end the other's wait", async () => {
  await Promise.all([createTable("Patient"), createTable("Hasty", { timeoutSeconds: 119 })]);
  expect(count("datatables.list")).toBe(2);
});
