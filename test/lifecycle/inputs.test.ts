import { createHash } from "node:crypto";
import type { Properties, Value } from "../../engine/model";
import type { ProcessMindError } from "../../provider/errors";
import { shownFailure } from "../../provider/host";
import { notAProperty, tenantIsRequired } from "../../provider/messages/inputs";
import * as says from "../../provider/messages/program";
import type { DynamicHost, Kind } from "../support/dynamic-host";
import { API_KEY, openScene, outcome, startHost, TENANT, UNKNOWN } from "./scene";

/** Inputs and settings a program can get wrong, on every resource: said in `check`, without a request. */

const CONTENT = "case_id,activity,time\n1,start,2026-01-31T08:00:00Z\n";
const FILE = { contentSha256: createHash("sha256").update(CONTENT).digest("hex"), sizeBytes: CONTENT.length };
const scene = openScene({ "orders.csv": CONTENT });

afterEach(() => expect([scene.requests(), scene.warnings()]).toEqual([[], []]));

interface KindCase {
  kind: Kind;
  /** Every input, with a value that passes. */
  all: Properties;
  /** What `check` adds. */
  added: Properties;
  required: string[];
  /** Inputs whose change is no difference. */
  ignored: string[];
  /** A wrong type for each input. */
  wrong: { [input: string]: Value };
}

const COMMON: KindCase["wrong"] = {
  tenantId: 7,
  timeoutSeconds: "60",
};
const FLAGS: KindCase["wrong"] = {
  forceDestroy: "true",
  allowSameName: 1,
};
const ONCE = ["existingId", "allowSameName"];

const KINDS: KindCase[] = [
  {
    kind: "dataset",
    all: {
      displayName: "Sales",
      treeNodeType: "Dataset",
      treeParentId: "folder-1",
      tenantId: TENANT,
      existingId: "set-1",
      forceDestroy: false,
      allowSameName: true,
      timeoutSeconds: 5,
    },
    added: { treeNodeType: "Dataset" },
    required: ["displayName", "tenantId"],
    ignored: ONCE,
    wrong: {
      ...COMMON,
      ...FLAGS,
      displayName: ["Sales"],
      treeNodeType: "Folder",
      treeParentId: { id: "folder-1" },
      existingId: true,
    },
  },
  {
    kind: "datatable",
    all: {
      datasetId: "set-1",
      displayName: "Orders",
      tenantId: TENANT,
      existingId: "table-1",
      forceDestroy: true,
      allowSameName: false,
      timeoutSeconds: 0.5,
    },
    added: {},
    required: ["datasetId", "displayName", "tenantId"],
    ignored: ONCE,
    wrong: {
      ...COMMON,
      ...FLAGS,
      datasetId: 5,
      displayName: " ",
      existingId: "",
    },
  },
  {
    kind: "datatableUpload",
    all: {
      datatableId: "table-1",
      datasetId: "set-1",
      source: "orders.csv",
      fileName: "orders-2026.csv",
      triggers: ["again", 2],
      contentType: "text/csv",
      validForSeconds: 60,
      waitForRowsSeconds: 0,
      eventLog: { caseId: "case_id", activity: "activity", timestamp: "time" },
      requireColumns: ["case_id"],
      onColumnsRemoved: "error",
      maxRowDropPercent: 10,
      appendOnly: false,
      requireActivities: ["start"],
      forbidNewActivities: true,
      maxCaseDropPercent: 0,
      // A hundred years: the file's event is of 2026.
      latestEventWithin: 876_000,
      acceptSha256: "19dfff2c",
      whenMissing: "keepLast",
      tenantId: TENANT,
      timeoutSeconds: 86_400,
    },
    added: { fileName: "orders.csv", ...FILE },
    required: ["datatableId", "datasetId", "tenantId", "source"],
    ignored: [
      ...["validForSeconds", "waitForRowsSeconds", "timeoutSeconds", "eventLog", "requireColumns", "onColumnsRemoved"],
      ...["maxRowDropPercent", "appendOnly", "acceptSha256", "whenMissing", "requireActivities"],
      ...["forbidNewActivities", "maxCaseDropPercent", "latestEventWithin"],
    ],
    wrong: {
      ...COMMON,
      datatableId: 5,
      datasetId: false,
      source: ["orders.csv"],
      fileName: 5,
      contentType: "text/csv\r\nx-evil: 1",
      eventLog: { caseId: "case_id" },
      requireColumns: "case_id",
      onColumnsRemoved: "fail",
      maxRowDropPercent: 101,
      appendOnly: "no",
      requireActivities: ["start", ""],
      forbidNewActivities: "yes",
      maxCaseDropPercent: -1,
      latestEventWithin: 0,
      acceptSha256: "19DFFF2C",
      whenMissing: "skip",
      waitForRowsSeconds: -1,
      validForSeconds: 604_801,
    },
  },
];

const only = (properties: Properties, names: string[]) =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => names.includes(name)));
const without = (properties: Properties, ...names: string[]) =>
  Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));

describe.each(KINDS)("$kind", ({ kind, all, added, required, ignored, wrong }) => {
  const inputs = Object.keys(all);
  /** Of a file more may be told than its hash and size. */
  const passed = (expected: object) => ({
    inputs: kind === "datatableUpload" ? expect.objectContaining(expected) : expected,
    failures: [],
  });

  test("all inputs pass as they are", async () => {
    const checked = await scene.host.check(kind, {}, all);
    expect(checked).toEqual(passed({ ...added, ...all }));
    const diff = await scene.host.diff(kind, "id", { ...checked.inputs, adopted: false }, checked.inputs);
    expect(diff).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
  });

  test.each(inputs)("%s, unknown, passes check and counts as a change, if it ever does", async (name) => {
    const checked = await scene.host.check(kind, {}, { ...all, [name]: UNKNOWN });
    const unread = name === "source" ? { contentSha256: UNKNOWN, sizeBytes: UNKNOWN } : {};
    expect(checked).toEqual(passed({ ...added, ...all, [name]: UNKNOWN, ...unread }));
    const before = { ...added, ...all, adopted: false };
    const { changes } = await scene.host.diff(kind, "id", before, checked.inputs);
    // undefined: Pulumi compares the inputs, where an unknown one differs.
    expect(changes).toBe(ignored.includes(name) ? false : undefined);
  });

  test("unknown all at once, and none of it is sent, opened or compared", async () => {
    const unknown = Object.fromEntries(inputs.map((name) => [name, UNKNOWN]));
    const unread = kind === "datatableUpload" ? { contentSha256: UNKNOWN, sizeBytes: UNKNOWN } : {};
    expect(await scene.host.check(kind, {}, unknown)).toEqual(passed({ ...unknown, ...unread }));
  });

  test("null is as good as not given", async () => {
    const optional = inputs.filter((name) => !required.includes(name));
    const nulls = Object.fromEntries(optional.map((name) => [name, null]));
    const checked = await scene.host.check(kind, {}, { ...all, ...nulls });
    expect(checked).toEqual(passed({ ...added, ...only(all, required) }));
    const diff = await scene.host.diff(
      kind,
      "id",
      { ...checked.inputs, ...without(nulls, ...Object.keys(added)) },
      checked.inputs,
    );
    expect(diff).toEqual({ changes: false, replaces: [], deleteBeforeReplace: false });
  });

  test.each(required)("%s is required", async (name) => {
    const missing = await scene.host.check(kind, {}, without(all, name));
    const ofNull = await scene.host.check(kind, {}, { ...all, [name]: null });
    expect(missing.failures).toEqual([{ property: name, reason: expect.stringContaining(`${name} is required: `) }]);
    expect(ofNull).toEqual(missing);
  });

  test("a missing tenant names every way to set it", async () => {
    const { failures } = await scene.host.check(kind, {}, without(all, "tenantId"));
    expect(failures).toEqual([shownFailure(tenantIsRequired())]);
  });

  test.each(Object.entries(wrong))("%s of a wrong type", async (name, value) => {
    const { failures } = await scene.host.check(kind, {}, { ...all, [name]: value });
    expect(failures).toEqual([{ property: name, reason: expect.stringContaining(`${name} must `) }]);
  });

  test("a property nobody knows is refused, with what there is", async () => {
    const { failures } = await scene.host.check(kind, {}, { ...all, tennantId: true });
    expect(failures).toEqual([shownFailure(notAProperty("tennantId", "tenantId", []))]);
  });

  test("all that is wrong is said at once", async () => {
    const { failures } = await scene.host.check(kind, {}, {});
    expect(failures.map(({ property }) => property)).toEqual(required);
  });
});

describe("settings", () => {
  const verbs = (host: DynamicHost): [string, () => Promise<unknown>][] => {
    const table = { datasetId: "set-1", displayName: "Orders", tenantId: TENANT };
    const dataset = { displayName: "Sales", treeNodeType: "Dataset", tenantId: TENANT };
    const upload = {
      ...table,
      displayName: undefined,
      datatableId: "t",
      source: "orders.csv",
      fileName: "orders.csv",
      ...FILE,
    };
    const load = JSON.parse(JSON.stringify(upload)) as Properties;
    return [
      ["dataset.create", () => host.create("dataset", dataset)],
      ["dataset.read", () => host.read("dataset", "set-1", dataset)],
      ["dataset.delete", () => host.delete("dataset", "set-1", dataset)],
      ["datatable.create", () => host.create("datatable", table)],
      ["datatable.read", () => host.read("datatable", "table-1", table)],
      ["datatable.delete", () => host.delete("datatable", "table-1", table)],
      ["datatableUpload.create", () => host.create("datatableUpload", load)],
      ["datatableUpload.update", () => host.update("datatableUpload", "t", load, load)],
      ["datatableUpload.read", () => host.read("datatableUpload", "t", load)],
    ];
  };
  const plainHttp = (url: string) => says.badApiUrl(url, "not https");

  test.each<[string, { [key: string]: string }, ProcessMindError]>([
    ["no key: both ways to set one are named", { "processmind:apiUrl": "http://127.0.0.1:1" }, says.noApiKey()],
    [
      "an http address that is not loopback",
      { "processmind:apiKey": API_KEY, "processmind:apiUrl": "http://api.processmind.test" },
      plainHttp("http://api.processmind.test"),
    ],
    [
      "an http address that only looks like loopback",
      { "processmind:apiKey": API_KEY, "processmind:apiUrl": "http://127.0.0.1.processmind.test" },
      plainHttp("http://127.0.0.1.processmind.test"),
    ],
  ])("%s", async (_name, config, said) => {
    const host = await startHost(config, { "orders.csv": CONTENT });
    try {
      for (const [verb, call] of verbs(host))
        expect([verb, await outcome(call())]).toEqual([verb, { error: said.message }]);
      // Nothing of it is needed to check and to compare.
      const dataset = { displayName: "Sales", treeNodeType: "Dataset", tenantId: TENANT };
      expect(await host.check("dataset", {}, dataset)).toEqual({ inputs: dataset, failures: [] });
      expect(await host.diff("dataset", "id", dataset, dataset)).toMatchObject({ changes: false });
      expect(JSON.stringify(host.logs)).not.toContain(API_KEY);
    } finally {
      await host.close();
    }
  });
});
