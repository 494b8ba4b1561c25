import { type Emulator, startEmulator } from "processmind-emulator";
import { InitError, type Properties } from "../../engine/model";
import { type DynamicHost, startDynamicHost } from "../support/dynamic-host";

/**
 * Uploads whose connection is cut after each tenth of their length, in Pulumi's provider process: the update fails as a
 * whole, so the engine keeps the old state with the old hash; storage keeps the old object; the next update succeeds.
 */

const TENANT = "tenant-1";
const OLD = "case_id,activity\n1,start\n";
/** Some chunks, so that it is cut between and within them. */
const NEW = `case_id,activity\n${"1,a rather long name of an activity\n".repeat(70_000)}`;
const TENTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

let emulator: Emulator;
let host: DynamicHost;

beforeAll(async () => {
  emulator = await startEmulator({ tenantId: TENANT, behaviour: { ingestion: "never" } });
  await emulator.change((state) => {
    const createdAt = "2025-01-01T00:00:00.000Z";
    state.datasets.push({ id: "set", displayName: "S", treeNodeType: "Dataset", treeParentId: null, createdAt });
    for (const tenth of TENTHS) {
      state.datatables.push({ id: `table-${tenth}`, datasetId: "set", displayName: `T${tenth}`, createdAt });
    }
  });
  host = await startDynamicHost({ env: emulator.environment, files: { "old.csv": OLD, "new.csv": NEW } });
});

afterAll(async () => {
  await host.close();
  await emulator.close();
});

async function checked(tenth: number, source: string, old: Properties = {}): Promise<Properties> {
  const names = { tenantId: TENANT, datasetId: "set", datatableId: `table-${tenth}`, fileName: "orders.csv" };
  const { inputs, failures } = await host.check("datatableUpload", old, { ...names, source, waitForRowsSeconds: 0 });
  expect(failures).toEqual([]);
  return inputs;
}

const storedIn = (tenth: number) =>
  emulator.uploads(`table-${tenth}`).flatMap(({ object }) => (object ? [object.sha256] : []));

test("uploads cut after each tenth leave the old state and the old object, and the next update succeeds", async () => {
  const states = await Promise.all(
    TENTHS.map(async (tenth) => (await host.create("datatableUpload", await checked(tenth, "old.csv"))).outputs),
  );
  const wanted = await Promise.all(TENTHS.map((tenth, index) => checked(tenth, "new.csv", states[index])));
  const [oldSha256, newSha256] = [states[0]?.["contentSha256"], wanted[0]?.["contentSha256"]];
  const update = (tenth: number) =>
    host.update("datatableUpload", `table-${tenth}`, states[tenth - 1] ?? {}, wanted[tenth - 1] ?? {});

  emulator.setFaults(
    TENTHS.map((tenth) => ({
      kind: "reset-after-bytes",
      bytes: Math.floor((NEW.length * tenth) / 10),
      times: "always",
      match: { route: "storage.put", path: `/table-${tenth}/` },
    })),
  );
  const errors = await Promise.all(TENTHS.map((tenth) => update(tenth).catch((error: unknown) => error)));
  expect(errors.map((error) => [error instanceof InitError, String(error)])).toEqual(
    TENTHS.map((tenth) => [
      false,
      expect.stringMatching(`uploading "orders.csv" to Datatable "table-${tenth}": the connection was lost`),
    ]),
  );
  expect(TENTHS.map(storedIn)).toEqual(TENTHS.map(() => [oldSha256]));

  emulator.setFaults([]);
  const outputs = await Promise.all(TENTHS.map(update));
  expect(outputs.map(({ contentSha256 }) => contentSha256)).toEqual(TENTHS.map(() => newSha256));
  expect(TENTHS.map(storedIn)).toEqual(TENTHS.map(() => [oldSha256, newSha256]));
});
