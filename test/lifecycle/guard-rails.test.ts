import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Properties } from "../../engine/model";
import { shownFailure } from "../../provider/host";
import {
  columnMissing,
  formatNotRead,
  isNoWorkbook,
  noSuchFile,
  notAWorkbook,
  otherThanNamed,
} from "../../provider/messages/files";
import type { UnusableFile } from "../../provider/messages/message";
import * as says from "../../provider/messages/uploads";
import { openScene, TENANT, UNKNOWN } from "./scene";

/** Guard rails in Pulumi's provider process: each lets a good file through and stops a bad one, before any request. */

const scene = openScene();
const HEADER = "case_id,activity,amount";
const file = (rows: number, header = HEADER) => `${header}\n${"1,start,5\n".repeat(rows)}`;
const unusable = ({ message, options }: UnusableFile, hasNothingToKeep = false) =>
  says.sourceUnusable("orders.csv", message, options, hasNothingToKeep);
const WANTED = { datatableId: "table-1", datasetId: "set-1", tenantId: TENANT, source: "orders.csv" };

async function check(content: string | undefined, wanted: Properties, old: Properties = {}) {
  const source = path.join(scene.host.directory, "orders.csv");
  if (content === undefined) await fs.rm(source, { force: true });
  else await fs.writeFile(source, content);
  return scene.host.check("datatableUpload", old, { ...WANTED, ...wanted });
}

/** The inputs of the last run, whose file had 100 rows. */
const last = async () => (await check(file(100), {})).inputs;

test.each<[string, Properties, passes: string, trips: string, reason: string]>([
  [
    "requireColumns",
    { requireColumns: ["activity", "amount"] },
    file(100),
    file(100, "case_id,activity,sum"),
    says.columnsMissing("1: amount", "3: case_id, activity, sum"),
  ],
  [
    "onColumnsRemoved",
    { onColumnsRemoved: "error" },
    file(120),
    file(120, "case_id,activity,sum"),
    says.columnsRemoved("1: amount"),
  ],
  [
    "maxRowDropPercent",
    { maxRowDropPercent: 10 },
    file(90),
    file(61),
    says.rowsFell("rows", "100", "61", " (-39 %)", 10),
  ],
  [
    "appendOnly",
    { appendOnly: true },
    file(120),
    file(120).replace("start", "begin"),
    says.notAppended("rewritten: 20 rows more (+20 %), 3 columns as before"),
  ],
])("%s", async (property, rails, passes, trips, reason) => {
  const old = await last();
  expect((await check(passes, rails, old)).failures).toEqual([]);

  const { inputs, failures } = await check(trips, rails, old);
  const digits = String(inputs["contentSha256"]).slice(0, 12);
  expect(failures).toEqual([shownFailure(says.guardRail(property, reason, digits))]);
  expect(scene.requests()).toEqual([]);

  expect((await check(trips, { ...rails, acceptSha256: digits }, old)).failures).toEqual([]);
});

test("appendOnly stops a file whose last row goes on where the last file ended", async () => {
  const old = (await check("id,amt\n1,1", {})).inputs;
  const { failures } = await check("id,amt\n1,1000\n2,5\n", { appendOnly: true }, old);
  const reason = expect.stringContaining(says.notAppended("rewritten: 1 row more (+100 %)"));
  expect(failures).toEqual([{ property: "appendOnly", reason }]);
  expect((await check("id,amt\n1,1\n2,5\n", { appendOnly: true }, old)).failures).toEqual([]);
});

describe("the same bytes under another name", () => {
  const again = "same content, sent again because of fileName";

  test("of the same format keep their profile", async () => {
    const { inputs, failures } = await check(file(100), { fileName: "new.CSV" }, await last());
    expect({ inputs, failures }).toEqual({
      inputs: { ...(await last()), fileName: "new.CSV", change: again },
      failures: [],
    });
  });

  test.each([
    ["small", 100],
    ["large", 200_000],
  ])("of another format are checked as that (%s file)", async (...[, rows]) => {
    const old = (await check(file(rows), {})).inputs;
    const workbook = await check(file(rows), { fileName: "orders.xlsx" }, old);
    expect(workbook.failures).toEqual([shownFailure(unusable(notAWorkbook()))]);
    const text = await check(file(rows), { fileName: "orders.txt" }, old);
    expect(text).toEqual({ inputs: { ...old, fileName: "orders.txt", change: again }, failures: [] });
  });

  test("of a format that is not read lose their profile, which is told", async () => {
    const { inputs } = await check(file(100), { fileName: "orders.xls" }, await last());
    expect({ rows: inputs.rows, change: inputs.change, warnings: scene.warnings() }).toEqual({
      rows: undefined,
      change: again,
      warnings: [formatNotRead("xls"), otherThanNamed(isNoWorkbook("xls"))].map((text) =>
        says.fileWarning("orders.csv", text).toString(),
      ),
    });
  });

  test("under a name not known yet keep their profile", async () => {
    const { inputs } = await check(file(100), { fileName: UNKNOWN }, await last());
    expect(inputs.rows).toBe(100);
  });
});

test("an acceptSha256 that is not known yet may be the one that lets the file through", async () => {
  const { failures } = await check(file(1), { maxRowDropPercent: 10, acceptSha256: UNKNOWN }, await last());
  expect(failures).toEqual([]);
});

describe("ignoreChanges, by which Pulumi puts old values in the place of new ones", () => {
  test("of the hash keeps what was uploaded last, whatever the file holds now", async () => {
    const old = await last();
    const { inputs, failures } = await check(file(50), { contentSha256: String(old["contentSha256"]) }, old);
    expect({ inputs, failures }).toEqual({ inputs: old, failures: [] });
    const { changes } = await scene.host.diff("datatableUpload", "table-1", old, inputs);
    expect({ changes, warnings: scene.warnings() }).toEqual({
      changes: false,
      warnings: [says.keepsLastUpload(says.ignoredBecause(), "orders.csv", "table-1", undefined).toString()],
    });
  });

  test("of everything keeps all, also where the file is gone", async () => {
    const old = await last();
    expect(await check(undefined, old, old)).toEqual({ inputs: old, failures: [] });
  });

  test("of the hash, where the file would have to be sent again, fails the preview", async () => {
    const old = await last();
    const { failures } = await check(file(50), { contentSha256: String(old["contentSha256"]), triggers: [1] }, old);
    const failure = says.keptFileMustBeSent(says.ignoredBecause(), ["triggers"], false, says.stopIgnoring());
    expect(failures).toEqual([shownFailure(failure)]);
  });

  test.each<[string, Properties, Properties]>([
    ["a source that has moved", { source: "moved.csv" }, { source: "moved.csv" }],
    ["a source that is not known yet", { source: UNKNOWN }, { source: UNKNOWN }],
    ["another spelling of an id", { datasetId: "SET-1" }, { datasetId: "SET-1" }],
  ])("of the hash keeps what was uploaded last with %s", async (_name, wanted, changed) => {
    const old = await last();
    const { inputs, failures } = await check(
      undefined,
      { contentSha256: String(old["contentSha256"]), ...wanted },
      old,
    );
    expect({ inputs, failures }).toEqual({ inputs: { ...old, ...changed }, failures: [] });
    expect((await scene.host.diff("datatableUpload", "table-1", old, inputs)).changes).toBe(false);
  });

  test.each(["table-2", UNKNOWN])(
    "of the hash means nothing to another table (%s), which gets the file",
    async (id) => {
      const old = await last();
      const ignored = { contentSha256: String(old["contentSha256"]) };
      const { inputs, failures } = await check(file(50), { ...ignored, datatableId: id }, old);
      expect({ rows: inputs["rows"], failures }).toEqual({ rows: 50, failures: [] });
      expect((await scene.host.diff("datatableUpload", "table-1", old, inputs)).replaces).toEqual(["datatableId"]);
    },
  );

  test("of another thing that is told of the file means nothing", async () => {
    const old = await last();
    const now = await check(file(150), {}, old);
    expect(await check(file(150), { change: String(old["change"]), rows: Number(old["rows"]) }, old)).toEqual(now);
  });

  test("a hash that the state does not hold is none of the arguments", async () => {
    const { failures } = await check(file(50), { contentSha256: "5".repeat(64) }, await last());
    const reason = expect.stringContaining("contentSha256 is not a property of this resource");
    expect(failures).toEqual([{ property: "contentSha256", reason }]);
  });
});

describe("whenMissing", () => {
  test("keepLast keeps what the last run recorded, sends nothing, and is no change", async () => {
    const old = await last();
    const { inputs, failures } = await check(undefined, { whenMissing: "keepLast" }, old);
    expect({ inputs, failures }).toEqual({ inputs: { ...old, whenMissing: "keepLast" }, failures: [] });
    const { changes } = await scene.host.diff("datatableUpload", "table-1", old, inputs);
    expect({ changes, requests: scene.requests(), warnings: scene.warnings() }).toEqual({
      changes: false,
      requests: [],
      warnings: [says.keepsLastUpload(says.notHere("orders.csv"), "orders.csv", "table-1", undefined).toString()],
    });
  });

  test("keepLast keeps the name that was sent, too, when the missing file has another", async () => {
    const old = await last();
    const { inputs, failures } = await check(undefined, { whenMissing: "keepLast", source: "moved.csv" }, old);
    expect({ fileName: inputs.fileName, failures }).toEqual({ fileName: "orders.csv", failures: [] });
    expect(scene.warnings()).toEqual([
      says.keepsLastUpload(says.notHere("moved.csv"), "orders.csv", "table-1", "moved.csv").toString(),
    ]);
    expect((await scene.host.diff("datatableUpload", "table-1", old, inputs)).changes).toBe(false);
  });

  test("keepLast fails the preview where the file would have to be sent again", async () => {
    const wanted = { whenMissing: "keepLast", triggers: [1], contentType: "text/csv", fileName: "new.csv" };
    const { failures } = await check(undefined, wanted, await last());
    const changed = ["fileName", "contentType", "triggers"];
    const failure = says.keptFileMustBeSent(says.notHere("orders.csv"), changed, false, says.bringFile());
    expect(failures).toEqual([shownFailure(failure)]);
  });

  test.each(["datatableId", "datasetId", "tenantId"])(
    "keepLast fails the preview where %s is another",
    async (name) => {
      const wanted = { whenMissing: "keepLast", [name]: "another" };
      const { failures } = await check(undefined, wanted, await last());
      const failure = says.keptFileMustBeSent(says.notHere("orders.csv"), [name], true, says.bringFile());
      expect(failures).toEqual([shownFailure(failure)]);
      const unknown = await check(undefined, { whenMissing: "keepLast", [name]: UNKNOWN }, await last());
      expect(unknown.failures).toEqual([]);
    },
  );

  test("keepLast judges requireColumns by the last file, and no rail that compares", async () => {
    const rails = { maxRowDropPercent: 0, appendOnly: true, onColumnsRemoved: "error" };
    const wanted = { whenMissing: "keepLast", ...rails, requireColumns: ["activity", "sum"] };
    const { failures } = await check(undefined, wanted, await last());
    const reason = says.columnsMissing("1: sum", "3: case_id, activity, amount");
    expect(failures).toEqual([{ property: "requireColumns", reason: expect.stringContaining(reason) }]);
    const kept = await check(undefined, { ...wanted, requireColumns: ["activity"] }, await last());
    expect(kept.failures).toEqual([]);
  });

  test("keepLast judges eventLog by the last file, and has the events counted anew by a run that has it", async () => {
    const eventLog = { caseId: "case_id", activity: "activity", timestamp: "amount" };
    const old = (await check(file(100), { eventLog })).inputs;
    const keep = { whenMissing: "keepLast" };
    const { failures } = await check(undefined, { ...keep, eventLog: { ...eventLog, caseId: "case" } }, old);
    const fault = columnMissing("eventLog.caseId", "case", HEADER.split(","), undefined);
    expect(failures).toEqual([shownFailure(says.eventLogDoesNotFit(fault.message, fault.options))]);

    const wanted = { eventLog: { ...eventLog, caseId: "amount", timestamp: "case_id" } };
    const kept = await check(undefined, { ...keep, ...wanted }, old);
    const known = { cases: kept.inputs["cases"], rows: kept.inputs["rows"] };
    expect({ ...known, failures: kept.failures }).toEqual({ cases: undefined, rows: 100, failures: [] });
    const { inputs } = await check(file(100), { ...keep, ...wanted }, kept.inputs);
    expect({ cases: inputs["cases"], change: inputs["change"] }).toEqual({ cases: 1, change: old["change"] });
  });

  test("keepLast lets a trigger pass that is not known yet", async () => {
    const { failures } = await check(undefined, { whenMissing: "keepLast", triggers: [UNKNOWN] }, await last());
    expect(failures).toEqual([]);
  });

  test.each<[string, Properties, boolean]>([
    ["fail is the default", {}, true],
    ["fail", { whenMissing: "fail" }, true],
    ["keepLast with nothing to keep", { whenMissing: "keepLast" }, false],
  ])("%s: the preview fails", async (_what, wanted, hasLast) => {
    const old = hasLast ? await last() : {};
    const { failures } = await check(undefined, wanted, old);
    const folder = path.basename(scene.host.directory);
    const failure = shownFailure(unusable(noSuchFile(folder, undefined), !hasLast));
    expect({ failures, requests: scene.requests() }).toEqual({
      failures: [failure],
      requests: [],
    });
  });
});
