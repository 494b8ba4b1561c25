import type { TenantState } from "../../emulator/domain/model";
import type { JournalEntry } from "../../emulator/wire/journal";
import type { Snapshot } from "../../engine/model";
import { noPostRepeated, noRowsTwice } from "./rules";
import type { Declaration } from "./scenario";

/** The rule against a second POST must be able to fail after a DELETE of something else. */

const sets = "/tenant/t/datasets";
const tables = (set: string) => `${sets}/${set}/datatables`;
const post = (path: string) => ["POST", path] as const;
const drop = (path: string) => ["DELETE", path] as const;

test.each<[string, (readonly [string, string])[], number]>([
  ["nothing", [], 1],
  ["a dataset, and it was one", [post(sets), drop(`${sets}/a`), post(sets)], 0],
  ["a dataset, and it was a table of it", [post(tables("a")), drop(`${sets}/a`), post(tables("a"))], 0],
  ["a dataset, and it was a table of another", [post(tables("b")), drop(`${sets}/a`), post(tables("b"))], 1],
  ["a dataset whose id begins alike", [post(tables("a1")), drop(`${sets}/a`), post(tables("a1"))], 1],
  ["a table, and it was one", [post(tables("a")), drop("/tenant/t/datatable/x"), post(tables("a"))], 0],
  ["a table, and it was a dataset", [post(sets), drop("/tenant/t/datatable/x"), post(sets)], 1],
])("made again after the deletion of %s", (_what, requests, violations) => {
  const sent = requests.length > 0 ? requests : [post(sets), post(sets)];
  const journal = sent.map(([method, path], index) => {
    return { number: index + 1, method, path, body: { displayName: "Sales" }, committed: true } as JournalEntry;
  });
  expect(noPostRepeated(journal)).toHaveLength(violations);
});

describe("rows twice", () => {
  const upload = (whenTableHasRows?: "send"): Declaration => ({
    kind: "upload",
    name: "file",
    displayName: "",
    parent: "orders",
    ...(whenTableHasRows && { whenTableHasRows }),
  });
  const cloud = (rowCount: number, stored: number) =>
    ({
      datatables: [{ id: "t-1", rowCount }],
      uploads: Array.from({ length: stored }, () => ({ datatableId: "t-1", object: {} })),
    }) as unknown as TenantState;
  const entry = (type: string, name: string, outputs: object) => ({ id: "t-1", type, urn: `urn::${name}`, outputs });
  const snapshot = (...more: object[]) =>
    ({ resources: [entry("dynamic:Datatable", "orders", {}), ...more] }) as unknown as Snapshot;
  const known = entry("dynamic:DatatableUpload", "file", { datatableId: "t-1" });

  test.each<[string, Snapshot, number, number, Declaration, number]>([
    ["a first upload into rows", snapshot(), 5, 2, upload(), 1],
    ["a first upload that says send", snapshot(), 5, 2, upload("send"), 0],
    ["a first upload into an empty table", snapshot(), 0, 2, upload(), 0],
    ["an upload that the state has", snapshot(known), 5, 2, upload(), 0],
    ["nothing that was sent", snapshot(), 5, 1, upload(), 0],
  ])("%s", (_what, before, rowCount, stored, declared, violations) => {
    const moment = { snapshot: before, cloud: cloud(rowCount, 1) };
    expect(noRowsTwice(moment, { cloud: cloud(rowCount, stored) }, [declared])).toHaveLength(violations);
  });
});
