import type { Behaviour } from "processmind-emulator";
import type { Dataset } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import { creating } from "../../provider/messages/doing";
import * as says from "../../provider/messages/objects";
import * as wire from "../../provider/messages/requests";
import { putDataset } from "./furniture";
import { CREATED_AT, ISO_TIME, openScene, outcome, TENANT, UNKNOWN } from "./scene";

/** Dataset: one create, one object; and taking over what exists. */

const scene = openScene();
const SALES = { displayName: "Sales", treeNodeType: "Dataset", tenantId: TENANT };
const FOLDER = { ...SALES, displayName: "Finance", treeNodeType: "TreeGroup" };

const create = (inputs: Properties) => outcome(scene.host.create("dataset", inputs));
const remove = (id: string, state: Properties) => outcome(scene.host.delete("dataset", id, state));
const names = () => scene.emulator.state().datasets.map(({ displayName }) => displayName);

describe("create", () => {
  test("sends what was asked for, a folder and its child", async () => {
    const folder = await scene.host.create("dataset", FOLDER);
    const child = await scene.host.create("dataset", { ...SALES, treeParentId: folder.id });
    const bodies = scene.emulator.journal().flatMap(({ body }) => (body === undefined ? [] : [body]));
    expect(bodies).toEqual([
      { displayName: "Finance", treeNodeType: "TreeGroup", treeParentId: null },
      { displayName: "Sales", treeNodeType: "Dataset", treeParentId: folder.id },
    ]);
    expect(folder.outputs).toEqual({ ...FOLDER, createdAt: ISO_TIME, adopted: false });
    expect(child.outputs).toEqual({ ...SALES, treeParentId: folder.id, createdAt: ISO_TIME, adopted: false });
  });

  test("one of that name is there: rejected before any POST, with its id and the options", async () => {
    await putDataset(scene, { id: "set-1", displayName: " Sales " });
    expect(await create(SALES)).toEqual({
      error: says.alreadyExists("Dataset", "Sales", [{ id: "set-1" }]).message,
    });
    expect(scene.requests()).toEqual(["GET datasets.list"]);
  });

  test("one of that name in another folder does not count, where the list tells folders", async () => {
    scene.emulator.setBehaviour({ treeFieldsInList: true });
    await putDataset(scene, { id: "folder", displayName: "Finance", treeNodeType: "TreeGroup" });
    await putDataset(scene, { id: "set-1", treeParentId: "folder" });
    expect(await create(SALES)).toMatchObject({ outputs: SALES });
    expect(names()).toEqual(["Finance", "Sales", "Sales"]);
  });

  test("allowSameName makes a second one", async () => {
    await putDataset(scene, { id: "set-1" });
    expect(await create({ ...SALES, allowSameName: true })).toMatchObject({ outputs: { allowSameName: true } });
    expect([names(), scene.requests()]).toEqual([
      ["Sales", "Sales"],
      ["GET datasets.list", "POST datasets.create"],
    ]);
  });

  test("a lost reply with allowSameName: the one that was not in the list before is ours", async () => {
    await putDataset(scene, { id: "set-1" });
    scene.emulator.addFault({ kind: "reset", commit: true, match: { route: "datasets.create" } });
    const made = await scene.host.create("dataset", { ...SALES, allowSameName: true });
    expect(made.id).toBe(scene.emulator.state().datasets[1]?.id);
  });

  test("a lost reply and several new ones: an error that names them", async () => {
    await putDataset(scene, { id: "set-1" });
    const match = { route: "datasets.list" };
    const body = ["set-1", "set-2", "set-3"].map((id) => ({ id, displayName: "Sales" }));
    scene.emulator.setFaults([
      { kind: "reset", commit: true, match: { route: "datasets.create" } },
      { kind: "wrong-type", body, match, after: 1 },
    ]);
    expect(await create({ ...SALES, allowSameName: true })).toEqual({
      error: expect.stringContaining(
        `creating Dataset "Sales": it may have been created, and the list shows 2 new ones (AMBIGUOUS_CREATE).`,
      ),
    });
    expect(scene.requests()).toEqual(["GET datasets.list", "POST datasets.create", "GET datasets.list"]);
  });

  test("a lost reply and a list that is late: the new one is found at the next look", async () => {
    scene.emulator.setBehaviour({ missingListsAfterCreate: 1 });
    scene.emulator.addFault({ kind: "reset", commit: true, match: { route: "datasets.create" } });
    expect(await create(SALES)).toMatchObject({ id: scene.emulator.state().datasets[0]?.id });
    expect(scene.requests()).toEqual([
      "GET datasets.list",
      "POST datasets.create",
      ...Array(2).fill("GET datasets.list"),
    ]);
  });

  test("of two at once under one name the second is refused", async () => {
    const results = await Promise.all([create(SALES), create(SALES), create({ ...SALES, displayName: "Other" })]);
    expect(results.filter((result) => "error" in result)).toEqual([
      { error: expect.stringContaining("(ALREADY_EXISTS)") },
    ]);
    expect(names().sort()).toEqual(["Other", "Sales"]);
  });

  test("of two at once in two folders, where the list tells none, neither takes the other's for its own", async () => {
    for (const id of ["one", "other"]) await putDataset(scene, { id, displayName: id, treeNodeType: "TreeGroup" });
    scene.emulator.addFault({ kind: "reply", status: 503, match: { route: "datasets.create" } });
    const results = await Promise.all(
      ["one", "other"].map((treeParentId) => create({ ...SALES, treeParentId, allowSameName: true })),
    );
    expect(results).toEqual([
      { error: expect.stringContaining("(AMBIGUOUS_CREATE)") },
      { id: scene.emulator.state().datasets[2]?.id, outputs: expect.objectContaining({ treeParentId: "other" }) },
    ]);
    expect(names()).toEqual(["one", "other", "Sales"]);
  });

  test.each<[string, Partial<Behaviour>, string[]]>([
    ["an id alone", { createReply: "id" }, []],
    ["status 201", { createStatus: 201 }, []],
    ["no id: the list tells it", { createReply: "noId" }, ["GET datasets.list"]],
    ["the object wrapped: the list tells its id", { createReply: "wrapped" }, ["GET datasets.list"]],
    ["reads that do not see it yet: none is needed", { missingReadsAfterCreate: 9 }, []],
  ])("replies with %s", async (_name, behaviour, more) => {
    scene.emulator.setBehaviour(behaviour);
    const made = await scene.host.create("dataset", SALES);
    expect(made).toEqual({
      id: scene.emulator.state().datasets[0]?.id,
      outputs: expect.objectContaining({ ...SALES, adopted: false }),
    });
    expect(scene.requests()).toEqual(["GET datasets.list", "POST datasets.create", ...more]);
  });

  test("a reply that names the object and is no good otherwise: its id is in the state, and an update goes on", async () => {
    const body = { id: "set-7", displayName: "Sales", createdAt: 5 };
    const match = { route: "datasets.create" };
    scene.emulator.addFault({ kind: "reply", status: 200, body, commit: true, match });
    const bad = wire.wrongType('"createdAt"', "a number", "text");
    const error = wire.badResponse(creating("Dataset", "Sales"), bad, { status: undefined }).message;
    const outputs = { ...SALES, adopted: false };
    expect(await create(SALES)).toEqual({ error, id: "set-7", outputs, reasons: [error] });
    // Pulumi calls update for a half-made object, whether or not anything changed.
    expect(await scene.host.update("dataset", "set-7", outputs, SALES)).toEqual(outputs);
    expect(scene.requests()).toEqual(["GET datasets.list", "POST datasets.create"]);
  });
});

describe("existingId", () => {
  const ADOPTING = { ...SALES, existingId: "set-1" };

  test("is announced by the first preview alone, which sends nothing", async () => {
    const infos = () => scene.host.logs.filter(({ severity }) => severity === "info").map(({ message }) => message);
    const { inputs } = await scene.host.check("dataset", {}, ADOPTING);
    const adopts = says.adopts("Dataset", "Sales", "set-1").toString();
    expect([infos(), scene.requests()]).toEqual([[adopts], []]);
    await scene.host.check("dataset", inputs, ADOPTING);
    await scene.host.check("dataset", {}, { ...SALES, existingId: UNKNOWN });
    expect(infos()).toEqual([adopts]);
  });

  test("adopts what matches, with one GET", async () => {
    await putDataset(scene, { id: "set-1" });
    const state = { ...ADOPTING, createdAt: CREATED_AT, datatableCount: 0, adopted: true };
    expect(await create(ADOPTING)).toEqual({ id: "set-1", outputs: state });
    expect([names(), scene.requests()]).toEqual([["Sales"], ["GET datasets.get"]]);
  });

  test("what another resource has adopted in this run is not deleted, even with forceDestroy", async () => {
    const state = await putDataset(scene, { id: "set-1" }, [5]);
    await create(ADOPTING);
    expect(await remove("set-1", { ...state, forceDestroy: true })).toBeUndefined();
    expect(scene.warnings()).toEqual([says.declaredTwice("Dataset", "Sales", "set-1").toString()]);
    expect([names(), scene.requests()]).toEqual([["Sales"], ["GET datasets.get"]]);
  });

  test.each<[string, Properties, Properties, boolean, string[]]>([
    ["adopted in an earlier run and keeps stays, even with forceDestroy", { adopted: true }, {}, false, ["Sales"]],
    ["created and keeps is not deleted for one that adopted it", { adopted: false }, {}, true, ["Sales"]],
    ["created is its own to delete", { adopted: false }, {}, false, []],
    ["replaces now goes", { adopted: true, forceDestroy: true }, { displayName: "New" }, false, []],
  ])("what another resource %s", async (...[name, other, change, adopted, left]) => {
    const id = `set-${name}`;
    const state = { ...(await putDataset(scene, { id }, [5])), forceDestroy: true, adopted };
    const old = { ...SALES, ...(other["forceDestroy"] === true && { forceDestroy: true }) };
    const { inputs } = await scene.host.check("dataset", old, { ...old, ...change });
    await scene.host.diff("dataset", id, { ...old, ...other }, inputs);
    expect(await remove(id, state)).toBeUndefined();
    const warning = says.declaredTwice("Dataset", "Sales", id).toString();
    expect([names(), scene.warnings()]).toEqual([left, left.map(() => warning)]);
  });

  test("what another resource names in existingId and does not have goes", async () => {
    const state = { ...(await putDataset(scene, { id: "set-8" }, [5])), forceDestroy: true };
    const { inputs } = await scene.host.check("dataset", SALES, { ...SALES, existingId: "set-8" });
    await scene.host.diff("dataset", "set-9", { ...SALES, adopted: false }, inputs);
    expect([await remove("set-8", state), names(), scene.warnings()]).toEqual([undefined, [], []]);
  });

  test("what a refresh has compared is deleted like anything else", async () => {
    const state = {
      ...(await putDataset(scene, { id: "set-5" })),
      existingId: "set-5",
      adopted: true,
      forceDestroy: true,
    };
    const { inputs, outputs } = await scene.host.read("dataset", "set-5", state);
    await scene.host.diff("dataset", "set-5", outputs, inputs ?? {});
    expect([await remove("set-5", outputs), names(), scene.warnings()]).toEqual([undefined, [], []]);
  });

  test("delete leaves what was adopted in an earlier run alone", async () => {
    const state = await putDataset(scene, { id: "set-6" });
    expect(await remove("set-6", { ...state, adopted: true })).toBeUndefined();
    expect(scene.warnings()).toEqual([says.adoptedStays("Dataset", "Sales", "set-6").toString()]);
    expect([names(), scene.requests()]).toEqual([["Sales"], ["GET datasets.get"]]);
  });

  test("with forceDestroy in the state, delete deletes it", async () => {
    const state = await putDataset(scene, { id: "set-7" }, [5]);
    expect(await remove("set-7", { ...state, adopted: true, forceDestroy: true })).toBeUndefined();
    expect([names(), scene.warnings(), scene.requests()]).toEqual([
      [],
      [],
      ["GET datasets.get", "DELETE datasets.delete"],
    ]);
  });

  test.each<[string, Partial<Dataset>, Properties, string[]]>([
    ["name", { displayName: "Sale" }, {}, [says.isOther("displayName", "Sale", "Sales")]],
    ["type", { treeNodeType: "TreeGroup" }, {}, [says.isOther("treeNodeType", "TreeGroup", "Dataset")]],
    ["folder", { treeParentId: "folder" }, {}, [says.isOther("treeParentId", "folder", undefined)]],
    ["top", {}, { treeParentId: "folder" }, [says.isOther("treeParentId", null, "folder")]],
    [
      "name and type",
      { displayName: "Sale", treeNodeType: "TreeGroup" },
      {},
      [says.isOther("displayName", "Sale", "Sales"), says.isOther("treeNodeType", "TreeGroup", "Dataset")],
    ],
  ])("another %s is rejected, and nothing is changed", async (_name, found, wanted, differences) => {
    scene.emulator.setBehaviour({ treeFieldsOnRead: true });
    await putDataset(scene, { id: "set-1", ...found });
    expect(await create({ ...ADOPTING, ...wanted })).toEqual({
      error: says.adoptionMismatch("Dataset", "Sales", "set-1", differences).message,
    });
    expect(scene.requests()).toEqual(["GET datasets.get"]);
  });

  test("what does not exist is an error", async () => {
    expect(await create(ADOPTING)).toEqual({
      error: expect.stringContaining(
        `reading Dataset "set-1": the API rejected the request: "no dataset has the id set-1" (NOT_FOUND`,
      ),
    });
  });
});
