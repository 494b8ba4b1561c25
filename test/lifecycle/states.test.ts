import * as fs from "node:fs";
import * as path from "node:path";
import type { TenantState } from "../../emulator/domain/model";
import type { Properties } from "../../engine/model";
import { version } from "../../package.json";
import type { Kind } from "../support/dynamic-host";
import { openScene, outcome } from "./scene";

/**
 * Old state, new code: what every released version has written goes through what is installed now, which may know more
 * but must know that. A release adds its file to ./states and changes none.
 */

interface RecordedState {
  name: string;
  kind: Kind;
  id: string;
  /** What the program says. */
  program: Properties;
  /** As in the state, with `__provider`. */
  inputs: Properties;
  outputs: Properties;
}

const FOLDER = path.join(__dirname, "states");
const RECORDED = fs.readdirSync(FOLDER).flatMap((file) => {
  const entries = JSON.parse(fs.readFileSync(path.join(FOLDER, file), "utf8")) as RecordedState[];
  return entries.map((entry) => ({ ...entry, version: path.basename(file, ".json") }));
});

test("the version of this package has its states", () => {
  expect(RECORDED.map(({ version }) => version)).toContain(version);
});

const scene = openScene({ "data/orders.csv": "case_id,activity\n1,start\n1,end\n" });
beforeEach(() => scene.emulator.change(furnish));

/** ProcessMind as it was when the states were written. */
function furnish(state: TenantState): void {
  const createdAt = "2026-01-02T03:04:05.000Z";
  for (const { kind, id, outputs } of RECORDED) {
    const { displayName, datasetId, treeNodeType, treeParentId = null, rowCount, columns } = outputs;
    if (kind === "dataset") state.datasets.push({ id, displayName, treeNodeType, treeParentId, createdAt } as never);
    if (kind === "datatable")
      state.datatables.push({ id, datasetId, displayName, createdAt, rowCount, columns } as never);
  }
}

const bare = ({ __provider: _, ...properties }: Properties) => properties;
/** What a change that needs no new object does to the service. */
const CHANGES: { [kind in Kind]: { change: Properties; requests: string[] } } = {
  dataset: { change: { timeoutSeconds: 30 }, requests: [] },
  datatable: { change: { timeoutSeconds: 30 }, requests: [] },
  datatableUpload: { change: { triggers: ["again"] }, requests: ["GET uploads.presign", "PUT storage.put"] },
};
const DELETES: { [name: string]: { requests: string[]; warnings: string[] } } = {
  "a dataset": { requests: ["GET datasets.get", "DELETE datasets.delete"], warnings: [] },
  "a folder": { requests: ["GET datasets.get", "DELETE datasets.delete"], warnings: [] },
  "a dataset taken over": {
    requests: ["GET datasets.get"],
    warnings: [expect.stringContaining("stays in ProcessMind, as it was adopted")],
  },
  "a datatable": {
    requests: ["GET datatables.get", "DELETE datatables.delete", "GET datatables.get"],
    warnings: [expect.stringContaining("API cannot delete a single datatable")],
  },
  // Said of the one above, for all of the run.
  "a loaded datatable": {
    requests: ["GET datatables.get", "DELETE datatables.delete", "GET datatables.get"],
    warnings: [],
  },
  "an upload": { requests: [], warnings: [expect.stringContaining("removing the upload of")] },
};

describe.each(RECORDED)("$version: $name", ({ kind, id, program, inputs, outputs }) => {
  test("no difference, and no request to see that", async () => {
    const checked = await scene.host.check(kind, inputs, program);
    expect(checked).toEqual({ inputs: expect.objectContaining(bare(inputs)), failures: [] });
    const diff = await scene.host.diff(kind, id, outputs, checked.inputs);
    expect([diff, scene.requests()]).toEqual([{ changes: false, replaces: [], deleteBeforeReplace: false }, []]);
  });

  test("refresh", async () => {
    const found = await scene.host.read(kind, id, outputs);
    expect(found).toEqual({
      id,
      outputs: expect.objectContaining(bare(outputs)),
      ...(kind === "datatableUpload" ? {} : { inputs: expect.objectContaining(bare(inputs)) }),
    });
  });

  test("update", async () => {
    const { change, requests } = CHANGES[kind];
    const { inputs: wanted } = await scene.host.check(kind, inputs, { ...program, ...change });
    expect(await scene.host.diff(kind, id, outputs, wanted)).toMatchObject({ changes: undefined, replaces: [] });
    const updated = await scene.host.update(kind, id, outputs, wanted);
    // As many rows as before: nobody can tell whether they were loaded anew.
    const { loadedRowCount: _, ...known } = bare(outputs);
    const sent = { uploadedAt: expect.any(String), change: "same content, sent again because of triggers" };
    const told = kind === "datatableUpload" ? sent : {};
    expect(updated).toEqual(expect.objectContaining({ ...known, ...change, ...told }));
    expect(scene.requests().filter((text) => text !== "GET datatables.get")).toEqual(requests);
  });
});

describe("delete", () => {
  // Of its own: what a run has compared and keeps is not deleted in the same run.
  const scene = openScene();
  beforeEach(() => scene.emulator.change(furnish));

  test.each(RECORDED)("$version: $name", async ({ name, kind, id, outputs }) => {
    expect(await outcome(scene.host.delete(kind, id, outputs))).toBeUndefined();
    const { requests, warnings } = DELETES[name] ?? {};
    expect([scene.requests(), scene.warnings()]).toEqual([requests, warnings]);
  });
});
