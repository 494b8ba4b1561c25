import { digest, file, step, urn } from "./digest";
import { run } from "./event-log";

async function review(json: string): Promise<string> {
  async function* stdin() {
    yield json;
  }
  const ran = await run(["--preview", "-"], stdin());
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: "" });
  return ran.stdout.split("\n\nCell values have not left")[0] as string;
}

const refusal = (type: string, property: string, reason: string) => ({
  urn: urn(type, "events"),
  prefix: "error: ",
  message: `pulumi-nodejs:dynamic/processmind:${type} resource 'events': property ${property} value {10} has a problem: ${reason}`,
  severity: "error",
});

test("a refused preview is told first, one sentence each, and what to do is folded", async () => {
  const diagnostics = [
    { severity: "info", message: "hello" },
    {
      urn: urn("Datatable", "old"),
      severity: "warning",
      message: "warning: ProcessMind has no deletion of a table. It stays.",
    },
    refusal(
      "DatatableUpload",
      "maxRowDropPercent",
      "rows fell from 15,000 to 9,120 (-39 %), more than maxRowDropPercent 10. Nothing was sent. Correct the file.",
    ),
    { severity: "error", message: "\u001b[31mpreview failed\u001b[0m\n" },
  ];
  expect(await review(digest({ diagnostics, changeSummary: { same: 3 } }))).toMatchSnapshot();
});

test("uploads, those that lose something first; what other resources do is folded", async () => {
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

test("two tables swapped", async () => {
  const [a, b] = [
    file(100, { fileName: "a.csv", columns: "2: a, b" }),
    file(250, { fileName: "b.csv", columns: "2: c, d" }),
  ];
  const told = (rows: string) => `rewritten: ${rows}, other columns`;
  const steps = [
    step("update", "DatatableUpload", "a", {
      old: a,
      now: { ...b, change: told("150 rows more (+150 %)"), columnsAdded: "2: c, d", columnsRemoved: "2: a, b" },
    }),
    step("update", "DatatableUpload", "b", {
      old: b,
      now: { ...a, change: told("150 rows fewer (-60 %)"), columnsAdded: "2: a, b", columnsRemoved: "2: c, d" },
    }),
  ];
  const markdown = await review(digest({ steps, changeSummary: { update: 2 } }));
  expect(markdown.split("\n\n<details>")[0]).toMatchSnapshot();
});

test.each<[op: string, type: string, sides: Parameters<typeof step>[3], told: string]>([
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
    "**will be rejected: it holds data (2,512 rows), and the state has no forceDestroy**",
  ],
  [
    "delete",
    "Datatable",
    { old: {} },
    "**will be rejected: it holds data (row count unknown), and the state has no forceDestroy**",
  ],
  ["delete", "Dataset", { old: {} }, "rejected if a datatable in it holds rows by then"],
  ["delete", "Dataset", { old: { treeNodeType: "TreeGroup" } }, "rejected if anything lies in it by then"],
  ["delete", "Dataset", { old: { forceDestroy: true } }, "**deleted with its data (forceDestroy)**"],
  ["replace", "Dataset", { old: { forceDestroy: true }, now: {} }, "**deleted with its data (forceDestroy)**"],
  [
    "delete",
    "Dataset",
    { old: {}, outputs: { adopted: true } },
    "leaves the stack; it was adopted, and stays in ProcessMind",
  ],
  ["delete", "Thing", { old: {} }, ""],
])("%s of a %s %j is in sight", async (...[op, type, sides, told]) => {
  const markdown = await review(digest({ steps: [step(op, type, "x", sides)], changeSummary: { [op]: 1 } }));
  const visible = markdown.split("<details>")[0];
  expect(visible?.startsWith("## Data review\n\n### Preview: 1 deletion will be rejected")).toBe(
    told.includes("will be rejected"),
  );
  expect(visible).toContain(
    `#### Deleted or replaced\n\n|  | type | name | what that does |\n|---|---|---|---|\n| **${op}** | ${type} | \`x\` | ${told} |`,
  );
});

test("the parts of a replacement are one line", async () => {
  const steps = ["create-replacement", "replace", "delete-replaced"].map((op) =>
    step(op, "Dataset", "x", { old: {}, now: {} }),
  );
  expect((await review(digest({ steps }))).match(/\| \*\*replace\*\* \|/g)).toHaveLength(1);
});

test("of a state, nothing but what is told of a file gets into it", async () => {
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

test("values that are not known yet", async () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const now = { contentSha256: unknown, sizeBytes: unknown, change: unknown };
  const markdown = await review(digest({ steps: [step("create", "DatatableUpload", "x", { now })] }));
  expect(markdown).toContain("| `x` | create | not known yet | – | – | not known yet |");
  expect(markdown).not.toContain(unknown);
});

test.each(["", "no json", "[]", '{"steps2":[]}', "null"])("%j is no preview", async (json) => {
  async function* stdin() {
    yield json;
  }
  expect(await run(["--preview", "-"], stdin())).toEqual({
    code: 1,
    stdout: "",
    stderr:
      "processmind-review: --preview -: this is not what `pulumi preview --json` prints. Save its standard output alone.\n",
  });
});

test.each([
  '{"steps":null}',
  '{"steps":[null,1,{"op":3},{"urn":"x","op":"create"}],"diagnostics":[{"severity":"error"}]}',
])("odd parts of %s are passed over", async (json) => {
  expect(await review(json)).toBe("## Data review\n\n### Preview: nothing to do");
});

/** A table with rows, taken out of the program: what pulumi prints is `-` for both, and green. */
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

test("deletions that will be rejected come first, with what to do, though the state of the table is older than its rows", async () => {
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
])("--fail-on-refusal with %s", async (_name, steps, diagnostics, code, why) => {
  async function* stdin() {
    yield digest({ steps, diagnostics });
  }
  const ran = await run(["--preview", "-", "--fail-on-refusal"], stdin());
  const stderr = why === "" ? "" : `processmind-review: ${why} (--fail-on-refusal).\n`;
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code, stderr });
});

test("--fail-on-refusal without a preview is a wrong option", async () => {
  expect(await run(["--to", "x.csv", "--fail-on-refusal"])).toMatchObject({ code: 2 });
});

test("guards that a pull request loosens are shown, also of unchanged resources", async () => {
  const tight = {
    onColumnsRemoved: "error",
    maxRowDropPercent: 10,
    appendOnly: true,
    requireColumns: ["case_id", "cost"],
  };
  const loose = {
    maxRowDropPercent: 50,
    requireColumns: ["case_id"],
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
  const [, list = ""] = markdown.split("#### Guards that let more through\n\n");
  expect(list.split("\n\n")[0]).toMatchSnapshot();
});

test("a create with existingId is an adoption", async () => {
  const steps = [step("create", "Dataset", "sales", { now: { displayName: "Sales", existingId: "d-1" } })];
  expect(await review(digest({ steps, changeSummary: { create: 1 } }))).toContain("| adopt | Dataset | `sales` |");
});

function retained(of: ReturnType<typeof step>) {
  return { ...of, oldState: { ...of.oldState, retainOnDelete: true } };
}

test("leaves out what the provider keeps for itself", async () => {
  const kept = (mark: string) => ({ __provider: mark, __rowSketch: mark, __columns: [mark], __profileVersion: 1 });
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
