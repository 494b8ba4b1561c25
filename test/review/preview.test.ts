import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { MESSAGES, rendered } from "../../review/messages";
import { digest, file, step, urn } from "./digest";
import { newFolder, run } from "./event-log";

async function review(json: string): Promise<string> {
  async function* stdin() {
    yield json;
  }
  const ran = await run(["--preview", "-"], stdin());
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
  return ran.stdout.split("\n\nThis review holds names")[0] as string;
}

const rejection = (type: string, property: string, reason: string) => ({
  urn: urn(type, "events"),
  prefix: "error: ",
  message: `pulumi-nodejs:dynamic/processmind:${type} resource 'events': property ${property} value {10} has a problem: ${reason}`,
  severity: "error",
});

test("shows errors first, one sentence each, and folds what to do", async () => {
  const diagnostics = [
    { severity: "info", message: "hello" },
    {
      urn: urn("Datatable", "old"),
      severity: "warning",
      message: "warning: ProcessMind has no deletion of a table. It stays.",
    },
    rejection(
      "DatatableUpload",
      "maxRowDropPercent",
      "rows fell from 15,000 to 9,120 (-39 %), more than maxRowDropPercent 10. Nothing was sent. Correct the file.",
    ),
    { severity: "error", message: "\u001b[31mpreview failed\u001b[0m\n" },
  ];
  expect(await review(digest({ diagnostics, changeSummary: { same: 3 } }))).toMatchSnapshot();
});

test("shows uploads that lose something first, and folds other resources", async () => {
  const steps = [
    step("create", "DatatableUpload", "first", { now: file(10) }),
    step("update", "DatatableUpload", "appended", {
      old: file(100),
      now: file(420, { change: "appended 320 rows, all earlier bytes unchanged" }),
    }),
    step("update", "DatatableUpload", "fewer", {
      old: file(300),
      now: file(200, {
        change: "rewritten: 100 rows fewer (-33 %), other columns",
        columns: "2: case_id, cost",
        columnsAdded: "1: cost",
        columnsRemoved: "2: activity, timestamp",
      }),
    }),
    step("create", "Dataset", "claims", { now: { displayName: "Claims" } }),
    step("refresh", "Dataset", "claims", { old: {}, now: {} }),
    step("same", "Dataset", "other", { old: {}, now: {} }),
  ];
  expect(await review(digest({ steps, changeSummary: { create: 2, update: 2, same: 5 } }))).toMatchSnapshot();
});

test("shows two tables whose files are swapped", async () => {
  const [a, b] = [
    file(100, { fileName: "a.csv", columns: "2: a, b" }),
    file(250, { fileName: "b.csv", columns: "2: c, d" }),
  ];
  const changeText = (rows: string) => `rewritten: ${rows}, other columns`;
  const steps = [
    step("update", "DatatableUpload", "a", {
      old: a,
      now: { ...b, change: changeText("150 rows more (+150 %)"), columnsAdded: "2: c, d", columnsRemoved: "2: a, b" },
    }),
    step("update", "DatatableUpload", "b", {
      old: b,
      now: { ...a, change: changeText("150 rows fewer (-60 %)"), columnsAdded: "2: a, b", columnsRemoved: "2: c, d" },
    }),
  ];
  const markdown = await review(digest({ steps, changeSummary: { update: 2 } }));
  expect(markdown.split("\n\n<details>")[0]).toMatchSnapshot();
});

test.each<[op: string, type: string, sides: Parameters<typeof step>[3], effect: string]>([
  ["delete", "DatatableUpload", { old: file(1) }, "leaves the state; the data stays in ProcessMind"],
  [
    "replace",
    "DatatableUpload",
    { old: file(1), now: file(1) },
    "the file is sent to another table; nothing is deleted",
  ],
  ["delete", "Datatable", { old: {}, outputs: { rowCount: 0 } }, "rejected if it holds rows by then"],
  [
    "delete",
    "Datatable",
    { old: {}, outputs: { rowCount: 2512 } },
    "🔴 **will be rejected: it holds 2,512 rows, and the state has no forceDestroy**",
  ],
  ["delete", "Datatable", { old: {} }, "🔴 **will be rejected: it may hold rows, and the state has no forceDestroy**"],
  ["delete", "Dataset", { old: {} }, "rejected if a datatable in it holds rows by then"],
  ["delete", "Dataset", { old: { treeNodeType: "TreeGroup" } }, "rejected if anything lies in it by then"],
  ["delete", "Dataset", { old: { forceDestroy: true } }, "🟡 **deleted with its data (forceDestroy)**"],
  ["replace", "Dataset", { old: { forceDestroy: true }, now: {} }, "🟡 **deleted with its data (forceDestroy)**"],
  [
    "delete",
    "Dataset",
    { old: {}, outputs: { adopted: true } },
    "leaves the stack; it was adopted, and stays in ProcessMind",
  ],
  ["delete", "Thing", { old: {} }, ""],
])("shows the effect of %s of a %s %j", async (...[op, type, sides, effect]) => {
  const markdown = await review(digest({ steps: [step(op, type, "x", sides)], changeSummary: { [op]: 1 } }));
  const visible = markdown.split("<details>")[0];
  expect(visible?.startsWith("## Data review\n\n❌ **1 deletion will be rejected**")).toBe(
    effect.includes("will be rejected"),
  );
  expect(visible).toContain(
    `#### Deleted or replaced\n\n| name | type | step | effect |\n|---|---|---|---|\n| \`x\` | ${type} | **${op}** | ${effect} |`,
  );
});

test("shows the steps of a replacement as one", async () => {
  const steps = ["create-replacement", "replace", "delete-replaced"].map((op) =>
    step(op, "Dataset", "x", { old: {}, now: {} }),
  );
  expect((await review(digest({ steps }))).match(/\| \*\*replace\*\* \|/g)).toHaveLength(1);
});

test("shows nothing of a state but what describes a file", async () => {
  const secret = { apiKey: "SECRET-1", triggers: ["SECRET-2"], unheard: { of: "SECRET-3" } };
  const steps = [
    step("update", "DatatableUpload", "x", {
      old: file(1, secret),
      now: file(2, secret),
      outputs: { more: "SECRET-4" },
    }),
  ];
  expect(await review(digest({ steps }))).not.toContain("SECRET");
});

test("says which values are not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const now = { contentSha256: unknown, sizeBytes: unknown, change: unknown };
  const markdown = await review(digest({ steps: [step("create", "DatatableUpload", "x", { now })] }));
  expect(markdown).toContain("| `x` | not known yet | – | – |");
  expect(markdown).not.toContain(unknown);
});

test.each(["", "no json", "[]", '{"steps2":[]}', "null"])("rejects %j, which is not a preview", async (json) => {
  async function* stdin() {
    yield json;
  }
  expect(await run(["--preview", "-"], stdin())).toEqual({
    code: 1,
    stdout: "",
    stderr: rendered(MESSAGES.notAPreview("-")),
  });
});

test.each([
  '{"steps":null}',
  '{"steps":[null,1,{"op":3},{"urn":"x","op":"create"}],"diagnostics":[{"severity":"error"}]}',
])("ignores unknown parts of %s", async (json) => {
  expect(await review(json)).toBe("## Data review\n\n✅ **Nothing changes**\n\n### Preview: nothing to do");
});

/** A table with rows, removed from the program: Pulumi prints `-` for both, and succeeds. */
const LOST = [
  step("delete", "DatatableUpload", "orders", {
    old: file(2512, { datatableId: "t-1", datasetId: "d-1" }),
    outputs: { loadedRowCount: 2512 },
    id: "t-1",
  }),
  step("delete", "Datatable", "orders", {
    old: { displayName: "Orders", datasetId: "d-1" },
    outputs: { rowCount: 0, adopted: false },
    id: "T-1",
  }),
  step("delete", "Dataset", "sales", { old: { displayName: "Sales" }, outputs: { adopted: false }, id: "d-1" }),
];

test("shows deletions that will be rejected first, with what to do, when the state of the table is older than its rows", async () => {
  expect(await review(digest({ steps: LOST, changeSummary: { delete: 3 } }))).toMatchSnapshot();
});

test.each<[string, object[], object[], number, string]>([
  ["a deletion that will be rejected", LOST, [], 1, "2 deletions will be rejected"],
  ["errors", [], [{ severity: "error", message: "no" }], 1, "the preview has 1 error"],
  ["forceDestroy in the state", [step("delete", "Datatable", "x", { old: { forceDestroy: true } })], [], 0, ""],
  ["retainOnDelete in the state", [retained(step("delete", "Datatable", "x", { old: {} }))], [], 0, ""],
  [
    "an object that another resource adopts",
    [
      step("delete", "Datatable", "old", { old: {}, id: "t-1" }),
      step("create", "Datatable", "new", { now: { existingId: "T-1" } }),
    ],
    [],
    0,
    "",
  ],
  ["nothing to do", [], [], 0, ""],
])("exits with the code of --fail-on-refusal for %s", async (_name, steps, diagnostics, code, why) => {
  async function* stdin() {
    yield digest({ steps, diagnostics });
  }
  const ran = await run(["--preview", "-", "--fail-on-refusal"], stdin());
  const stderr = why === "" ? "" : rendered(MESSAGES.rejected(why));
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code, stderr });
});

test("rejects --fail-on-refusal without a preview", async () => {
  expect(await run(["--to", "x.csv", "--fail-on-refusal"])).toMatchObject({ code: 2 });
});

test("shows loosened guard rails, of unchanged resources too", async () => {
  const tight = {
    onColumnsRemoved: "error",
    maxRowDropPercent: 10,
    appendOnly: true,
    requireColumns: ["case_id", "cost"],
    requireActivities: ["Order", "Pay"],
    forbidNewActivities: true,
    maxCaseDropPercent: 0,
    latestEventWithin: 48,
  };
  const loose = {
    maxRowDropPercent: 50,
    requireColumns: ["case_id"],
    requireActivities: ["Pay"],
    latestEventWithin: 72,
    whenMissing: "keepLast",
    whenTableHasRows: "send",
    acceptSha256: "796946cd2c61",
  };
  const steps = [
    step("same", "DatatableUpload", "loosened", { old: file(1, tight), now: file(1, loose) }),
    step("same", "DatatableUpload", "tightened", { old: file(1), now: file(1, tight) }),
    step("create", "DatatableUpload", "new", { now: file(1, { ...loose, requireColumns: [] }) }),
    step("update", "Datatable", "orders", { old: {}, now: { forceDestroy: true } }),
    step("same", "Dataset", "sales", { old: { forceDestroy: true }, now: {} }),
  ];
  const markdown = await review(digest({ steps }));
  const [, list = ""] = markdown.split("#### Loosened guard rails\n\n");
  expect(list.split("\n\n")[0]).toMatchSnapshot();
});

test("calls a create with existingId an adoption", async () => {
  const steps = [step("create", "Dataset", "sales", { now: { displayName: "Sales", existingId: "d-1" } })];
  expect(await review(digest({ steps, changeSummary: { create: 1 } }))).toContain("| `sales` | Dataset | adopt |");
});

function retained(of: ReturnType<typeof step>) {
  return { ...of, oldState: { ...of.oldState, retainOnDelete: true } };
}

test("shows activities that a new file adds, and how many it lacks", async () => {
  const now = { change: "rewritten: 20 rows more (+20 %)", activitiesAdded: "1: Cancel order", activitiesRemoved: 2 };
  const steps = [step("update", "DatatableUpload", "events", { old: file(100), now: file(120, now) })];
  const text = await review(digest({ steps, changeSummary: { update: 1 } }));
  expect(text).toContain("**activities added** `1: Cancel order`");
  expect(text).toContain("**activities removed** `2`");
});

test("counts the guard rails of the process among those that failed", async () => {
  const rails = ["requireActivities", "forbidNewActivities", "maxCaseDropPercent", "latestEventWithin"];
  const diagnostics = rails.map((property) => rejection("DatatableUpload", property, "no."));
  expect(await review(digest({ diagnostics }))).toContain("4 guard rails failed");
});

test("leaves out what only the provider uses", async () => {
  const kept = (mark: string) => ({
    __provider: mark,
    __rowSketch: mark,
    __activities: mark,
    __columns: [mark],
    __profileVersion: 1,
  });
  const steps = [
    step("update", "DatatableUpload", "events", {
      old: file(100, kept("hidden-old")),
      now: file(120, { change: "appended 20 rows, all earlier bytes unchanged", ...kept("hidden-new") }),
    }),
  ];
  const text = await review(digest({ steps, changeSummary: { update: 1 } }));
  expect(text).toContain("appended 20 rows");
  expect(text).not.toMatch(/__|hidden-/);
});

test.each<[verdict: string, steps: object[], diagnostics: object[]]>([
  ["✅ **Nothing changes**", [step("same", "DatatableUpload", "x", { old: file(1), now: file(1) })], []],
  [
    "✅ **2 tables change: 1 appended, 1 new; 1 other resource changes**",
    [
      step("update", "DatatableUpload", "a", { old: file(1), now: file(2, { change: "appended 1 row" }) }),
      step("create", "DatatableUpload", "b", { now: file(3) }),
      step("create", "Dataset", "c", { now: {} }),
    ],
    [],
  ],
  [
    "❌ **1 table changes: 1 appended; 1 guard rail failed; 2 other errors**",
    [step("update", "DatatableUpload", "a", { old: file(1), now: file(2, { change: "appended 1 row" }) })],
    [
      rejection("DatatableUpload", "maxRowDropPercent", "rows fell."),
      rejection("DatatableUpload", "source", "line 3 has 1 field."),
      { severity: "error", message: "preview failed" },
    ],
  ],
  [
    "⚠️ **1 table changes: 1 sent again; 1 resource deleted with data; 1 deletion may be rejected; 1 guard rail loosened**",
    [
      step("update", "DatatableUpload", "a", {
        old: file(1, { appendOnly: true }),
        now: file(1, { change: "same content, sent again because of triggers" }),
      }),
      step("delete", "Datatable", "b", { old: { forceDestroy: true } }),
      step("delete", "Datatable", "c", { old: {}, outputs: { rowCount: 0 } }),
    ],
    [],
  ],
])("says in the first line: %s", async (verdict, steps, diagnostics) => {
  expect((await review(digest({ steps, diagnostics }))).split("\n")[2]).toBe(verdict);
});

test("counts the table of a file once, and the file of an upload that a failed preview lacks", async () => {
  const folder = newFolder();
  const at = (name: string) => path.join(folder, name);
  fs.writeFileSync(at("old.csv"), "a,b\n1,2\n");
  fs.writeFileSync(at("long.csv"), "a,b\n1,2\n1,2\n1,2\n1,2\n");
  fs.writeFileSync(at("sent.csv"), "a,b\n1,2\n3,4\n");
  fs.writeFileSync(at("failed.csv"), "a,b\n5,6\n7,8\n9,0\n");
  const contentSha256 = createHash("sha256")
    .update(fs.readFileSync(at("sent.csv")))
    .digest("hex");
  const now = file(2, { contentSha256, change: "appended 1 row, all earlier bytes unchanged" });
  const steps = [step("update", "DatatableUpload", "a", { old: file(1), now })];
  fs.writeFileSync(
    at("preview.json"),
    digest({ steps, diagnostics: [rejection("DatatableUpload", "maxRowDropPercent", "rows fell.")] }),
  );
  const files = ["--from", at("old.csv"), "--to", at("sent.csv"), "--from", at("long.csv"), "--to", at("failed.csv")];
  const { stdout } = await run(["--preview", at("preview.json"), ...files]);
  fs.rmSync(folder, { recursive: true });
  expect(stdout.split("\n")[2]).toBe(
    "❌ **2 tables change: 1 appended, 1 rewritten; 1 guard rail failed; 1 with fewer rows or columns**",
  );
});

test("shows the options of an error, which stand on lines of their own, as a list", async () => {
  const reason = "rows fell by 39 %.\n  - correct the file\n  - let it through: run `pulumi up`";
  const markdown = await review(digest({ diagnostics: [rejection("DatatableUpload", "maxRowDropPercent", reason)] }));
  expect(markdown).toContain(
    "DatatableUpload `events`: rows fell by 39 %.\n\n- correct the file\n- let it through: run `pulumi up`\n",
  );
});

test("shows which inputs of other resources change", async () => {
  const changed = {
    ...step("update", "Datatable", "orders", { old: {}, now: {} }),
    diffReasons: ["order", "__hidden"],
  };
  expect(await review(digest({ steps: [changed] }))).toContain("| `orders` | Datatable | update | order |");
});

test("shows commit, date and stack below the verdict", async () => {
  async function* stdin() {
    yield digest({ steps: [step("same", "Dataset", "x", { now: {} })] });
  }
  const id = "0123456789abcdef0123456789abcdef01234567";
  const found = { id, date: "2026-11-28 02:10 UTC" };
  const ran = await run(["--preview", "-", "--commit", "main"], stdin(), (revision) =>
    revision === "main" ? found : undefined,
  );
  expect(ran.stdout.split("\n")[4]).toBe("commit `0123456789ab` · 2026-11-28 02:10 UTC · stack `prod` of `claims`");
});
