import { Display } from "../../../engine/display";
import { type EngineEvent, type Properties, SECRET, SIGNATURE, UNKNOWN } from "../../../engine/model";
import { done, end, say, start, stateOf, stepOf, urnOf } from "./events";

/** The tree or the rows, and what follows them. */
function sections(text: string): [rows: string, rest: string] {
  const end = text.indexOf("Diagnostics:\n");
  return [text.slice(0, end), text.slice(end)];
}

function shown(
  events: EngineEvent[],
  options: { diff?: boolean; isTTY?: boolean; env?: { [name: string]: string } } = {},
) {
  let text = "";
  const stdout = { write: (part: string) => (text += part), ...(options.isTTY && { isTTY: true }) };
  const display = new Display({
    stderr: stdout,
    stack: "dev",
    project: "shop",
    json: false,
    diff: options.diff ?? false,
    stdout,
    env: options.env ?? {},
  });
  for (const event of events) display.emit(event);
  display.finish();
  return text;
}

const secret = (value: string) => ({ [SIGNATURE]: SECRET, value });
const stack = stateOf("shop-dev", {});
const before = {
  __provider: "module.exports = 1",
  bytes: 1203,
  columns: ["id", "name", "amount"],
  note: "one\ntwo\nthree",
  rows: 15000,
  sha256: "ab12",
  token: secret("hunter2"),
};
const after = {
  ...before,
  __provider: "module.exports = 2",
  bytes: 1290,
  columns: ["id", "first", "name", "total"],
  note: "one\n2\nthree",
  rows: 15320,
  sha256: "cd34",
  token: secret("hunter3"),
};

function outputs(old: Properties, current: Properties): EngineEvent {
  return {
    kind: "outputs",
    step: stepOf("same", "shop-dev", { ...stack, outputs: old }, { ...stack, outputs: current }),
  };
}

/** A terminal without colours. */
const TERMINAL = { isTTY: true, env: { NO_COLOR: "1" } };

const preview: EngineEvent[] = [
  start("preview", true),
  ...done(stepOf("same", "shop-dev", stack, stack)),
  ...done(stepOf("update", "default", stateOf("default", { a: "1" }), stateOf("default", { a: "2" }))),
  ...done(stepOf("create", "box", undefined, stateOf("box", {}))),
  ...done(stepOf("same", "quiet", stateOf("quiet", {}), stateOf("quiet", {}))),
  ...done(
    stepOf("update", "orders", stateOf("orders", before, { id: "up-1" }), stateOf("orders", after, { id: "up-1" })),
  ),
  ...done(
    stepOf(
      "create",
      "fresh",
      undefined,
      stateOf("fresh", { table: UNKNOWN, tags: { a: 1 } }, { parent: urnOf("box") }),
    ),
  ),
  ...done(stepOf("create-replacement", "moved", stateOf("moved", { kind: "x" }), stateOf("moved", { kind: "y" }))),
  ...done(stepOf("replace", "moved", stateOf("moved", { kind: "x" }), stateOf("moved", { kind: "y" }))),
  ...done(stepOf("delete-replaced", "moved", stateOf("moved", { kind: "x" }))),
  ...done(stepOf("delete", "gone", stateOf("gone", { rows: 1 }, { id: "up-9" }))),
  say("info", "hello\nfrom the program"),
  say("warning", "a column is empty", "orders"),
  say("debug", "not shown"),
  say("info", "50 %", "orders", true),
  outputs(
    { url: "http://a", rows: 15000, same: true },
    { url: UNKNOWN, rows: 15320, same: true, key: secret("hunter2") },
  ),
  end({ same: 2, create: 2, update: 1, replace: 1, delete: 1 }),
];

describe("the text of a run", () => {
  it("has the stack's row for the stack's messages, also when no step of the stack was reached", () => {
    const old = stateOf("orders", {});
    const events = [
      start("destroy", false),
      { kind: "step", step: stepOf("delete", "orders", old) } as const,
      say("error", "it holds data", "orders"),
      { kind: "failed", step: stepOf("delete", "orders", old), message: "it holds data", seconds: 1 } as const,
      say("warning", "rows stay"),
      say("error", "update failed"),
      end({}, false, 1),
    ];
    expect(shown(events, TERMINAL)).toMatchInlineSnapshot(`
"Destroying (dev):

     Type                                                  Name      Status               Info
     pulumi:pulumi:Stack                                   shop-dev  **failed**           1 error; 1 warning
 -   └─ pulumi-nodejs:dynamic/processmind:DatatableUpload  orders    **deleting failed**  1 error
Diagnostics:
  pulumi-nodejs:dynamic/processmind:DatatableUpload (orders):
    error: it holds data

  pulumi:pulumi:Stack (shop-dev):
    warning: rows stay
    error: update failed

Resources:
    2 errored

Duration: 3s

"
`);
  });

  it("is a row for each event without a terminal", () => {
    expect(shown(preview)).toMatchInlineSnapshot(`
"Previewing update (dev):

 ~  pulumi:providers:pulumi-nodejs default update [diff: ~a]
 +  demo:index:Box box create 
 ~  pulumi-nodejs:dynamic/processmind:DatatableUpload orders update [diff: ~bytes,columns,note,rows,sha256]
 +  pulumi-nodejs:dynamic/processmind:DatatableUpload fresh create 
 ++ pulumi-nodejs:dynamic/processmind:DatatableUpload moved create replacement [diff: ~kind]
 +- pulumi-nodejs:dynamic/processmind:DatatableUpload moved replace [diff: ~kind]
 -- pulumi-nodejs:dynamic/processmind:DatatableUpload moved delete original [diff: ~kind]
 -  pulumi-nodejs:dynamic/processmind:DatatableUpload gone delete 
    pulumi:pulumi:Stack shop-dev running hello
 ~  pulumi-nodejs:dynamic/processmind:DatatableUpload orders update [diff: ~bytes,columns,note,rows,sha256]; warning: a column is empty
 ~  pulumi-nodejs:dynamic/processmind:DatatableUpload orders update [diff: ~bytes,columns,note,rows,sha256]; 50 %
    pulumi:pulumi:Stack shop-dev  1 message
Diagnostics:
  pulumi:pulumi:Stack (shop-dev):
    hello
    from the program

  pulumi-nodejs:dynamic/processmind:DatatableUpload (orders):
    warning: a column is empty

Outputs:
  + key : [secret]
  ~ rows: 15000 => 15320

Resources:
    + 2 to create
    ~ 1 to update
    - 1 to delete
    +-1 to replace
    5 changes. 2 unchanged

"
`);
  });

  it("is a tree of what changes on a terminal, and the rest as without one", () => {
    const [tree, rest] = sections(shown(preview, TERMINAL));
    expect(tree).toMatchInlineSnapshot(`
"Previewing update (dev):

     Type                                                     Name      Plan     Info
     pulumi:pulumi:Stack                                      shop-dev           1 message
 +   ├─ demo:index:Box                                        box       create
 +   │  └─ pulumi-nodejs:dynamic/processmind:DatatableUpload  fresh     create
 ~   ├─ pulumi-nodejs:dynamic/processmind:DatatableUpload     orders    update   [diff: ~bytes,columns,note,rows,sha256]; 1 warning
 +-  ├─ pulumi-nodejs:dynamic/processmind:DatatableUpload     moved     replace  [diff: ~kind]
 -   └─ pulumi-nodejs:dynamic/processmind:DatatableUpload     gone      delete
"
`);
    expect(rest).toBe(sections(shown(preview))[1]);
  });

  it("shows old => new with --diff", () => {
    expect(shown(preview, { diff: true })).toMatchInlineSnapshot(`
"Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev]
~ pulumi:providers:pulumi-nodejs: (update)
    [urn=urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::default]
  ~ a: "1" => "2"
    + demo:index:Box: (create)
        [urn=urn:pulumi:dev::shop::demo:index:Box::box]
    ~ pulumi-nodejs:dynamic/processmind:DatatableUpload: (update)
        [id=up-1]
        [urn=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/processmind:DatatableUpload::orders]
      ~ bytes  : 1203 => 1290
      ~ columns: [
            [0]: "id"
          ~ [1]: "name" => "first"
          ~ [2]: "amount" => "name"
          + [3]: "total"
        ]
      ~ note   : 
            one
          - two
          + 2
            three
      ~ rows   : 15000 => 15320
      ~ sha256 : "ab12" => "cd34"
        token  : [secret]
        + pulumi-nodejs:dynamic/processmind:DatatableUpload: (create)
            [urn=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/processmind:DatatableUpload::fresh]
            table: [unknown]
            tags : {
                a: 1
            }
    +-pulumi-nodejs:dynamic/processmind:DatatableUpload: (replace)
        [urn=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/processmind:DatatableUpload::moved]
      ~ kind: "x" => "y"
    - pulumi-nodejs:dynamic/processmind:DatatableUpload: (delete)
        [id=up-9]
        [urn=urn:pulumi:dev::shop::pulumi-nodejs:dynamic/processmind:DatatableUpload::gone]
        rows: 1
hello
from the program
warning: a column is empty
50 %
    --outputs:--
  + key : [secret]
  ~ rows: 15000 => 15320
Resources:
    + 2 to create
    ~ 1 to update
    - 1 to delete
    +-1 to replace
    5 changes. 2 unchanged
"
`);
  });

  it("reports failures where they happened", () => {
    const update = stepOf("update", "orders", stateOf("orders", { rows: 1 }), stateOf("orders", { rows: 2 }));
    const events: EngineEvent[] = [
      start("up", false),
      ...done(stepOf("same", "shop-dev", stack, stack)),
      { kind: "step", step: update },
      say("error", "the API answered 409", "orders"),
      { kind: "failed", step: update, message: "the API answered 409", seconds: 1.4 },
      say("error", "resource 'lost' has a problem:\n\u001b[31mno name\u001b[0m", "lost"),
      say("error", "update failed"),
      outputs({ a: 1 }, { a: 1 }),
      end({ same: 1 }, false, 2),
    ];
    expect(shown(events, TERMINAL)).toMatchInlineSnapshot(`
"Updating (dev):

     Type                                                  Name      Status               Info
     pulumi:pulumi:Stack                                   shop-dev  **failed**           1 error
 ~   ├─ pulumi-nodejs:dynamic/processmind:DatatableUpload  orders    **updating failed**  [diff: ~rows]; 1 error
     └─ pulumi-nodejs:dynamic/processmind:DatatableUpload  lost      **failed**           1 error
Diagnostics:
  pulumi-nodejs:dynamic/processmind:DatatableUpload (orders):
    error: the API answered 409

  pulumi-nodejs:dynamic/processmind:DatatableUpload (lost):
    error: resource 'lost' has a problem:
    no name

  pulumi:pulumi:Stack (shop-dev):
    error: update failed

Outputs:
    a: 1

Resources:
    1 unchanged
    3 errored

Duration: 3s

"
`);
  });

  it("shows all outputs after a run, also unchanged ones, and the time it took", () => {
    const events: EngineEvent[] = [
      start("up", false),
      ...done(stepOf("same", "shop-dev", stack, stack)),
      outputs({ url: "a" }, { url: "a" }),
      end({ same: 1 }),
    ];
    expect(shown(events)).toBe(
      [
        "Updating (dev):",
        "",
        "    pulumi:pulumi:Stack shop-dev  ",
        "Outputs:",
        '    url: "a"',
        "",
        "Resources:",
        "    1 unchanged",
        "",
        "Duration: 3s",
        "",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["preview", true, "Previewing update (dev):"],
    ["up", true, "Previewing update (dev):"],
    ["up", false, "Updating (dev):"],
    ["refresh", true, "Previewing refresh (dev):"],
    ["refresh", false, "Refreshing (dev):"],
    ["destroy", true, "Previewing destroy (dev):"],
    ["destroy", false, "Destroying (dev):"],
  ] as const)("is headed for %s (dry run: %s)", (verb, dryRun, header) => {
    expect(shown([start(verb, dryRun)]).split("\n")[0]).toBe(header);
  });

  it("names protection and provider changes", () => {
    const old = stateOf("orders", {}, { provider: "urn:a::1", protect: true });
    const moved = stateOf("orders", {}, { provider: "urn:b::1" });
    const text = shown([start("up", true), ...done(stepOf("update", "orders", old, moved))]);
    expect(text).toContain("[diff: ~protect,provider]");
  });

  it("prints a sign of life while nothing happens, on a line of its own", async () => {
    let text = "";
    const stdout = { write: (part: string) => (text += part) };
    const options = { stack: "dev", project: "shop", json: false, diff: false, stdout, stderr: stdout, env: {} };
    const display = new Display({ ...options, progressEvery: 1 });
    display.emit(start("up", false));
    while (!text.includes("@ updating.....")) await new Promise((resolve) => setTimeout(resolve, 1));
    display.finish();
    expect(text).toMatch(/^Updating \(dev\):\n\n@ updating\.{5,}\n$/);
  });

  it("colours only on a terminal, and not against NO_COLOR", () => {
    const colour = "\u001b[";
    expect(shown(preview)).not.toContain(colour);
    expect(shown(preview, { isTTY: true })).toContain(colour);
    expect(shown(preview, { isTTY: true, env: { NO_COLOR: "1" } })).not.toContain(colour);
  });

  it.each([{ diff: false }, { diff: true }])("never prints a secret or an internal key (%p)", (options) => {
    const text = shown(preview, options);
    expect(text).not.toMatch(/hunter|__provider|module\.exports/);
  });
});

describe("what a resource tells of its progress", () => {
  const creating = stepOf("create", "orders", undefined, stateOf("orders", {}));
  const events: EngineEvent[] = [
    start("up", false),
    { kind: "step", step: creating },
    say("info", "10 %", "orders", true),
    say("info", "20 %", "orders", true),
    { kind: "done", step: creating, seconds: 2 },
    end({ create: 1 }),
  ];

  test("shows in place on a terminal, and is not kept", () => {
    const live = "\r\u001b[K@ updating, 0s: 0 done; orders (";
    expect(shown(events, { isTTY: true, env: { NO_COLOR: "1" } })).toContain(`${live}10 %)${live}20 %)\r\u001b[K `);
  });

  test("shows as a line when it comes elsewhere, and is not kept", () => {
    const text = shown(events);
    const row = " +  pulumi-nodejs:dynamic/processmind:DatatableUpload orders creating (0s)";
    expect(text).toContain(`${row} 10 %\n${row} 20 %\n`);
    expect(text).not.toContain("Diagnostics:");
  });
});
