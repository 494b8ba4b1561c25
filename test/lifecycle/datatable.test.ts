import type { Behaviour, Fault } from "processmind-emulator";
import type { Datatable } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
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
  const rename = (from: string, to: string) =>
    `displayName cannot be changed from ${from} to ${to}: ProcessMind's API has no rename or move, and a new datatable would lose the rows of this one. If that was not meant, write displayName: ${from}. Else rename it in ProcessMind, run \`pulumi refresh\` (the state takes the new name), then change the program; or set forceDestroy: true, run \`pulumi up\`, then change it: that deletes the datatable with its rows and creates a new one.`;
  const move = (to: string, asItWas = 'If that was not meant, write datasetId: "set-1".') =>
    `datasetId cannot be changed from "set-1" to ${to}: ProcessMind's API cannot move a datatable, and this one's rows would be lost with it. ${asItWas} If its dataset is to be replaced, or the rows may go: set forceDestroy: true on this datatable, run \`pulumi up\`, then make the change. If its dataset was replaced already, write datasetId: "set-1" until then; that \`pulumi up\` deletes the old dataset, and its tables with it.`;
  const changes: [string, Properties, string][] = [
    ["displayName", { displayName: "Orders 2026" }, rename('"Orders"', '"Orders 2026"')],
    ["datasetId", { datasetId: "set-2" }, move('"set-2"')],
    [
      "datasetId",
      { datasetId: UNKNOWN },
      move(
        "a value not known yet",
        'If the object it comes from is only taken over anew by existingId, write datasetId: "set-1" for that run.',
      ),
    ],
    [
      "tenantId",
      { tenantId: "other" },
      `tenantId cannot be changed from "${TENANT}" to "other": ProcessMind's API has no rename or move, and a new datatable would lose the rows of this one. If that was not meant, set the tenant back: tenantId, \`processmind:tenantId\` or PROCESSMIND_TENANT_ID. To use a second tenant too, declare a second resource beside this one; to leave this one, set forceDestroy: true, run \`pulumi up\`, then change it: that deletes here and creates there.`,
    ],
  ];

  test.each(changes)("%s to %j is refused with the way out", async (property, change, reason) => {
    const wanted = { ...ORDERS, ...change, forceDestroy: true };
    const { failures } = await scene.host.check("datatable", ORDERS, wanted);
    expect([failures, scene.requests()]).toEqual([[{ property, reason }], []]);
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
    const reason =
      "existingId must be removed before datasetId can change: a new object would be made, and existingId names the old one";
    expect(failures).toEqual([{ property: "existingId", reason }]);
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
    ["rowCount", broken({ rowCount: "5" }), '"rowCount" is a string where a number was expected'],
    ["columns", broken({ columns: "case_id" }), '"columns" is a string where a list was expected'],
    ["a column", broken({ columns: ["case_id"] }), 'an item of "columns" is a string where an object was expected'],
    ["datasetId", broken({ datasetId: [] }), '"datasetId" is a list where text was expected'],
    ["the id", broken({ id: null }), "the answer has no id, only: nothing"],
  ])("%s of a wrong type is an error, never taken into the state", async (_name, fault, happened) => {
    await putTable(scene, { id: "table-1" });
    scene.emulator.addFault(fault);
    expect(await outcome(scene.host.read("datatable", "table-1", STATE))).toEqual({
      error: `reading Datatable "table-1": ${happened} (GET /tenant/${TENANT}/datatable/table-1). Check processmind:apiUrl; if it is right, the API has changed and this package must follow.`,
    });
  });
});

describe("delete", () => {
  const lost = (rows: string) => ({
    error:
      `deleting Datatable "Orders" (table-1): it holds data (${rows}), and deletion would destroy it. Nothing was deleted.\n` +
      '  - keep it: put it back in the program, its DatatableUpload with whenTableHasRows: "skip", which sends nothing\n' +
      "  - leave it in ProcessMind: put it back with retainOnDelete: true, run `pulumi up`, then remove it\n" +
      "  - delete it with its data: put it back with forceDestroy: true, run `pulumi up`, then remove it",
  });
  const STAYS =
    'ProcessMind\'s API cannot delete a single datatable: "Orders" (table-1) leaves this stack, and is deleted with its dataset. The same holds for every other datatable that this run deletes.';
  const PRETENDED =
    'Datatable "Orders" (table-1) is still in ProcessMind, though its API said that it was deleted. It leaves this stack, and is deleted with its dataset; or delete it in ProcessMind.';

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
      'creating Datatable "Orders": one of that name exists already: "table-1"',
    );
  });

  test.each<[string, number | undefined, Partial<Behaviour>, string]>([
    ["rows", 12_345, {}, "12,345 rows"],
    ["one row", 1, {}, "1 row"],
    ["a row count that is absent", undefined, { rowCountBeforeUpload: "absent" }, "row count unknown"],
    ["a row count that is null", undefined, { rowCountBeforeUpload: "null" }, "row count unknown"],
  ])("with %s it is refused, and nothing is sent but the GET", async (_name, rowCount, behaviour, rows) => {
    await putTable(scene, { id: "table-1", rowCount });
    scene.emulator.setBehaviour({ datatableDelete: "works", ...behaviour });
    // What the state remembers does not count: rows may have come since.
    expect(await remove({ ...STATE, rowCount: 0 })).toEqual(lost(rows));
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
      error:
        'deleting Datatable "Orders" (table-1): the API answered "success": false. It is still there. Delete it in ProcessMind and run `pulumi refresh`, or try again.',
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
