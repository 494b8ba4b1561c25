import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { type Behaviour, type Emulator, startEmulator } from "processmind-emulator";
import type { Context } from "../../../provider/lifecycles/context";
import {
  type DatatableUploadInputs,
  type DatatableUploadState,
  datatableUploadLifecycle,
} from "../../../provider/lifecycles/datatable-upload";
import * as says from "../../../provider/messages/uploads";
import { testContext } from "../../support/context";

/** Waiting for rows after an upload, on a clock that only sleeping moves; requests and files are real. */

const THREE_ROWS = "case,activity\n1,start\n2,start\n3,start\n";
const OTHER_THREE = "case,activity\n1,start\n2,start\n3,ended\n";
const FOUR_ROWS = `${THREE_ROWS}4,start\n`;

let emulator: Emulator;
let folder: string;
let datatableId: string;
let slept: number[];
let warnings: string[];
/** What happens while the upload sleeps. */
let meanwhile: () => Promise<unknown>;
let context: Context;

beforeAll(async () => {
  emulator = await startEmulator();
  folder = await fs.mkdtemp(path.join(os.tmpdir(), "confirm-rows-"));
});

afterAll(async () => {
  await emulator.close();
  await fs.rm(folder, { recursive: true });
});

beforeEach(async () => {
  await emulator.reset();
  slept = [];
  warnings = [];
  meanwhile = () => emulator.settled();
  let clock = Date.parse("2025-01-01T00:00:00Z");
  context = testContext({
    // The clock of this test does not move with the real one, so a limit of a second could be met by a busy machine.
    settings: () => ({ apiUrl: emulator.apiUrl, apiKey: emulator.apiKey, timeoutSeconds: 120 }),
    programDirectory: folder,
    warn: async (message) => void warnings.push(message.toString()),
    now: () => clock,
    sleep: async (ms) => {
      clock += ms;
      slept.push(ms);
      await meanwhile();
    },
  });
  datatableId = "00000000-0000-4000-8000-000000000001";
  await emulator.change((state) => {
    const createdAt = "2025-01-01T00:00:00.000Z";
    const dataset = { id: "set-1", displayName: "Sales", treeParentId: null, createdAt };
    state.datasets.push({ ...dataset, treeNodeType: "Dataset" });
    state.datatables.push({ id: datatableId, datasetId: "set-1", displayName: "Orders", createdAt });
  });
});

async function inputsFor(content: string, more: object = {}): Promise<DatatableUploadInputs> {
  await fs.writeFile(path.join(folder, "orders.csv"), content);
  return {
    datatableId,
    datasetId: "set-1",
    tenantId: emulator.tenantId,
    source: "orders.csv",
    fileName: "orders.csv",
    contentSha256: createHash("sha256").update(content).digest("hex"),
    sizeBytes: content.length,
    change: "first upload",
    __profileVersion: 1,
    ...more,
  };
}

async function first(content: string, more: object = {}): Promise<DatatableUploadState> {
  return (await datatableUploadLifecycle.create(context, await inputsFor(content, more))).state;
}

/** An upload after another one, of which the test is told nothing. */
async function second(
  behaviour: Partial<Behaviour>,
  content: string,
  more: object = {},
): Promise<DatatableUploadState> {
  // What is to happen meanwhile is for this upload alone.
  const meant = meanwhile;
  meanwhile = () => emulator.settled();
  const state = await first(THREE_ROWS);
  await emulator.settled();
  meanwhile = meant;
  emulator.setBehaviour(behaviour);
  emulator.clearJournal();
  slept = [];
  warnings = [];
  return datatableUploadLifecycle.update(context, datatableId, state, await inputsFor(content, more));
}

function total(): number {
  return slept.reduce((sum, ms) => sum + ms, 0);
}

function notConfirmed(why: string): string {
  return says.notConfirmed("orders.csv", datatableId, why).toString();
}

test("records the stored file, not confirmed, when the run is cancelled while rows are waited for", async () => {
  emulator.setBehaviour({ ingestion: "never" });
  const cancel = new AbortController();
  context = { ...context, cancelled: cancel.signal };
  meanwhile = async () => {
    if (slept.length === 3) cancel.abort();
  };
  const state = await first(THREE_ROWS, { waitForRowsSeconds: 600 });
  expect(state).toMatchObject({ uploadedAt: "2025-01-01T00:00:00.000Z", loadedRowCount: undefined });
  expect(warnings).toEqual([notConfirmed(says.NOT_CONFIRMED.cancelled())]);
  expect(slept).toHaveLength(3);
});

test.each<[string, Partial<Behaviour>]>([
  ["zero", {}],
  ["null", { rowCountBeforeUpload: "null" }],
  ["absent", { rowCountBeforeUpload: "absent" }],
  ["columns hidden", { hiddenFields: ["columns"] }],
])("a first upload is confirmed by its rows (before: %s)", async (_, behaviour) => {
  emulator.setBehaviour(behaviour);
  const state = await first(THREE_ROWS);

  expect(state).toEqual({
    ...(await inputsFor(THREE_ROWS)),
    uploadedAt: "2025-01-01T00:00:00.000Z",
    loadedRowCount: 3,
  });
  expect(warnings).toEqual([]);
});

test("a table that was made just now and cannot be read yet has no rows", async () => {
  const missing = { kind: "reply", status: 404, match: { route: "datatables.get" } } as const;
  emulator.addFault({ ...missing, times: 1 });
  expect((await first(THREE_ROWS)).loadedRowCount).toBe(3);
  expect(warnings).toEqual([]);
});

test("such a table that shows no rows afterwards either is not confirmed", async () => {
  emulator.addFault({ kind: "reply", status: 404, match: { route: "datatables.get" } });
  const nothing = { id: datatableId, rowCount: 0, columns: [] };
  emulator.addFault({ kind: "reply", status: 200, body: nothing, match: { route: "datatables.get" }, times: "always" });
  expect((await first(THREE_ROWS)).loadedRowCount).toBeUndefined();
  expect(warnings).toEqual([notConfirmed(says.NOT_CONFIRMED.noChange(30))]);
});

test("columns confirm where rows are not told; then there is no count", async () => {
  emulator.setBehaviour({ hiddenFields: ["rowCount"] });
  expect((await first(THREE_ROWS)).loadedRowCount).toBeUndefined();
  expect(warnings).toEqual([]);
});

test("rows that come late are waited for, with growing pauses", async () => {
  emulator.setBehaviour({ ingestion: "never" });
  meanwhile = async () => {
    if (slept.length < 5) return;
    await emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, { rowCount: 3, columns: [] }));
  };
  expect((await first(THREE_ROWS)).loadedRowCount).toBe(3);
  expect(slept).toEqual([100, 200, 400, 800, 1600]);
  expect(warnings).toEqual([]);
});

test.each<[string, object]>([
  ["a count of 0", { rowCount: 0 }],
  ["columns before any row", { rowCount: 0, columns: [{ name: "case" }] }],
  ["columns that are empty", { columns: [] }],
])("%s, which came first, is no rows", async (_, shownFirst) => {
  emulator.setBehaviour({ ingestion: "never", rowCountBeforeUpload: "null" });
  meanwhile = async () => {
    const shown = slept.length < 3 ? shownFirst : { rowCount: 3 };
    await emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, shown));
  };
  expect((await first(THREE_ROWS, { rows: 3 })).loadedRowCount).toBe(3);
  expect({ looks: slept.length, warnings }).toEqual({ looks: 3, warnings: [] });
});

test.each<[string, Partial<Behaviour>, number | undefined, number]>([
  ["rows never come", { ingestion: "never" }, undefined, 30],
  ["reading it in fails", { ingestion: "fails" }, undefined, 30],
  ["nothing is ever told", { hiddenFields: ["rowCount", "columns"] }, undefined, 30],
  ["the program says 5 s", { ingestion: "never" }, 5, 5],
  ["the program says ten minutes", { ingestion: "never" }, 600, 600],
])("stored, not confirmed: %s", async (...[, behaviour, waitForRowsSeconds, seconds]) => {
  emulator.setBehaviour(behaviour);
  const state = await first(THREE_ROWS, { waitForRowsSeconds });

  expect(state).toMatchObject({ uploadedAt: "2025-01-01T00:00:00.000Z", loadedRowCount: undefined });
  expect(total()).toBe(seconds * 1000);
  expect(Math.max(...slept)).toBeLessThanOrEqual(10_000);
  expect(warnings).toEqual([notConfirmed(says.NOT_CONFIRMED.noChange(seconds))]);
});

test("waitForRowsSeconds 0: no request more, and no word", async () => {
  expect((await first(THREE_ROWS, { waitForRowsSeconds: 0 })).loadedRowCount).toBeUndefined();
  expect(emulator.journal().map(({ route }) => route)).toEqual(["uploads.presign", "storage.put"]);
  expect({ slept, warnings }).toEqual({ slept: [], warnings: [] });
});

test("a look that fails ends the waiting, not the upload", async () => {
  emulator.addFault({ kind: "reply", status: 403, match: { route: "datatables.get" }, after: 1, times: "always" });
  expect((await first(THREE_ROWS)).loadedRowCount).toBeUndefined();
  expect(emulator.uploads().map(({ object }) => object?.sizeBytes)).toEqual([THREE_ROWS.length]);
  expect(warnings).toEqual([notConfirmed(says.NOT_CONFIRMED.unreadable("FORBIDDEN"))]);
  expect(slept).toEqual([]);
});

test("without a look before there is nothing to compare with", async () => {
  emulator.addFault({ kind: "reply", status: 403, match: { route: "datatables.get" } });
  expect((await first(THREE_ROWS)).loadedRowCount).toBeUndefined();
  const why = says.NOT_CONFIRMED.notComparable();
  expect(warnings).toEqual([notConfirmed(why)]);
});

test.each<[string, Partial<Behaviour>, string, number]>([
  ["replaces", {}, FOUR_ROWS, 4],
  ["appends", { uploadMode: "append" }, FOUR_ROWS, 7],
  ["appends as many", { uploadMode: "append" }, THREE_ROWS, 6],
])("a second upload that %s is confirmed", async (...[, behaviour, content, rows]) => {
  expect((await second(behaviour, content)).loadedRowCount).toBe(rows);
  expect(warnings).toEqual([]);
});

test("columns that come before the rows do not confirm the old count", async () => {
  meanwhile = async () => {
    const shown = slept.length < 3 ? { columns: [{ name: "other" }] } : { rowCount: 4 };
    await emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, shown));
  };
  expect((await second({ ingestion: "never" }, FOUR_ROWS, { rows: 4 })).loadedRowCount).toBe(4);
  expect(warnings).toEqual([]);
});

test("as many rows as before show no change", async () => {
  expect((await second({}, OTHER_THREE)).loadedRowCount).toBeUndefined();
  expect(warnings).toEqual([notConfirmed(says.NOT_CONFIRMED.noChange(30))]);
});

test("rows known to be as many are waited for a second, in which added ones may show", async () => {
  expect((await second({}, OTHER_THREE, { rows: 3 })).loadedRowCount).toBeUndefined();
  const why = says.NOT_CONFIRMED.sameCount(3);
  expect({ slept, warnings }).toEqual({ slept: [100, 200, 400, 300], warnings: [notConfirmed(why)] });
});

test("rows known to be as many, and added to those that were there, are told", async () => {
  expect((await second({ uploadMode: "append" }, OTHER_THREE, { rows: 3 })).loadedRowCount).toBe(6);
  expect(warnings).toEqual([says.rowsWereAdded("orders.csv", datatableId, 6, 3).toString()]);
});

test("fewer rows than before are not told as added", async () => {
  meanwhile = async () => {
    await emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, { rowCount: 2 }));
  };
  expect((await second({ ingestion: "never" }, OTHER_THREE, { rows: 3 })).loadedRowCount).toBe(2);
  expect(warnings).toEqual([]);
});

test("rows that are never told are not waited for", async () => {
  expect((await second({ hiddenFields: ["rowCount"] }, OTHER_THREE)).loadedRowCount).toBeUndefined();
  const why = says.NOT_CONFIRMED.neverReported();
  expect({ slept, warnings }).toEqual({ slept: [], warnings: [notConfirmed(why)] });
  const requests = emulator.journal().map(({ route }) => route);
  expect(requests).toEqual(["datatables.get", "uploads.presign", "storage.put"]);
});

describe("refresh", () => {
  test.each<[string, number | undefined, Partial<Behaviour>, number | undefined, string[]]>([
    ["the recorded count is there", 3, {}, 3, []],
    ["nothing was recorded", undefined, {}, 3, []],
    ["rows are not told", 3, { hiddenFields: ["rowCount"] }, 3, []],
    ["another count is there", 5, {}, 3, ["3 rows"]],
  ])("%s", async (...[, loadedRowCount, behaviour, after, said]) => {
    const state = { ...(await first(THREE_ROWS)), loadedRowCount };
    await emulator.settled();
    emulator.setBehaviour(behaviour);
    const found = await datatableUploadLifecycle.read(context, datatableId, state);

    const inputs = await inputsFor(THREE_ROWS);
    expect(found).toEqual({ id: datatableId, state: { ...state, loadedRowCount: after } });
    expect(warnings).toEqual(said.map(() => says.otherRows("orders.csv", datatableId, 3, loadedRowCount).toString()));
    expect(datatableUploadLifecycle.diff(datatableId, found?.state ?? {}, inputs).changes).toBe(false);
  });
});
