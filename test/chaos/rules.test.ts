import type { JournalEntry } from "../../sandbox/emulator/wire/journal";
import { noPostRepeated } from "./rules";

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
