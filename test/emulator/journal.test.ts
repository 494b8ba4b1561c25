import type { IncomingMessage } from "node:http";
import { Journal } from "../../emulator/wire/journal";

const request = { method: "POST", url: "/tenant/t/datasets", headers: {} } as IncomingMessage;

function post(journal: Journal, bytes: number): void {
  const entry = journal.open("api", "datasets.create", request);
  entry.receivedBytes = bytes;
  journal.keepBody(entry, { bytes });
}
const kept = (journal: Journal) =>
  journal.list().map(({ number, body }) => [number, (body as { bytes: number })?.bytes]);

test("the oldest requests fall out for bodies that are too much together", () => {
  const journal = new Journal(100);
  for (const bytes of [60, 40, 10, 95, 5]) post(journal, bytes);
  expect(kept(journal)).toEqual([
    [4, 95],
    [5, 5],
  ]);
});

test("requests that were forgotten do not count, also those that end later", () => {
  const journal = new Journal(100);
  const late = journal.open("api", "datasets.create", request);
  post(journal, 90);
  journal.clear();
  late.receivedBytes = 90;
  journal.keepBody(late, { bytes: 90 });
  for (const bytes of [50, 50]) post(journal, bytes);
  expect(kept(journal)).toEqual([
    [1, 50],
    [2, 50],
  ]);
});
