import { createHash } from "node:crypto";
import type { Properties, Value } from "../../engine/model";
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
  /** A wrong type for each input, and what is said of it. */
  wrong: { [input: string]: [Value, string] };
}

const LIMIT = "must be a number of seconds above 0 and at most 86400";
const TENANT_HELP =
  "the ProcessMind tenant. Set the argument, `pulumi config set processmind:tenantId`, or PROCESSMIND_TENANT_ID";
const COMMON: KindCase["wrong"] = {
  tenantId: [7, `must be text, not a number: ${TENANT_HELP}`],
  timeoutSeconds: ["60", LIMIT],
};
const FLAGS: KindCase["wrong"] = {
  forceDestroy: ["true", "must be true or false, not a string"],
  allowSameName: [1, "must be true or false, not a number"],
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
      displayName: [["Sales"], "must be text, not a list: the name shown in ProcessMind"],
      treeNodeType: ["Folder", 'must be "Dataset" or "TreeGroup", not "Folder"'],
      treeParentId: [{ id: "folder-1" }, "must be text, not an object: the id of the TreeGroup that holds the dataset"],
      existingId: [true, "must be text, not a boolean: the id of the dataset to take over"],
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
      datasetId: [5, "must be text, not a number: the id of the Dataset that holds the table"],
      displayName: [" ", "must not be empty: the name shown in ProcessMind"],
      existingId: ["", "must not be empty when given: the id of the datatable to take over"],
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
      acceptSha256: "19dfff2c",
      whenMissing: "keepLast",
      tenantId: TENANT,
      timeoutSeconds: 86_400,
    },
    added: { fileName: "orders.csv", ...FILE },
    required: ["datatableId", "datasetId", "tenantId", "source"],
    ignored: [
      ...["validForSeconds", "waitForRowsSeconds", "timeoutSeconds", "eventLog", "requireColumns", "onColumnsRemoved"],
      ...["maxRowDropPercent", "appendOnly", "acceptSha256", "whenMissing"],
    ],
    wrong: {
      ...COMMON,
      datatableId: [5, "must be text, not a number: the id of the Datatable to load"],
      datasetId: [false, "must be text, not a boolean: the id of the Dataset that holds the table"],
      source: [["orders.csv"], "must be text, not a list: the path of the file"],
      fileName: [5, "must be text, not a number: the name to send"],
      contentType: ["text/csv\r\nx-evil: 1", 'must be a media type such as text/csv, not "text/csv\\r\\nx-evil: 1"'],
      eventLog: [{ caseId: "case_id" }, "must name three columns: { caseId, activity, timestamp }"],
      requireColumns: ["case_id", "must be a list of texts that are not empty: names of columns"],
      onColumnsRemoved: ["fail", 'must be "show" or "error", not "fail"'],
      maxRowDropPercent: [101, "must be a number of percent from 0 to 100"],
      appendOnly: ["no", "must be true or false, not a string"],
      acceptSha256: ["19DFFF2C", 'must be 8 to 64 first digits of a SHA-256, in lower case, not "19DFFF2C"'],
      whenMissing: ["skip", 'must be "fail" or "keepLast", not "skip"'],
      waitForRowsSeconds: [-1, "must be a number of seconds from 0 to 3600"],
      validForSeconds: [604_801, "must be a whole number of seconds from 1 to 604800"],
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
    expect(failures).toEqual([{ property: "tenantId", reason: `tenantId is required: ${TENANT_HELP}` }]);
  });

  test.each(Object.entries(wrong))("%s of a wrong type", async (name, [value, said]) => {
    const { failures } = await scene.host.check(kind, {}, { ...all, [name]: value });
    expect(failures).toEqual([{ property: name, reason: `${name} ${said}` }]);
  });

  test("a property nobody knows is refused, with what there is", async () => {
    const { failures } = await scene.host.check(kind, {}, { ...all, tennantId: true });
    expect(failures).toEqual([
      {
        property: "tennantId",
        reason: expect.stringMatching(
          /^tennantId is not a property of this resource \(did you mean tenantId\?\); it has \w+(, \w+)+$/,
        ),
      },
    ]);
    for (const name of inputs) expect(failures[0]?.reason).toContain(name);
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
  const DOING = "reading the configuration";
  const plainHttp = (url: string) =>
    `${DOING}: the API address "${url}" is not https: the API key would cross the network in plain text. Set processmind:apiUrl or PROCESSMIND_API_URL to an https address. Plain http is accepted for loopback addresses only.`;

  test.each<[string, { [key: string]: string }, string]>([
    [
      "no key: both ways to set one are named",
      { "processmind:apiUrl": "http://127.0.0.1:1" },
      `${DOING}: there is no ProcessMind API key. Set the environment variable PROCESSMIND_API_KEY (never stored), or run \`pulumi config set --secret processmind:apiKey\`.`,
    ],
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
      for (const [verb, call] of verbs(host)) expect([verb, await outcome(call())]).toEqual([verb, { error: said }]);
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
