import * as pulumi from "@pulumi/pulumi";
import { DatatableUpload } from "../../../provider/index";

/** What the program says at the end of a run about the files it has sent, seen by Pulumi's mocks. */

let told: string[];

beforeEach(() => {
  told = [];
  jest.spyOn(pulumi.log, "info").mockImplementation(async (message) => void told.push(message));
});
afterEach(() => jest.restoreAllMocks());

const NOW = () => new Date().toISOString();
const LONG_AGO = "2025-01-01T00:00:00.000Z";

/** Declares uploads whose outputs are these, and waits for them. */
async function declare(uploads: { [name: string]: object }, isPreview = false): Promise<void> {
  const newResource = ({ name, inputs }: pulumi.runtime.MockResourceArgs) => ({
    id: name,
    state: { ...inputs, ...uploads[name], ...("at" in (uploads[name] ?? {}) ? { uploadedAt: NOW() } : {}) },
  });
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "demo", "dev", isPreview);
  const place = { datatableId: "table", datasetId: "set", source: "orders.csv", tenantId: "t" };
  const resources = Object.keys(uploads).map((name) => new DatatableUpload(name, place));
  await new Promise((resolve) => pulumi.all(resources.map(({ uploadedAt }) => uploadedAt)).apply(resolve));
  await new Promise((resolve) => setImmediate(resolve));
}

test("sums up what was sent, once", async () => {
  await declare({
    orders: { at: "now", sizeBytes: 12_000_000, rows: 4_000 },
    claims: { at: "now", sizeBytes: 345_678, rows: 920 },
    before: { uploadedAt: LONG_AGO, sizeBytes: 1_000, rows: 10 },
  });
  expect(told).toEqual(["Sent 2 files to ProcessMind, 12.3 MB, 4,920 rows"]);
});

test.each<[string, { [name: string]: object }, string]>([
  ["one row", { a: { at: "now", sizeBytes: 31, rows: 1 } }, "Sent 1 file to ProcessMind, 31 bytes, 1 row"],
  [
    "a format whose rows are not counted",
    { a: { at: "now", sizeBytes: 1_500, rows: 3 }, b: { at: "now", sizeBytes: 2_000_000_000 } },
    "Sent 2 files to ProcessMind, 2.00 GB, 3 rows, rows of 1 file not counted",
  ],
])("sums up %s", async (_, uploads, text) => {
  await declare(uploads);
  expect(told).toEqual([text]);
});

test.each<[string, { [name: string]: object }, boolean]>([
  ["nothing was sent", { a: { uploadedAt: LONG_AGO, sizeBytes: 1, rows: 1 } }, false],
  ["a mock returns inputs alone", { a: {} }, false],
  ["it is a preview", { a: { at: "now", sizeBytes: 1, rows: 1 } }, true],
])("says nothing when %s", async (_, uploads, isPreview) => {
  await declare(uploads, isPreview);
  expect(told).toEqual([]);
});
