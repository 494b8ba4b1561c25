import type { Behaviour, Fault } from "processmind-emulator";
import type { Datatable } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import { shownFailure } from "../../provider/host";
import * as changed from "../../provider/messages/inputs";
import * as says from "../../provider/messages/objects";
import * as wire from "../../provider/messages/requests";
import { putDataset, putTable } from "./furniture";
import { API_KEY, CREATED_AT, openScene, outcome, startHost, TENANT, UNKNOWN } from "./scene";

/** Datatable: what a change, a refresh and a deletion do, as the engine sees it. */

const scene = openScene();
beforeEach(async () => {
  await putDataset(scene, { id: "set-1" });
});

const ORDERS = { datasetId: "set-1", displayName: "Orders", tenantId: TENANT };
const STATE = { ...ORDERS, rowCount: 0, columns: [], createdAt: CREATED_AT, adopted: false };
const NO_CHANGE = { changes: false, replaces: [], deleteBeforeReplace: false };
const DELETED = ["GET datatables.get", "DELETE datatables.delete", "GET datatables.get"];

const remove = (state: Properties) => outcome(scene.host.delete("datatable", "table-1", state));
const tables = () => scene.emulator.state().datatables.map(({ displayName }) => displayName);

describe("what the API cannot change", () => {
  const changes: [string, Properties][] = [
    ["displayName", { displayName: "Orders 2026" }],
    ["datasetId", { datasetId: "set-2" }],
    ["datasetId", { datasetId: UNKNOWN }],
    ["tenantId", { tenantId: "other" }],
  ];

  test.each(changes)("%s to %j is rejected with the options", async (property, change) => {
    const wanted = { ...ORDERS, ...change, forceDestroy: true };
    const { failures } = await scene.host.check("datatable", ORDERS, wanted);
    const stored = ORDERS as Properties;
    const expected = shownFailure(changed.cannotChange("datatable", property, stored[property], change[property]));
    expect([failures, scene.requests()]).toEqual([[expected], []]);
  });

  test.each(changes)("%s to %j replaces once forceDestroy is in the state", async (property, change) => {
    const stored = { ...ORDERS, forceDestroy: true };
    const { inputs, failures } = await scene.host.check("datatable", stored, { ...ORDERS, ...change });
    const diff = await scene.host.diff("datatable", "table-1", { ...STATE, ...stored }, inputs);
    expect([failures, diff]).toEqual([[], { changes: undefined, replaces: [property], deleteBeforeReplace: false }]);
  });

  test("a dataset not known yet is fine for a table that does not exist yet", async () => {
    const { failures } = await scene.host.check("datatable", {}, { ...ORDERS, datasetId: UNKNOWN });
    expect(failures).toEqual([]);
  });

  test.each<[string, Properties]>([
    ["blanks around a name", { displayName: " Orders" }],
    ["the case of an id", { datasetId: "SET-1" }],
  ])("%s is another spelling and no change", async (_name, was) => {
    for (const forceDestroy of [false, true]) {
      const stored = { ...ORDERS, ...was, forceDestroy };
      const { inputs, failures } = await scene.host.check("datatable", stored, { ...ORDERS, forceDestroy });
      const diff = await scene.host.diff("datatable", "table-1", { ...STATE, ...stored }, inputs);
      expect([failures, diff]).toEqual([[], NO_CHANGE]);
    }
  });

  test("existingId must go before a replacement, which would take over what it deletes", async () => {
    const stored = { ...ORDERS, forceDestroy: true, existingId: "table-1" };
    const { failures } = await scene.host.check("datatable", stored, { ...stored, datasetId: "set-2" });
    expect(failures).toEqual([shownFailure(changed.adoptedCannotBeReplaced(["datasetId"]))]);
  });

  test.each<[string, Properties]>([
    ["forceDestroy", { forceDestroy: true }],
    ["timeoutSeconds", { timeoutSeconds: 5 }],
  ])("%s is a change of the state alone", async (_name, change) => {
    const { inputs } = await scene.host.check("datatable", ORDERS, { ...ORDERS, ...change });
    expect(await scene.host.diff("datatable", "table-1", STATE, inputs)).toEqual({ ...NO_CHANGE, changes: undefined });
    expect(await scene.host.update("datatable", "table-1", STATE, inputs)).toEqual({ ...STATE, ...change });
    expect(scene.requests()).toEqual([]);
  });

  test.each<[string, Properties]>([
    ["existingId", { existingId: "table-9" }],
    ["allowSameName", { allowSameName: true }],
  ])("%s means nothing after creation", async (_name, change) => {
    const { inputs, failures } = await scene.host.check("datatable", ORDERS, { ...ORDERS, ...change });
    expect([failures, await scene.host.diff("datatable", "table-1", STATE, inputs)]).toEqual([[], NO_CHANGE]);
  });
});

describe("refresh", () => {
  const columns = [{ name: "case_id", type: "string" }] as const;

  test.each<[string, Partial<Datatable>, Partial<Behaviour>, Properties, Properties]>([
    [
      "a rename comes in",
      { displayName: "Order lines" },
      { rowCountBeforeUpload: "absent" },
      { displayName: "Order lines" },
      {},
    ],
    ["a move comes in", { datasetId: "set-2" }, { rowCountBeforeUpload: "absent" }, { datasetId: "set-2" }, {}],
    ["rows and columns that uploads loaded are no drift", { rowCount: 5, columns: [...columns] }, {}, {}, {}],
    ["no rows are no drift", { rowCount: 0 }, {}, {}, {}],
    ["a row count that is null is no drift", {}, { rowCountBeforeUpload: "null" }, {}, {}],
    ["what is not told keeps its last value", {}, { rowCountBeforeUpload: "absent" }, {}, {}],
    [
      "a table of which only the id is told",
      {},
      { hiddenFields: ["displayName", "datasetId", "createdAt", "rowCount", "columns"] },
      {},
      {},
    ],
    ["another case of an id is no drift", { datasetId: "SET-1" }, { rowCountBeforeUpload: "absent" }, {}, {}],
    ["blanks around the name are no drift", { displayName: "Orders " }, { rowCountBeforeUpload: "absent" }, {}, {}],
    ["fields nobody documented are left out", {}, { extraFields: true, rowCountBeforeUpload: "absent" }, {}, {}],
  ])("%s", async (_name, found, behaviour, changed, outputs) => {
    await putTable(scene, { id: "table-1", ...found });
    scene.emulator.setBehaviour(behaviour);
    const state = { ...STATE, rowCount: 3, columns: [{ name: "old", type: "string" }] };
    expect(await scene.host.read("datatable", "table-1", state)).toEqual({
      id: "table-1",
      outputs: { ...state, ...changed, ...outputs },
      inputs: { ...ORDERS, ...changed },
    });
  });

  const broken = (body: object): Fault => ({ kind: "wrong-type", body: { id: "table-1", ...body } });
  test.each<[string, Fault, string]>([
    ["rowCount", broken({ rowCount: "5" }), wire.wrongType('"rowCount"', "a string", "a number")],
    ["columns", broken({ columns: "case_id" }), wire.wrongType('"columns"', "a string", "a list")],
    ["a column", broken({ columns: ["case_id"] }), wire.wrongType('an item of "columns"', "a string", "an object")],
    ["datasetId", broken({ datasetId: [] }), wire.wrongType('"datasetId"', "a list", "text")],
    ["the id", broken({ id: null }), "the response has no id: only nothing"],
  ])("%s of a wrong type is an error, never taken into the state", async (_name, fault, happened) => {
    await putTable(scene, { id: "table-1" });
    scene.emulator.addFault(fault);
    expect(await outcome(scene.host.read("datatable", "table-1", STATE))).toEqual({
      error: expect.stringContaining(`reading Datatable "table-1": ${happened} (BAD_RESPONSE`),
    });
  });
});

describe("delete", () => {
  const lost = (rows: number | undefined) => ({
    error: says.dataWouldBeLost("Datatable", "Orders", "table-1", says.holdsRows(rows), says.DATA_DELETION_OPTIONS)
      .message,
  });
  const STAYS = says.tablesStay("Orders", "table-1").toString();
  const PRETENDED = says.tableStillThere("Orders", "table-1").toString();

  test.each<[Behaviour["datatableDelete"], string[], string[]]>([
    ["404", ["Orders"], [STAYS]],
    ["403", ["Orders"], [STAYS]],
    ["405", ["Orders"], [STAYS]],
    ["pretends", ["Orders"], [PRETENDED]],
    ["works", [], []],
  ])("where a DELETE of one table answers: %s", async (datatableDelete, left, warnings) => {
    await putTable(scene, { id: "table-1" });
    scene.emulator.setBehaviour({ datatableDelete });
    // A process is a run, and a run says once what holds for all tables.
    const host = await startHost({ "processmind:apiKey": API_KEY, "processmind:apiUrl": scene.emulator.apiUrl });
    try {
      expect(await outcome(host.delete("datatable", "table-1", STATE))).toBeUndefined();
      const told = host.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message);
      expect([tables(), told, scene.requests()]).toEqual([left, warnings, DELETED]);
    } finally {
      await host.close();
    }
  });

  test("warns once in a run that deletes eight tables", async () => {
    const host = await startHost({ "processmind:apiKey": API_KEY, "processmind:apiUrl": scene.emulator.apiUrl });
    try {
      for (let index = 1; index <= 8; index++) {
        await putTable(scene, { id: `table-${index}` });
        await host.delete("datatable", `table-${index}`, STATE);
      }
      expect(host.logs.filter(({ severity }) => severity === "warning").map(({ message }) => message)).toEqual([STAYS]);
    } finally {
      await host.close();
    }
  });

  test("creates the replacement of a table that cannot be deleted, which stays beside it", async () => {
    await putTable(scene, { id: "table-1", rowCount: 5 });
    scene.emulator.setBehaviour({ datatableDelete: "404" });
    const { inputs } = await scene.host.check("datatable", {}, { ...ORDERS, forceDestroy: true });
    expect(await remove({ ...STATE, forceDestroy: true })).toBeUndefined();
    const { id } = await scene.host.create("datatable", inputs);
    expect([id === "table-1", tables(), scene.warnings()]).toEqual([false, ["Orders", "Orders"], [STAYS]]);
  });

  test("rejects a table of that name in the next run, where the program declares it anew", async () => {
    await putTable(scene, { id: "table-1", rowCount: 0 });
    scene.emulator.setBehaviour({ datatableDelete: "404" });
    expect(await remove(STATE)).toBeUndefined();
    const { inputs } = await scene.host.check("datatable", {}, ORDERS);
    await expect(scene.host.create("datatable", inputs)).rejects.toThrow(
      says.alreadyExists("Datatable", "Orders", [{ id: "table-1" }]).message,
    );
  });

  test.each<[string, number | undefined, Partial<Behaviour>]>([
    ["rows", 12_345, {}],
    ["one row", 1, {}],
    ["a row count that is absent", undefined, { rowCountBeforeUpload: "absent" }],
    ["a row count that is null", undefined, { rowCountBeforeUpload: "null" }],
  ])("with %s it is rejected, and nothing is sent but the GET", async (_name, rowCount, behaviour) => {
    await putTable(scene, { id: "table-1", rowCount });
    scene.emulator.setBehaviour({ datatableDelete: "works", ...behaviour });
    // What the state remembers does not count: rows may have come since.
    expect(await remove({ ...STATE, rowCount: 0 })).toEqual(lost(rowCount));
    expect([tables(), scene.requests()]).toEqual([["Orders"], ["GET datatables.get"]]);
  });

  test("with 0 rows it is deleted, whatever the state remembers", async () => {
    await putTable(scene, { id: "table-1", rowCount: 0 });
    scene.emulator.setBehaviour({ datatableDelete: "works" });
    expect([await remove({ ...STATE, rowCount: 9 }), tables()]).toEqual([undefined, []]);
  });

  test("forceDestroy in the state deletes rows: exactly one DELETE", async () => {
    await putTable(scene, { id: "table-1", rowCount: 5 });
    scene.emulator.setBehaviour({ datatableDelete: "works" });
    expect(await remove({ ...STATE, forceDestroy: true })).toBeUndefined();
    expect([tables(), scene.requests()]).toEqual([[], DELETED]);
  });

  test('"success": false is an error', async () => {
    await putTable(scene, { id: "table-1" });
    scene.emulator.setBehaviour({ datatableDelete: "works", deleteReply: "successFalse" });
    expect(await remove(STATE)).toEqual({
      error: says.notDeleted("Datatable", "Orders", "table-1", true).message,
    });
    expect([tables(), scene.warnings()]).toEqual([["Orders"], []]);
  });

  test("gone already is done, and so is a second delete", async () => {
    await putTable(scene, { id: "table-1" });
    scene.emulator.setBehaviour({ datatableDelete: "works" });
    expect([await remove(STATE), await remove(STATE)]).toEqual([undefined, undefined]);
    expect(scene.requests()).toEqual([...DELETED, "GET datatables.get", "GET datatables.list"]);
  });

  test("the key is wrong at the DELETE: an error, not a table that cannot be deleted", async () => {
    await putTable(scene, { id: "table-1" });
    const match = { route: "datatables.delete" };
    scene.emulator.addFault({ kind: "reply", status: 401, body: { message: "Unauthorized" }, match });
    expect(await remove(STATE)).toEqual({ error: expect.stringContaining("status 401") });
  });
});

describe("the second run is empty", () => {
  test.each<[string, Partial<Behaviour>, string]>([
    ["with a server that tells what is documented", {}, "Orders"],
    ["with fields nobody documented", { extraFields: true }, "Orders"],
    [
      "with fields left out",
      { hiddenFields: ["displayName", "datasetId", "rowCount", "columns", "createdAt"] },
      "Orders",
    ],
    ["with row counts that are null", { rowCountBeforeUpload: "null" }, "Orders"],
    ["with row counts that are absent", { rowCountBeforeUpload: "absent" }, "Orders"],
    ["with names trimmed by the server", { trimDisplayNames: true }, " Orders "],
  ])("%s", async (_name, behaviour, displayName) => {
    scene.emulator.setBehaviour(behaviour);
    const wanted = { ...ORDERS, displayName };
    const first = await scene.host.check("datatable", {}, wanted);
    const { id, outputs } = await scene.host.create("datatable", first.inputs);
    const second = await scene.host.check("datatable", first.inputs, wanted);
    expect(await scene.host.diff("datatable", id, outputs, second.inputs)).toEqual(NO_CHANGE);
    const found = await scene.host.read("datatable", id, outputs);
    expect([found.id, found.inputs]).toEqual([id, first.inputs]);
    const third = await scene.host.check("datatable", found.inputs ?? {}, wanted);
    expect(third).toEqual({ inputs: first.inputs, failures: [] });
    expect(await scene.host.diff("datatable", id, found.outputs, third.inputs)).toEqual(NO_CHANGE);
  });
});
