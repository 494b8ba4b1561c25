import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { type Emulator, startEmulator } from "processmind-emulator";
import { datatableUploadLifecycle } from "../../../provider/lifecycles/datatable-upload";
import { testContext } from "../../support/context";

/** What limit each request to the API gets around an upload, whose own may be hours. */

const CONTENT = "case,activity\n1,start\n";
const inputs = {
  datatableId: "00000000-0000-4000-8000-000000000001",
  datasetId: "set-1",
  source: "orders.csv",
  fileName: "orders.csv",
  contentSha256: createHash("sha256").update(CONTENT).digest("hex"),
  sizeBytes: CONTENT.length,
};

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator();
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "upload-limits-"));
  await fs.writeFile(path.join(folder, "orders.csv"), CONTENT);
});
beforeEach(async () => {
  await emulator.reset();
  await emulator.change((state) => {
    const createdAt = "2025-01-01T00:00:00.000Z";
    const dataset = { id: "set-1", displayName: "Sales", treeParentId: null, createdAt };
    state.datasets.push({ ...dataset, treeNodeType: "Dataset" });
    state.datatables.push({ id: inputs.datatableId, datasetId: "set-1", displayName: "Orders", createdAt });
  });
});
afterAll(async () => {
  await emulator.close();
  await fs.rm(folder, { recursive: true });
});

test.each([
  ["hours", 36_000, 3_600, 120],
  ["a minute and a half", 90, 90, 90],
  ["the default", undefined, 3_600, undefined],
])("%s", async (_what, timeoutSeconds, waitForRowsSeconds, expected) => {
  const limits: (number | undefined)[] = [];
  let clock = 0;
  const context = testContext({
    programDirectory: folder,
    settings: (seconds) => {
      limits.push(seconds);
      return { apiUrl: emulator.apiUrl, apiKey: emulator.apiKey, timeoutSeconds: seconds ?? 120 };
    },
    now: () => clock,
    sleep: async (ms) => {
      clock += ms;
      await emulator.settled();
    },
  });
  const wanted = { ...inputs, tenantId: emulator.tenantId, timeoutSeconds, waitForRowsSeconds };
  const { id, state } = await datatableUploadLifecycle.create(context, wanted as never);
  // A look later than the first has what is left of the wait.
  const [before, presign, after] = limits;
  expect([before, presign, after]).toEqual([expected, expected, Math.min(waitForRowsSeconds, 120)]);
  limits.length = 0;
  await datatableUploadLifecycle.read(context, id, state);
  expect(limits).toEqual([expected]);
});
