import { canonical, DeclaredObjects, keyOf } from "../../../provider/lifecycles/declared-objects";

const OBJECT = { address: "https://api.test", tenantId: "tenant-1", id: "set-1" };
const INPUTS = { displayName: "Sales", tenantId: "tenant-1" };
const KEPT = { changes: false, replaces: [], deleteBeforeReplace: false };
const REPLACED = { ...KEPT, changes: true, replaces: ["displayName"] };
const TABLE = { address: "https://api.test", tenantId: "tenant-1", datasetId: "set-1", displayName: "Orders" };

let declared: DeclaredObjects;
beforeEach(() => {
  declared = new DeclaredObjects();
});

describe("an object that the run adopted", () => {
  beforeEach(() => declared.addAdopted(OBJECT));

  test.each<[string, object]>([
    ["the same object", {}],
    ["its id in upper case", { id: "SET-1" }],
    ["its tenant in upper case", { tenantId: "TENANT-1" }],
  ])("is declared elsewhere for the deletion of %s", (_what, other) => {
    expect(declared.has({ ...OBJECT, ...other }, false)).toBe(true);
  });

  test.each<[string, object]>([
    ["another object", { id: "set-2" }],
    ["that id in another tenant", { tenantId: "tenant-2" }],
    ["that id behind another URL", { address: "https://other.test" }],
  ])("says nothing about %s", (_what, other) => {
    expect(declared.has({ ...OBJECT, ...other }, false)).toBe(false);
  });
});

describe("an object that a resource keeps from an earlier run", () => {
  test("counts when the program declares it, and one of the two resources adopted it", () => {
    declared.addInputs(INPUTS);
    declared.addKept(OBJECT, false, { tenantId: "tenant-1", displayName: "Sales" }, KEPT);
    expect([declared.has(OBJECT, false), declared.has(OBJECT, true)]).toEqual([false, true]);
  });

  test("counts for every deletion when that resource adopted it", () => {
    declared.addInputs(INPUTS);
    declared.addKept(OBJECT, true, INPUTS, KEPT);
    expect(declared.has(OBJECT, false)).toBe(true);
  });

  test("stays adopted when a second resource keeps it without an adoption", () => {
    declared.addAdopted(OBJECT);
    declared.addInputs(INPUTS);
    declared.addKept(OBJECT, false, INPUTS, KEPT);
    expect(declared.has(OBJECT, false)).toBe(true);
  });

  test("does not count when only a refresh compares it", () => {
    declared.addKept(OBJECT, true, INPUTS, KEPT);
    expect(declared.has(OBJECT, true)).toBe(false);
  });

  test("does not count when it is replaced", () => {
    declared.addInputs(INPUTS);
    declared.addKept(OBJECT, true, INPUTS, REPLACED);
    expect(declared.has(OBJECT, true)).toBe(false);
  });
});

describe("a table that could not be deleted", () => {
  test("is known by its place, whatever whitespace surrounds its name", () => {
    declared.addLeftBehind(TABLE, "table-1");
    expect(declared.leftBehindAt({ ...TABLE, displayName: " Orders\n" })).toBe("table-1");
  });

  test.each<[string, object]>([
    ["dataset", { datasetId: "set-2" }],
    ["tenant", { tenantId: "tenant-2" }],
    ["URL", { address: "https://other.test" }],
    ["name", { displayName: "Order" }],
  ])("is not found in another %s", (_what, other) => {
    declared.addLeftBehind(TABLE, "table-1");
    expect(declared.leftBehindAt({ ...TABLE, ...other })).toBeUndefined();
  });

  test("is forgotten when the program declares it anew", () => {
    declared.addLeftBehind(TABLE, "table-1");
    declared.forgetLeftBehind(TABLE);
    expect(declared.leftBehindAt(TABLE)).toBeUndefined();
  });
});

test("forgets nothing of one run in another", () => {
  declared.addAdopted(OBJECT);
  expect(new DeclaredObjects().has(OBJECT, true)).toBe(false);
});

test("keeps ids apart that a separator could join", () => {
  expect(keyOf({ ...OBJECT, tenantId: "a b", id: "c" })).not.toBe(keyOf({ ...OBJECT, tenantId: "a", id: "b c" }));
});

test.each<[object, object, boolean]>([
  [{ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, true],
  [{ a: [1, 2] }, { a: [2, 1] }, false],
  [{ a: undefined }, {}, true],
])("compares properties in any order: %j, %j", (one, other, isSame) => {
  expect(canonical(one) === canonical(other)).toBe(isSame);
});
