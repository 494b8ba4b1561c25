import type { Behaviour } from "processmind-emulator";
import type { Properties } from "../../engine/model";
import * as says from "../../provider/messages/uploads";
import { startDynamicHost } from "../support/dynamic-host";
import { beginRun, forgettingRuns } from "../support/forgetting-runs";
import { putDataset, putTable } from "./furniture";
import { ISO_TIME, openScene, outcome, type StartHost, startedWith, TENANT } from "./scene";

/** A first upload into a table that has rows, or none, or does not report them. Each test begins a run. */

const ID = "00000000-0000-4000-8000-000000000001";
const CONTENT = "case_id,activity\n1,start\n1,end\n";
const WANTED = { datatableId: ID, datasetId: "set-1", tenantId: TENANT, source: "orders.csv", waitForRowsSeconds: 1 };
/** One process serves all runs, and forgets each before the next. */
const startForgetting: StartHost = startedWith((options) =>
  startDynamicHost({ ...options, env: forgettingRuns({ ...process.env, ...options.env }) }),
);
const FILES = { "orders.csv": CONTENT, "more.csv": `${CONTENT}2,start\n`, "run-number": "0" };
const scene = openScene(FILES, startForgetting);
const newRun = () => beginRun(scene.host.directory);

beforeEach(async () => {
  await putDataset(scene, { id: "set-1" });
  newRun();
});

async function create(more: Properties = {}) {
  const { inputs, failures } = await scene.host.check("datatableUpload", {}, { ...WANTED, ...more });
  expect(failures).toEqual([]);
  return outcome(scene.host.create("datatableUpload", inputs));
}

const writes = () => scene.requests().filter((request) => !request.startsWith("GET datatables"));
const rows = () => scene.emulator.state().datatables.find(({ id }) => id === ID)?.rowCount;
const messages = (severity: string) =>
  scene.host.logs.filter((message) => message.severity === severity).map(({ message }) => message);

test("fails before anything is sent when the table has rows, and names the options", async () => {
  await putTable(scene, { id: ID, rowCount: 2512 });
  expect(await create()).toEqual({ error: says.tableHasRows("orders.csv", ID, 2512).message });
  expect([scene.requests(), rows()]).toEqual([["GET datatables.get"], 2512]);
});

test("also fails when it would not wait for rows", async () => {
  await putTable(scene, { id: ID, rowCount: 1 });
  expect(await create({ waitForRowsSeconds: 0 })).toEqual({ error: says.tableHasRows("orders.csv", ID, 1).message });
  expect(writes()).toEqual([]);
});

test("skip records the file without sending it, and later files are compared with it", async () => {
  await putTable(scene, { id: ID, rowCount: 2 });
  const made = (await create({ whenTableHasRows: "skip" })) as { id: string; outputs: Properties };
  expect(made).toEqual({
    id: ID,
    outputs: expect.objectContaining({
      rows: 2,
      contentSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      change: "recorded, not sent: the table had 2 rows",
      loadedRowCount: 2,
    }),
  });
  expect(made.outputs).not.toHaveProperty("uploadedAt");
  expect([writes(), rows()]).toEqual([[], 2]);
  expect(messages("info")).toEqual([says.recorded("orders.csv", ID, 2).toString()]);

  const same = await scene.host.check("datatableUpload", made.outputs, { ...WANTED, whenTableHasRows: "skip" });
  expect(await scene.host.diff("datatableUpload", ID, made.outputs, same.inputs)).toMatchObject({ changes: false });
  const changed = { ...WANTED, source: "more.csv", fileName: "orders.csv", whenTableHasRows: "skip" };
  const next = await scene.host.check("datatableUpload", made.outputs, changed);
  expect(next.inputs).toMatchObject({ change: "appended 1 row, all earlier bytes unchanged" });
  expect(await scene.host.update("datatableUpload", ID, made.outputs, next.inputs)).toMatchObject({
    uploadedAt: ISO_TIME,
  });
  expect(writes()).toEqual(["GET uploads.presign", "PUT storage.put"]);
});

test("skip warns when the file has more rows than the table", async () => {
  await putTable(scene, { id: ID, rowCount: 1 });
  const made = await create({ whenTableHasRows: "skip" });
  expect(made).toMatchObject({ outputs: { change: "recorded, not sent: the table had 1 row", loadedRowCount: 1 } });
  expect(messages("warning")).toEqual([says.recordedWithMoreRows("orders.csv", ID, 1, 2).toString()]);
  expect([writes(), messages("info")]).toEqual([[], []]);
});

test("skip does not warn when the table has more rows than the file", async () => {
  await putTable(scene, { id: ID, rowCount: 3 });
  await create({ whenTableHasRows: "skip" });
  expect(messages("warning")).toEqual([]);
  expect(messages("info")).toEqual([says.recorded("orders.csv", ID, 3).toString()]);
});

test("the preview of a skip says that it depends on the table", async () => {
  const { inputs } = await scene.host.check("datatableUpload", {}, { ...WANTED, whenTableHasRows: "skip" });
  expect(inputs).toMatchObject({ change: "first upload: recorded, not sent, if the table has rows" });
  expect(scene.requests()).toEqual([]);
});

test.each(["error", "skip", "send", undefined])("%s sends into a table without rows", async (whenTableHasRows) => {
  await putTable(scene, { id: ID, rowCount: 0 });
  const made = await create(whenTableHasRows === undefined ? {} : { whenTableHasRows });
  expect(made).toMatchObject({ outputs: { uploadedAt: ISO_TIME, loadedRowCount: 2 } });
  expect([writes(), messages("warning")]).toEqual([["GET uploads.presign", "PUT storage.put"], []]);
});

test("send uploads into a table with rows, and warns", async () => {
  await putTable(scene, { id: ID, rowCount: 5 });
  scene.emulator.setBehaviour({ uploadMode: "append" });
  expect(await create({ whenTableHasRows: "send" })).toMatchObject({ outputs: { loadedRowCount: 7 } });
  expect(messages("warning")).toEqual([says.sentDespiteRows("orders.csv", ID, 5).toString()]);
});

test.each<[string, Behaviour["rowCountBeforeUpload"]]>([
  ["absent", "absent"],
  ["null", "null"],
])("sends and warns when the row count is %s", async (_name, rowCountBeforeUpload) => {
  await putTable(scene, { id: ID });
  scene.emulator.setBehaviour({ rowCountBeforeUpload });
  expect(await create()).toMatchObject({ outputs: { loadedRowCount: 2 } });
  expect(messages("warning")).toEqual([says.sentDespiteUnknownRows("orders.csv", ID).toString()]);
});

test.each([
  ["cannot be read", 403],
  ["is not to be found", 404],
])("sends nothing when the table %s", async (_name, status) => {
  await putTable(scene, { id: ID, rowCount: 2 });
  scene.emulator.addFault({ kind: "reply", status, match: { route: "datatables.get" }, times: "always" });
  expect(await create()).toEqual({ error: expect.stringContaining(`status ${status}`) });
  expect(writes()).toEqual([]);
});

test("rejects another word", async () => {
  const { failures } = await scene.host.check("datatableUpload", {}, { ...WANTED, whenTableHasRows: "ask" });
  expect(failures.map(({ property }) => property)).toEqual(["whenTableHasRows"]);
});

describe("several files of one table", () => {
  const pair = () => Promise.all([create(), create({ source: "more.csv" })]) as Promise<{ outputs: Properties }[]>;

  test("are loaded in the run that finds the table empty, one after another", async () => {
    await putTable(scene, { id: ID, rowCount: 0 });
    scene.emulator.setBehaviour({ uploadMode: "append" });
    const counts = (await pair()).map(({ outputs }) => outputs["loadedRowCount"]);
    expect([counts.sort(), rows()]).toEqual([[2, 5], 5]);
  });

  test("are no drift in a refresh: the newest counts", async () => {
    await putTable(scene, { id: ID, rowCount: 0 });
    scene.emulator.setBehaviour({ uploadMode: "append" });
    const [one, two] = (await pair()).map(({ outputs }) => outputs) as [Properties, Properties];
    newRun();
    const read = (state: Properties) => scene.host.read("datatableUpload", ID, state);
    expect(await Promise.all([read(one), read(two)])).toMatchObject([{ outputs: one }, { outputs: two }]);
    await scene.emulator.change(({ datatables: [table] }) => Object.assign(table ?? {}, { rowCount: 4 }));
    expect(await Promise.all([read(one), read(two)])).toMatchObject([
      { outputs: { loadedRowCount: 2 } },
      { outputs: { loadedRowCount: 4 } },
    ]);
    expect(scene.warnings()).toHaveLength(1);
  });

  test("need send when the table has rows of an earlier run", async () => {
    await putTable(scene, { id: ID, rowCount: 0 });
    await create();
    newRun();
    expect(await create({ source: "more.csv" })).toEqual({ error: says.tableHasRows("more.csv", ID, 2).message });
    expect(await create({ source: "more.csv", whenTableHasRows: "send" })).toMatchObject({ id: ID });
  });
});
