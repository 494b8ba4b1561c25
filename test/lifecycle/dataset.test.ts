import type { Behaviour, Fault } from "processmind-emulator";
import type { Dataset } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import { shownFailure } from "../../provider/host";
import * as changed from "../../provider/messages/inputs";
import * as says from "../../provider/messages/objects";
import * as wire from "../../provider/messages/requests";
import { putDataset } from "./furniture";
import { CREATED_AT, openScene, outcome, TENANT, UNKNOWN } from "./scene";

/** Dataset: what a change, a refresh and a deletion do, as the engine sees it. */

const scene = openScene();
const SALES = { displayName: "Sales", treeNodeType: "Dataset", tenantId: TENANT };
const NO_CHANGE = { changes: false, replaces: [], deleteBeforeReplace: false };
const DELETED = ["GET datasets.get", "DELETE datasets.delete"];

const remove = (id: string, state: Properties) => outcome(scene.host.delete("dataset", id, state));
const names = () => scene.emulator.state().datasets.map(({ displayName }) => displayName);

describe("what the API cannot change", () => {
  const changes: [string, Properties, boolean][] = [
    ["displayName", { displayName: "Sales 2026" }, false],
    ["treeNodeType", { treeNodeType: "TreeGroup" }, true],
    ["treeParentId", { treeParentId: "folder" }, false],
    ["treeParentId", { treeParentId: UNKNOWN }, false],
    ["tenantId", { tenantId: "other" }, false],
  ];

  test.each(changes)("%s to %j is rejected with the options", async (property, change) => {
    const wanted = { ...SALES, ...change, forceDestroy: true };
    const { failures } = await scene.host.check("dataset", SALES, wanted);
    const stored = SALES as Properties;
    const expected = shownFailure(changed.cannotChange("dataset", property, stored[property], change[property]));
    expect([failures, scene.requests()]).toEqual([[expected], []]);
  });

  test("a value that is wrong by itself is told as that alone", async () => {
    const { failures } = await scene.host.check("dataset", SALES, { ...SALES, displayName: "" });
    const reason = "displayName must not be empty";
    expect(failures).toEqual([{ property: "displayName", reason: expect.stringContaining(reason) }]);
  });

  test.each(changes)("%s to %j replaces once forceDestroy is in the state", async (property, change, inPlace) => {
    const stored = { ...SALES, forceDestroy: true };
    const { inputs, failures } = await scene.host.check("dataset", stored, { ...SALES, ...change });
    const diff = await scene.host.diff("dataset", "set-1", { ...stored, adopted: false }, inputs);
    expect(failures).toEqual([]);
    // Where name and place stay, the new one would be taken for a second copy while the old one stands.
    expect(diff).toEqual({ changes: undefined, replaces: [property], deleteBeforeReplace: inPlace });
  });

  test.each<[string, Properties, Properties]>([
    ["blanks around a name", { displayName: "Sales " }, {}],
    ["the case of an id", { treeParentId: "FOLDER-1" }, { treeParentId: "folder-1" }],
  ])("%s is another spelling and no change", async (_name, was, is) => {
    for (const forceDestroy of [false, true]) {
      const stored = { ...SALES, ...was, forceDestroy };
      const { inputs, failures } = await scene.host.check("dataset", stored, { ...SALES, ...is, forceDestroy });
      const diff = await scene.host.diff("dataset", "set-1", { ...stored, adopted: false }, inputs);
      expect([failures, diff]).toEqual([[], NO_CHANGE]);
    }
  });

  test("existingId must go before a replacement, which would take over what it deletes", async () => {
    const stored = { ...SALES, forceDestroy: true, existingId: "set-1" };
    const { failures } = await scene.host.check("dataset", stored, { ...stored, displayName: "Other" });
    expect(failures).toEqual([shownFailure(changed.adoptedCannotBeReplaced(["displayName"]))]);
  });

  test("a name not known yet is no replacement", async () => {
    const { inputs, failures } = await scene.host.check("dataset", SALES, { ...SALES, displayName: UNKNOWN });
    const diff = await scene.host.diff("dataset", "set-1", { ...SALES, adopted: false }, inputs);
    expect([failures, diff]).toEqual([[], { changes: undefined, replaces: [], deleteBeforeReplace: false }]);
  });

  test.each<[string, Properties]>([
    ["forceDestroy", { forceDestroy: true }],
    ["timeoutSeconds", { timeoutSeconds: 5 }],
  ])("%s is a change of the state alone", async (_name, change) => {
    const state = { ...SALES, createdAt: CREATED_AT, datatableCount: 2, adopted: false };
    const { inputs } = await scene.host.check("dataset", SALES, { ...SALES, ...change });
    expect(await scene.host.diff("dataset", "set-1", state, inputs)).toEqual({ ...NO_CHANGE, changes: undefined });
    expect(await scene.host.update("dataset", "set-1", state, inputs)).toEqual({ ...state, ...change });
    expect(scene.requests()).toEqual([]);
  });

  test.each<[string, Properties]>([
    ["existingId", { existingId: "set-9" }],
    ["allowSameName", { allowSameName: true }],
  ])("%s means nothing after creation", async (_name, change) => {
    const { inputs, failures } = await scene.host.check("dataset", SALES, { ...SALES, ...change });
    expect(failures).toEqual([]);
    expect(await scene.host.diff("dataset", "set-1", { ...SALES, adopted: false }, inputs)).toEqual(NO_CHANGE);
  });
});

describe("refresh", () => {
  test.each<[string, Partial<Dataset>, Partial<Behaviour>, Properties, folder?: string]>([
    ["a rename comes in", { displayName: "Sales EMEA" }, {}, { displayName: "Sales EMEA" }],
    ["a move comes in", { treeParentId: "folder" }, { treeFieldsOnRead: true }, { treeParentId: "folder" }],
    [
      "fields nobody tells keep their last value",
      { treeParentId: "folder" },
      { hiddenFields: ["displayName", "createdAt"] },
      {},
    ],
    ["blanks around the name are no drift", { displayName: " Sales\n" }, {}, {}],
    ["another case of an id is no drift", { treeParentId: "FOLDER-1" }, { treeFieldsOnRead: true }, {}, "folder-1"],
    ["fields nobody documented are left out", {}, { extraFields: true }, {}],
  ])("%s", async (...[, found, behaviour, changed, folder]) => {
    await putDataset(scene, { id: "set-1", ...found });
    scene.emulator.setBehaviour(behaviour);
    const inputs = { ...SALES, ...(folder && { treeParentId: folder }), forceDestroy: false };
    const state = { ...inputs, createdAt: CREATED_AT, datatableCount: 0, adopted: false };
    expect(await scene.host.read("dataset", "set-1", state)).toEqual({
      id: "set-1",
      outputs: { ...state, ...changed },
      inputs: { ...inputs, ...changed },
    });
  });

  test.each<[string, Fault, string]>([
    [
      "a name",
      { kind: "wrong-type", body: { id: "set-1", displayName: 7 } },
      wire.wrongType('"displayName"', "a number", "text"),
    ],
    [
      "tables",
      { kind: "wrong-type", body: { id: "set-1", datatables: {} } },
      wire.wrongType('"datatables"', "an object", "a list"),
    ],
    ["no id", { kind: "wrong-type", body: { name: "Sales" } }, "the response has no id: only name"],
  ])("%s of a wrong type is an error, never taken into the state", async (_name, fault, happened) => {
    const state = await putDataset(scene, { id: "set-1" });
    scene.emulator.addFault(fault);
    expect(await outcome(scene.host.read("dataset", "set-1", state))).toEqual({
      error: expect.stringContaining(`reading Dataset "set-1": ${happened} (BAD_RESPONSE`),
    });
  });

  test("a tenant the server calls missing with 403 is not gone", async () => {
    scene.emulator.setBehaviour({ missingStatus: 403 });
    expect(await outcome(scene.host.read("dataset", "set-1", { ...SALES, adopted: false }))).toEqual({
      error: expect.stringContaining("status 403"),
    });
  });
});

describe("delete", () => {
  const lost = (holds: string, noun = "Dataset", name = "Sales") => {
    const options = noun === "TreeGroup" ? says.DELETION_OPTIONS : says.DATA_DELETION_OPTIONS;
    return { error: says.dataWouldBeLost(noun, name, "set-1", holds, options).message };
  };

  test.each<[string, (number | undefined)[], Partial<Behaviour>, unknown, string[]]>([
    ["no tables", [], {}, undefined, DELETED],
    ["tables without rows", [0, 0], {}, undefined, DELETED],
    ["tables with rows", [0, 1, 12_345], {}, lost(says.holdsTableWithRows("Table 1", 1, 1)), ["GET datasets.get"]],
    [
      "a table whose rows are not told",
      [undefined],
      { rowCountBeforeUpload: "absent" },
      lost(says.holdsTableWithRows("Table 0", undefined, 0)),
      ["GET datasets.get"],
    ],
    [
      "a table whose row count is null",
      [undefined],
      { rowCountBeforeUpload: "null" },
      lost(says.holdsTableWithRows("Table 0", undefined, 0)),
      ["GET datasets.get"],
    ],
    ["tables nobody tells", [], { hiddenFields: ["datatables"] }, lost(says.tablesNotReported()), ["GET datasets.get"]],
  ])("with %s", async (_name, rowCounts, behaviour, expected, requests) => {
    const state = await putDataset(scene, { id: "set-1" }, rowCounts);
    scene.emulator.setBehaviour(behaviour);
    expect([await remove("set-1", state), scene.requests()]).toEqual([expected, requests]);
    expect(names()).toEqual(expected === undefined ? [] : ["Sales"]);
  });

  test("forceDestroy in the state: exactly one DELETE", async () => {
    const state = await putDataset(scene, { id: "set-1" }, [5, undefined]);
    expect(await remove("set-1", { ...state, forceDestroy: true })).toBeUndefined();
    expect([scene.emulator.state().datatables, scene.requests()]).toEqual([[], DELETED]);
  });

  test.each<[string, Partial<Behaviour>, string | null, string | undefined, string[]]>([
    ["empty, in a list that tells", { treeFieldsInList: true }, null, undefined, [...DELETED]],
    [
      "with a child",
      { treeFieldsInList: true },
      "set-1",
      says.holdsChildren([{ id: "child", displayName: "Sales" }]),
      [],
    ],
    [
      "with a child that has its id in another case",
      { treeFieldsInList: true },
      "SET-1",
      says.holdsChildren([{ id: "child", displayName: "Sales" }]),
      [],
    ],
    ["in a list that cannot tell", {}, null, says.childrenNotReported(), []],
  ])("a folder %s", async (_name, behaviour, treeParentId, holds, requests) => {
    scene.emulator.setBehaviour(behaviour);
    const state = await putDataset(scene, { id: "set-1", displayName: "Finance", treeNodeType: "TreeGroup" });
    await putDataset(scene, { id: "child", treeParentId });
    const result = await remove("set-1", state);
    expect(result).toEqual(holds && lost(holds, "TreeGroup", "Finance"));
    const [, ...deleted] = requests;
    expect(scene.requests()).toEqual(["GET datasets.get", "GET datasets.list", ...deleted]);
    if (holds === undefined) return;
    expect(await remove("set-1", { ...state, forceDestroy: true })).toBeUndefined();
    expect(names()).toEqual(treeParentId === "set-1" ? [] : ["Sales"]);
  });

  test("a folder that its list leaves out may hold folders that it leaves out too", async () => {
    const state = await putDataset(scene, { id: "set-1", displayName: "Finance", treeNodeType: "TreeGroup" });
    const body = [{ id: "child", displayName: "Sales", treeParentId: "a folder in between" }];
    scene.emulator.addFault({ kind: "reply", status: 200, body, match: { route: "datasets.list" } });
    const holds = says.childrenNotReported();
    expect(await remove("set-1", state)).toEqual(lost(holds, "TreeGroup", "Finance"));
    expect(names()).toEqual(["Finance"]);
  });

  test("the answer about another dataset decides nothing", async () => {
    const state = await putDataset(scene, { id: "set-1" }, [5]);
    const body = { id: "set-2", displayName: "Other", datatables: [] };
    scene.emulator.addFault({ kind: "reply", status: 200, body, match: { route: "datasets.get" } });
    expect(await remove("set-1", state)).toEqual({
      error: expect.stringContaining(wire.otherObject("set-2")),
    });
    expect([names(), scene.requests()]).toEqual([["Sales"], ["GET datasets.get"]]);
  });

  test.each([{}, { error: "locked" }, { success: "false" }])("%j is no yes: a GET decides", async (body) => {
    const state = await putDataset(scene, { id: "set-1" });
    const fault: Fault = { kind: "reply", status: 200, body, match: { route: "datasets.delete" } };
    scene.emulator.addFault(fault);
    expect(await remove("set-1", state)).toEqual({
      error: says.notDeleted("Dataset", "Sales", "set-1", false).message,
    });
    scene.emulator.addFault({ ...fault, commit: true });
    expect([await remove("set-1", state), names()]).toEqual([undefined, []]);
  });

  test('"success": false is an error', async () => {
    const state = await putDataset(scene, { id: "set-1" });
    scene.emulator.setBehaviour({ deleteReply: "successFalse" });
    expect(await remove("set-1", state)).toEqual({
      error: says.notDeleted("Dataset", "Sales", "set-1", true).message,
    });
  });

  test("a second delete is done already", async () => {
    const state = await putDataset(scene, { id: "set-1" });
    expect([await remove("set-1", state), await remove("set-1", state)]).toEqual([undefined, undefined]);
    expect(scene.requests()).toEqual([...DELETED, "GET datasets.get", "GET datasets.list"]);
  });
});

describe("the second run is empty", () => {
  test.each<[string, Partial<Behaviour>, string]>([
    ["with a server that tells what is documented", {}, "Sales"],
    ["with fields nobody documented", { extraFields: true, treeFieldsOnRead: true }, "Sales"],
    ["with fields left out", { hiddenFields: ["displayName", "createdAt", "datatables"] }, "Sales"],
    ["with names trimmed by the server", { trimDisplayNames: true }, " Sales "],
  ])("%s", async (_name, behaviour, displayName) => {
    scene.emulator.setBehaviour(behaviour);
    const wanted = { displayName, tenantId: TENANT };
    const first = await scene.host.check("dataset", {}, wanted);
    const { id, outputs } = await scene.host.create("dataset", first.inputs);
    const second = await scene.host.check("dataset", first.inputs, wanted);
    expect(await scene.host.diff("dataset", id, outputs, second.inputs)).toEqual(NO_CHANGE);
    const found = await scene.host.read("dataset", id, outputs);
    expect(found.inputs).toEqual(first.inputs);
    const third = await scene.host.check("dataset", found.inputs ?? {}, wanted);
    expect(third).toEqual({ inputs: first.inputs, failures: [] });
    expect(await scene.host.diff("dataset", id, found.outputs, third.inputs)).toEqual(NO_CHANGE);
  });
});
