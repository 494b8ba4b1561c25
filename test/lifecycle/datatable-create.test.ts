import type { Behaviour } from "processmind-emulator";
import type { Datatable } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import { creatingIn } from "../../provider/messages/doing";
import * as says from "../../provider/messages/objects";
import * as wire from "../../provider/messages/requests";
import { putDataset, putTable } from "./furniture";
import { CREATED_AT, ISO_TIME, openScene, outcome, TENANT } from "./scene";

/** Datatable: one create, one object; and taking over what exists. */

const scene = openScene();
beforeEach(async () => {
  await putDataset(scene, { id: "set-1" });
});

const ORDERS = { datasetId: "set-1", displayName: "Orders", tenantId: TENANT };
const CREATED = ["GET datatables.list", "POST datatables.create"];
const LIST = "GET datatables.list";

const create = (inputs: Properties) => outcome(scene.host.create("datatable", inputs));
const tables = () => scene.emulator.state().datatables.map(({ displayName }) => displayName);

describe("create", () => {
  test("sends what was asked for, to the dataset", async () => {
    const made = await scene.host.create("datatable", ORDERS);
    const [, post] = scene.emulator.journal();
    expect([post?.path, post?.body]).toEqual([
      `/tenant/${TENANT}/datasets/set-1/datatables`,
      { displayName: "Orders" },
    ]);
    expect(made).toEqual({
      id: scene.emulator.state().datatables[0]?.id,
      outputs: { ...ORDERS, rowCount: 0, columns: [], createdAt: ISO_TIME, adopted: false },
    });
  });

  test("one of that name is in the dataset: rejected before any POST, with its id and the options", async () => {
    await putTable(scene, { id: "table-1", displayName: "Orders " });
    expect(await create(ORDERS)).toEqual({
      error: says.alreadyExists("Datatable", "Orders", [{ id: "table-1" }]).message,
    });
    expect(scene.requests()).toEqual([LIST]);
  });

  test("one of that name in another dataset does not count", async () => {
    await putTable(scene, { id: "table-1", datasetId: "set-2" });
    expect(await create(ORDERS)).toMatchObject({ outputs: ORDERS });
    expect([tables(), scene.requests()]).toEqual([["Orders", "Orders"], CREATED]);
  });

  test("one of that name counts when its dataset's id is written in another case", async () => {
    await putTable(scene, { id: "table-1", datasetId: "SET-1" });
    expect(await create(ORDERS)).toEqual({
      error: says.alreadyExists("Datatable", "Orders", [{ id: "table-1" }]).message,
    });
  });

  test("one of that name counts where the list does not tell whose it is", async () => {
    scene.emulator.setBehaviour({ hiddenFields: ["datasetId"] });
    await putTable(scene, { id: "table-1", datasetId: "set-2" });
    expect(await create(ORDERS)).toEqual({
      error: says.alreadyExists("Datatable", "Orders", [{ id: "table-1" }]).message,
    });
  });

  test("allowSameName makes a second one, and finds it when the reply is lost", async () => {
    await putTable(scene, { id: "table-1" });
    scene.emulator.addFault({ kind: "reset", commit: true, match: { route: "datatables.create" } });
    const made = await scene.host.create("datatable", { ...ORDERS, allowSameName: true });
    expect(made.id).toBe(scene.emulator.state().datatables[1]?.id);
    expect([tables(), scene.requests()]).toEqual([
      ["Orders", "Orders"],
      [...CREATED, LIST],
    ]);
  });

  test("a lost reply and several new ones: an error that names them", async () => {
    const body = ["table-1", "table-2"].map((id) => ({ id, ...ORDERS }));
    scene.emulator.setFaults([
      { kind: "reset", commit: true, match: { route: "datatables.create" } },
      { kind: "wrong-type", body, match: { route: "datatables.list" }, after: 1 },
    ]);
    expect(await create(ORDERS)).toEqual({
      error: expect.stringContaining(
        `creating Datatable "Orders": it may have been created, and the list shows 2 new ones (AMBIGUOUS_CREATE).`,
      ),
    });
    expect(scene.requests()).toEqual([...CREATED, LIST]);
  });

  test("a lost reply and a list that fails too: an error with both causes", async () => {
    scene.emulator.setFaults([
      { kind: "reset", commit: true, match: { route: "datatables.create" } },
      { kind: "reply", status: 401, match: { route: "datatables.list" }, after: 1 },
    ]);
    expect(await create(ORDERS)).toEqual({
      error: expect.stringMatching(
        /the list cannot be read \(AMBIGUOUS_CREATE\)\.\n {2}cause: listing the datatables /,
      ),
    });
  });

  test("of many at once under one name one is made; other names and datasets do not wait for it", async () => {
    await putDataset(scene, { id: "set-2" });
    const wanted = [ORDERS, ORDERS, ORDERS, { ...ORDERS, displayName: "Returns" }, { ...ORDERS, datasetId: "set-2" }];
    const results = await Promise.all(wanted.map(create));
    expect(results.filter((result) => "error" in result)).toHaveLength(2);
    expect(tables().sort()).toEqual(["Orders", "Orders", "Returns"]);
  });

  test.each<[string, Partial<Behaviour>, string[]]>([
    ["an id alone", { createReply: "id" }, []],
    ["no id: the list tells it", { createReply: "noId" }, [LIST]],
    ["the object wrapped: the list tells its id", { createReply: "wrapped" }, [LIST]],
    ["reads that do not see it yet: none is needed", { missingReadsAfterCreate: 9 }, []],
    ["a list that does not see it yet: nobody asks it", { missingListsAfterCreate: 9 }, []],
  ])("replies with %s", async (_name, behaviour, more) => {
    scene.emulator.setBehaviour(behaviour);
    const made = await scene.host.create("datatable", ORDERS);
    const outputs = expect.objectContaining({ ...ORDERS, adopted: false });
    expect(made).toEqual({ id: scene.emulator.state().datatables[0]?.id, outputs });
    expect(scene.requests()).toEqual([...CREATED, ...more]);
  });

  test("a dataset that the server does not know yet is waited for", async () => {
    const match = { route: "datatables.create" };
    scene.emulator.addFault({ kind: "reply", status: 404, body: { message: "no dataset" }, match });
    expect(await create(ORDERS)).toMatchObject({ outputs: ORDERS });
    expect(scene.requests()).toEqual([...CREATED, "POST datatables.create"]);
  });

  test("a dataset that is not there is an error in the end", async () => {
    expect(await create({ ...ORDERS, datasetId: "set-9" })).toEqual({
      error: expect.stringContaining('creating Datatable "Orders" in Dataset "set-9": the API rejected the request'),
    });
    expect(tables()).toEqual([]);
  });

  test("a reply that names the object and is no good otherwise: its id is in the state, and an update goes on", async () => {
    const body = { id: "table-7", rowCount: "none" };
    const match = { route: "datatables.create" };
    scene.emulator.addFault({ kind: "reply", status: 200, body, commit: true, match });
    const bad = wire.wrongType('"rowCount"', "a string", "a number");
    const error = wire.badResponse(creatingIn("set-1", "Orders"), bad, {}).message;
    const outputs = { ...ORDERS, adopted: false };
    expect(await create(ORDERS)).toEqual({ error, id: "table-7", outputs, reasons: [error] });
    // Pulumi calls update for a half-made object, whether or not anything changed.
    expect(await scene.host.update("datatable", "table-7", outputs, ORDERS)).toEqual(outputs);
    expect(scene.requests()).toEqual(CREATED);
  });
});

describe("existingId", () => {
  const ADOPTING = { ...ORDERS, existingId: "table-1" };
  const STATE = { ...ADOPTING, rowCount: 5, columns: [], createdAt: CREATED_AT, adopted: true };
  const remove = (id: string, state: Properties) => outcome(scene.host.delete("datatable", id, state));

  test("adopts what matches, with one GET", async () => {
    await putTable(scene, { id: "table-1", rowCount: 5 });
    expect(await create(ADOPTING)).toEqual({ id: "table-1", outputs: STATE });
    expect([tables(), scene.requests()]).toEqual([["Orders"], ["GET datatables.get"]]);
  });

  test("what another resource has adopted in this run is not deleted, even with forceDestroy", async () => {
    const state = await putTable(scene, { id: "table-1", rowCount: 5 });
    scene.emulator.setBehaviour({ datatableDelete: "works" });
    await create(ADOPTING);
    expect(await remove("table-1", { ...state, forceDestroy: true })).toBeUndefined();
    expect(scene.warnings()).toEqual([says.declaredTwice("Datatable", "Orders", "table-1").toString()]);
    expect([tables(), scene.requests()]).toEqual([["Orders"], ["GET datatables.get"]]);
  });

  test("what another resource has taken over in an earlier run, and keeps, is not deleted, even with forceDestroy", async () => {
    const state = await putTable(scene, { id: "table-5", rowCount: 5 });
    scene.emulator.setBehaviour({ datatableDelete: "works" });
    const declared = { ...ORDERS, existingId: "table-5" };
    const { inputs } = await scene.host.check("datatable", declared, declared);
    await scene.host.diff("datatable", "table-5", { ...STATE, existingId: "table-5" }, inputs);
    expect(await remove("table-5", { ...state, forceDestroy: true })).toBeUndefined();
    expect(scene.warnings()).toEqual([says.declaredTwice("Datatable", "Orders", "table-5").toString()]);
    expect([tables(), scene.requests()]).toEqual([["Orders"], []]);
  });

  test("delete leaves what was adopted in an earlier run alone", async () => {
    await putTable(scene, { id: "table-6", rowCount: 5 });
    expect(await remove("table-6", { ...STATE, existingId: "table-6" })).toBeUndefined();
    expect(scene.warnings()).toEqual([says.adoptedStays("Datatable", "Orders", "table-6").toString()]);
    expect([tables(), scene.requests()]).toEqual([["Orders"], ["GET datatables.get"]]);
  });

  test("with forceDestroy in the state, delete deletes it", async () => {
    await putTable(scene, { id: "table-7", rowCount: 5 });
    scene.emulator.setBehaviour({ datatableDelete: "works" });
    const ended = await remove("table-7", { ...STATE, existingId: "table-7", forceDestroy: true });
    expect([ended, tables(), scene.warnings()]).toEqual([undefined, [], []]);
  });

  test.each<[string, Partial<Datatable>, string[]]>([
    ["name", { displayName: "Order lines" }, [says.isOther("displayName", "Order lines", "Orders")]],
    ["dataset", { datasetId: "set-2" }, [says.isOther("datasetId", "set-2", "set-1")]],
    [
      "name and dataset",
      { displayName: "Order lines", datasetId: "set-2" },
      [says.isOther("displayName", "Order lines", "Orders"), says.isOther("datasetId", "set-2", "set-1")],
    ],
  ])("another %s is rejected, and nothing is changed", async (_name, found, differences) => {
    await putTable(scene, { id: "table-1", ...found });
    expect(await create(ADOPTING)).toEqual({
      error: says.adoptionMismatch("Datatable", "Orders", "table-1", differences).message,
    });
    expect(scene.requests()).toEqual(["GET datatables.get"]);
  });

  test("what does not exist is an error", async () => {
    expect(await create(ADOPTING)).toEqual({
      error: expect.stringContaining('reading Datatable "table-1": the API rejected the request'),
    });
  });
});
