import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import type { Properties } from "../../engine/model";
import { shownFailure } from "../../provider/host";
import type { CheckFailure } from "../../provider/lifecycles/context";
import * as faults from "../../provider/messages/files";
import { mustHaveNoFolder, mustHaveSlashes, unknownExtension } from "../../provider/messages/inputs";
import type { UnusableFile } from "../../provider/messages/message";
import * as says from "../../provider/messages/uploads";
import { EXTENSIONS } from "../../provider/profile/source-file";
import { putDataset, putTable } from "./furniture";
import { API_KEY, CREATED_AT, ISO_TIME, openScene, outcome, startHost, TENANT } from "./scene";

/** DatatableUpload: what check tells of the file, what counts as a change, and what refresh and deletion do. */

const CONTENT = "case_id,activity\n1,start\n1,end\n";
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const scene = openScene();
beforeEach(async () => {
  await putDataset(scene, { id: "set-1" });
  await putTable(scene, { id: "table-1" });
  await write("data/orders.csv", CONTENT);
});

const WANTED = {
  datatableId: "table-1",
  datasetId: "set-1",
  tenantId: TENANT,
  source: "data/orders.csv",
  waitForRowsSeconds: 0,
};
const FILE = { contentSha256: sha256(CONTENT), sizeBytes: CONTENT.length };
const INPUTS = { ...WANTED, fileName: "orders.csv", ...FILE };
const STATE = { ...INPUTS, uploadedAt: CREATED_AT };
const NO_CHANGE = { changes: false, replaces: [], deleteBeforeReplace: false };

const absolute = (file: string) => path.join(scene.host.directory, file);
const check = (wanted: Properties, old: Properties = INPUTS) => scene.host.check("datatableUpload", old, wanted);
const diff = (wanted: Properties, state: Properties = STATE) =>
  scene.host.diff("datatableUpload", "table-1", state, wanted);

async function write(file: string, text: string): Promise<void> {
  await fs.mkdir(path.dirname(absolute(file)), { recursive: true });
  await fs.writeFile(absolute(file), text);
}

describe("check", () => {
  test("tells hash and size of the file, by reading it alone", async () => {
    expect(await check(WANTED, {})).toEqual({ inputs: expect.objectContaining(INPUTS), failures: [] });
    expect(scene.requests()).toEqual([]);
  });

  test.each<[string, (folder: string) => string]>([
    ["a leading ./", () => "./data/orders.csv"],
    ["a detour", () => "data/../data//orders.csv"],
    ["an absolute path", (folder) => path.join(folder, "data/orders.csv")],
  ])("%s is the same file, and the state has the short path", async (_name, source) => {
    const { inputs, failures } = await check({ ...WANTED, source: source(scene.host.directory) });
    expect([inputs, failures]).toEqual([expect.objectContaining(INPUTS), []]);
    expect(JSON.stringify(inputs)).not.toContain(scene.host.directory);
    expect(await diff(inputs)).toEqual(NO_CHANGE);
  });

  test("another checkout, with absolute paths: no difference", async () => {
    const other = await startHost({ "processmind:apiKey": API_KEY }, { "data/orders.csv": CONTENT });
    try {
      const source = path.join(other.directory, "data/orders.csv");
      const { inputs } = await other.check("datatableUpload", INPUTS, { ...WANTED, source });
      expect(inputs).toEqual(expect.objectContaining(INPUTS));
      expect(await other.diff("datatableUpload", "table-1", STATE, inputs)).toEqual(NO_CHANGE);
    } finally {
      await other.close();
    }
  });

  const unusable = (source: string, { message, options }: UnusableFile) =>
    says.sourceUnusable(source, message, options, false);

  test.each<[string, Properties, (folder: string) => CheckFailure]>([
    [
      "a file that is not there",
      { source: "data/missing.csv" },
      (folder) => unusable("data/missing.csv", faults.noSuchFile(folder, undefined)),
    ],
    ["an empty file", { source: "empty.csv" }, () => unusable("empty.csv", faults.isEmpty())],
    ["a folder", { source: "folder.csv" }, () => unusable("folder.csv", faults.isDirectory())],
    ["more than 5 GiB", { source: "huge.csv" }, () => unusable("huge.csv", faults.tooLarge(5 * 1024 ** 3 + 1))],
    [
      "an extension ProcessMind does not read",
      { source: "data/orders.json" },
      () => unknownExtension("source", "orders.json", "json", EXTENSIONS),
    ],
    [
      "a name without an extension",
      { fileName: "orders" },
      () => unknownExtension("fileName", "orders", "", EXTENSIONS),
    ],
    ["a name with folders", { fileName: "data/orders.csv" }, () => mustHaveNoFolder("fileName", "data/orders.csv")],
    ["a path of Windows", { source: "data\\orders.csv" }, () => mustHaveSlashes("data\\orders.csv")],
    [
      "a fileName with backslashes",
      { fileName: "data\\orders.csv" },
      () => mustHaveNoFolder("fileName", "data\\orders.csv"),
    ],
  ])("rejects %s", async (_name, change, expected) => {
    await write("empty.csv", "");
    await write("huge.csv", "a\n");
    await fs.truncate(absolute("huge.csv"), 5 * 1024 ** 3 + 1);
    await fs.mkdir(absolute("folder.csv"), { recursive: true });
    const { failures } = await check({ ...WANTED, ...change });
    const failure = shownFailure(expected(path.basename(scene.host.directory)));
    expect([failures, scene.requests()]).toEqual([[failure], []]);
  });
});

describe("what is a change", () => {
  test("a touched file is none", async () => {
    const date = new Date("2031-01-01");
    await fs.utimes(absolute("data/orders.csv"), date, date);
    expect(await diff((await check(WANTED)).inputs)).toEqual(NO_CHANGE);
  });

  test("a moved file of the same name is none", async () => {
    await write("archive/orders.csv", CONTENT);
    const { inputs } = await check({ ...WANTED, source: "archive/orders.csv" });
    expect(inputs).toEqual(expect.objectContaining({ ...INPUTS, source: "archive/orders.csv" }));
    expect(await diff(inputs)).toEqual(NO_CHANGE);
  });

  test.each<[string, Properties]>([
    ["validForSeconds", { validForSeconds: 60 }],
    ["timeoutSeconds", { timeoutSeconds: 60 }],
  ])("%s is none", async (_name, change) => {
    expect(await diff((await check({ ...WANTED, ...change })).inputs)).toEqual(NO_CHANGE);
  });

  test.each<[string, Properties]>([
    ["fileName", { fileName: "orders-2.csv" }],
    ["triggers", { triggers: ["2026-11"] }],
    ["contentType", { contentType: "text/csv" }],
  ])("%s uploads again", async (_name, change) => {
    const { inputs } = await check({ ...WANTED, ...change });
    expect(await diff(inputs)).toEqual({ ...NO_CHANGE, changes: undefined });
    const updated = await scene.host.update("datatableUpload", "table-1", STATE, inputs);
    expect(updated).toEqual(expect.objectContaining({ ...INPUTS, ...change, uploadedAt: ISO_TIME }));
    expect(scene.requests()).toEqual(["GET uploads.presign", "PUT storage.put"]);
    const { fileName, object } = scene.emulator.uploads("table-1")[0] ?? {};
    expect([fileName, object?.contentType, object?.sha256]).toEqual([
      change["fileName"] ?? "orders.csv",
      change["contentType"] ?? null,
      FILE.contentSha256,
    ]);
  });

  test("new content uploads again, and the new hash is recorded", async () => {
    const changed = `${CONTENT}2,start\n`;
    await write("data/orders.csv", changed);
    const { inputs } = await check(WANTED);
    expect(await diff(inputs)).toEqual({ ...NO_CHANGE, changes: undefined });
    const updated = await scene.host.update("datatableUpload", "table-1", STATE, inputs);
    expect(updated).toMatchObject({ contentSha256: sha256(changed), sizeBytes: changed.length });
    await scene.emulator.settled();
    expect(scene.emulator.state().datatables[0]?.rowCount).toBe(3);
  });

  test.each<[string, Properties]>([
    ["datatableId", { datatableId: "table-2" }],
    ["datasetId", { datasetId: "set-2" }],
    ["tenantId", { tenantId: "other" }],
  ])("%s replaces", async (name, change) => {
    const { inputs, failures } = await check({ ...WANTED, ...change });
    expect([failures, await diff(inputs)]).toEqual([[], { ...NO_CHANGE, changes: undefined, replaces: [name] }]);
  });
});

describe("the second run", () => {
  test.each(["replace", "append"] as const)(
    "sends nothing, nor after a refresh (upload mode %s)",
    async (uploadMode) => {
      // Of its own: the process remembers what a table held before it uploaded to it.
      const datatableId = `table-${uploadMode}`;
      await putTable(scene, { id: datatableId, rowCount: 0 });
      scene.emulator.setBehaviour({ uploadMode, extraFields: true });
      const wanted = { ...WANTED, datatableId };
      const diff = (inputs: Properties, state: Properties) =>
        scene.host.diff("datatableUpload", datatableId, state, inputs);
      const first = await check(wanted, {});
      const { id, outputs } = await scene.host.create("datatableUpload", first.inputs);
      const second = await check(wanted, first.inputs);
      expect(await diff(second.inputs, outputs)).toEqual(NO_CHANGE);
      const found = await scene.host.read("datatableUpload", id, outputs);
      const third = await check(wanted, found.inputs);
      expect(await diff(third.inputs, found.outputs)).toEqual(NO_CHANGE);
      await scene.emulator.settled();
      expect(scene.emulator.state().datatables.find(({ id }) => id === datatableId)?.rowCount).toBe(2);
      const sent = ["GET uploads.presign", "PUT storage.put"];
      expect(scene.requests()).toEqual(["GET datatables.get", ...sent, "GET datatables.get"]);
    },
  );
});

describe("a failed upload", () => {
  test("tells the error alone, so the state keeps the old hash and the next preview shows the change", async () => {
    await write("data/orders.csv", `${CONTENT}2,start\n`);
    const { inputs } = await check(WANTED);
    scene.emulator.addFault({ kind: "reply", status: 400, match: { route: "storage.put" } });
    const failed = await outcome(scene.host.update("datatableUpload", "table-1", STATE, inputs));
    expect(failed).toEqual({
      error: expect.stringMatching(/^uploading "orders.csv" to Datatable "table-1": .*status 400/),
    });
    expect(await diff((await check(WANTED)).inputs)).toEqual({ ...NO_CHANGE, changes: undefined });
  });

  test("of a first one leaves nothing in the state", async () => {
    scene.emulator.addFault({ kind: "reply", status: 400, match: { route: "uploads.presign" } });
    expect(await outcome(scene.host.create("datatableUpload", INPUTS))).toEqual({
      error: expect.stringMatching(/^getting an upload URL for Datatable "table-1": .*status 400/),
    });
  });
});

describe("refresh and deletion", () => {
  test("refresh finds the table and needs no file", async () => {
    await fs.rm(absolute("data/orders.csv"));
    expect(await scene.host.read("datatableUpload", "table-1", STATE)).toEqual({
      id: "table-1",
      // The inputs stay as the engine has them: the outputs may be those of an earlier run.
      outputs: expect.objectContaining(STATE),
    });
    expect(scene.requests()).toEqual(["GET datatables.get"]);
  });

  test("a table that is gone takes the upload along", async () => {
    await scene.emulator.change((state) => {
      state.datatables = [];
    });
    expect(await scene.host.read("datatableUpload", "table-1", STATE)).toEqual({ id: "", outputs: {} });
  });

  test("deletion sends nothing, needs no file, and says that the rows stay", async () => {
    await fs.rm(absolute("data/orders.csv"));
    expect(await outcome(scene.host.delete("datatableUpload", "table-1", STATE))).toBeUndefined();
    expect([scene.requests(), scene.warnings()]).toEqual([
      [],
      [says.uploadRemoved("orders.csv", "table-1").toString()],
    ]);
  });
});
