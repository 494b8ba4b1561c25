import type { TenantState } from "../../emulator/domain/model";
import type { ResourceState, Snapshot } from "../../engine/model";
import { Ledger, withoutObject } from "./ledger";
import type { Declaration } from "./scenario";

/** The rules that say who knows of what must be able to fail. */

const cloud = {
  datasets: [{ id: "d1", displayName: "Sales", treeParentId: null }],
  datatables: [{ id: "t1", displayName: "Orders", datasetId: "d1", rowCount: 3 }],
  uploads: [],
} as unknown as TenantState;
const empty = { datasets: [], datatables: [], uploads: [] } as unknown as TenantState;
const entry = (token: string, name: string, id: string) =>
  ({
    type: `pulumi-nodejs:dynamic/processmind:${token}`,
    urn: `urn:pulumi:dev::demo::x::${name}`,
    id,
  }) as ResourceState;
const sales = entry("Dataset", "sales", "d1");
const orders = entry("Datatable", "orders", "t1");
const file = entry("DatatableUpload", "file", "t1");
const snapshot = (...resources: ResourceState[]) => ({ resources, pendingOperations: [] }) as unknown as Snapshot;
const program: Declaration[] = [
  { kind: "dataset", name: "sales", displayName: "Sales" },
  { kind: "table", name: "orders", displayName: "Orders", parent: "sales" },
];
const before = { cloud: empty, snapshot: snapshot() };
const unknown = (after: Snapshot, text: string) =>
  new Ledger().known(before, { cloud, snapshot: after }, text, program, undefined).map(({ detail }) => detail);

test("a table is not known by its upload", () => {
  expect(unknown(snapshot(sales, orders, file), "")).toEqual([]);
  expect(unknown(snapshot(sales, file), "")).toEqual(['t1 "Orders" is neither in the state nor in the output']);
});

test("an object is named by its id, or by the error of its own create, which cannot know it", () => {
  const lost = (name: string) => `creating Datatable "${name}": it may have been created (AMBIGUOUS_CREATE).`;
  expect(unknown(snapshot(sales), "it is t1")).toEqual([]);
  expect(unknown(snapshot(sales), lost("Orders"))).toEqual([]);
  expect(unknown(snapshot(sales), `${lost("Other")}\ncreating Datatable "Orders": bad answer.`)).toHaveLength(1);
});

test("what the state has is there", () => {
  expect(withoutObject({ cloud, snapshot: snapshot(sales, orders, file) })).toEqual([]);
  const found = withoutObject({ cloud: empty, snapshot: snapshot(sales, orders, file) });
  expect(found.map(({ detail }) => detail)).toEqual([
    "urn:pulumi:dev::demo::x::sales is d1, which is not there",
    "urn:pulumi:dev::demo::x::orders is t1, which is not there",
    "urn:pulumi:dev::demo::x::file is t1, which is not there",
  ]);
});
