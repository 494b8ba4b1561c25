import { DEFAULT_PROVIDER, ops, STACK_URN, stable, TestStack, thing, urnOf } from "./test-stack";

const created = "2026-01-01T00:00:00.000Z";
const later = "2026-02-02T00:00:00.000Z";

test("a first up creates everything and saves the whole state", async () => {
  const stack = new TestStack();
  const run = await stack.up(async (program) => {
    const group = await program.component("group");
    const a = await program.thing("a", { size: 1 }, { parent: group.urn });
    await program.thing("b", { of: a.id }, { dependencies: [a.urn], propertyDependencies: { of: [a.urn] } });
    await program.outputs({ made: "yes" }, group.urn);
    await program.outputs({ id: a.id });
  });
  const a = urnOf("a", `my:index:Component$${thing}`);
  expect(run.result).toEqual({ ok: true, changes: { create: 4 }, outputs: { id: "a-1" }, seconds: 0, errors: 0 });
  expect(stack.service.calls).toEqual([
    { method: "check", name: "a", olds: {}, news: { size: 1 } },
    { method: "create", name: "a", news: { size: 1 } },
    { method: "check", name: "b", olds: {}, news: { of: "a-1" } },
    { method: "create", name: "b", news: { of: "a-1" } },
  ]);
  expect(stable(run.snapshot)).toEqual({
    pendingOperations: [],
    resources: [
      {
        urn: STACK_URN,
        custom: false,
        type: "pulumi:pulumi:Stack",
        inputs: {},
        outputs: { id: "a-1" },
        created,
        modified: created,
      },
      {
        urn: urnOf("group", "my:index:Component"),
        custom: false,
        type: "my:index:Component",
        inputs: {},
        outputs: { made: "yes" },
        parent: STACK_URN,
        created,
        modified: created,
      },
      {
        urn: DEFAULT_PROVIDER,
        custom: true,
        type: "pulumi:providers:pulumi-nodejs",
        id: "uuid",
        inputs: {},
        outputs: {},
        created,
        modified: created,
      },
      {
        urn: a,
        custom: true,
        type: thing,
        id: "a-1",
        inputs: { size: 1 },
        outputs: { size: 1 },
        parent: urnOf("group", "my:index:Component"),
        propertyDependencies: { size: [] },
        provider: `${DEFAULT_PROVIDER}::uuid`,
        created,
        modified: created,
      },
      {
        urn: urnOf("b"),
        custom: true,
        type: thing,
        id: "b-1",
        inputs: { of: "a-1" },
        outputs: { of: "a-1" },
        parent: STACK_URN,
        dependencies: [a],
        propertyDependencies: { of: [a] },
        provider: `${DEFAULT_PROVIDER}::uuid`,
        created,
        modified: created,
      },
    ],
  });
});

test("a preview calls check only, saves nothing, and its new objects have no id", async () => {
  const stack = new TestStack();
  const ids: string[] = [];
  const run = await stack.preview(async (program) => {
    const { id, outputs } = await program.thing("a", { size: 1 });
    ids.push(id);
    expect(outputs).toEqual({ size: 1 });
  });
  expect(ids).toEqual([""]);
  expect(run.saves).toEqual([]);
  expect(stack.service.calls.map((call) => call.method)).toEqual(["check"]);
  expect(ops(run)).toEqual(["create shop-dev", "create a"]);
  expect(run.result).toMatchObject({ ok: true, changes: { create: 2 } });
});

test("an unchanged program changes nothing and calls nothing but check and diff", async () => {
  const stack = new TestStack();
  const script = async (program: import("./test-stack").TestProgram) => {
    await program.thing("a", { size: 1 });
    await program.outputs({ x: 1 });
  };
  const first = await stack.up(script);
  stack.service.calls.length = 0;
  const second = await stack.up(script);
  expect(stack.service.calls).toEqual([
    { method: "check", name: "a", olds: { size: 1 }, news: { size: 1 } },
    {
      method: "diff",
      name: "a",
      id: "a-1",
      olds: { size: 1 },
      oldInputs: { size: 1 },
      news: { size: 1 },
      ignoreChanges: [],
    },
  ]);
  expect(second.result).toMatchObject({ ok: true, changes: { same: 2 } });
  expect(second.snapshot).toEqual(first.snapshot);
});

test("changed inputs update in place, keeping id and creation time", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => void (await program.thing("a", { size: 1 })));
  stack.service.calls.length = 0;
  stack.time = later;
  const run = await stack.up(async (program) => void (await program.thing("a", { size: 2, extra: true })));
  expect(stack.service.calls.at(-1)).toEqual({
    method: "update",
    name: "a",
    id: "a-1",
    olds: { size: 1 },
    oldInputs: { size: 1 },
    news: { size: 2, extra: true },
  });
  const step = run.events.find((event) => event.kind === "done" && event.step.op === "update");
  expect(step).toMatchObject({
    step: {
      diffKeys: ["extra", "size"],
      replaceKeys: null,
      detailedDiff: { size: { kind: "update", inputDiff: true }, extra: { kind: "add", inputDiff: true } },
    },
  });
  expect(stack.entry("a")).toMatchObject({ id: "a-1", outputs: { size: 2, extra: true }, created, modified: later });
  expect(run.result.changes).toEqual({ same: 1, update: 1 });
});

test("what the program no longer registers is deleted, and destroy leaves nothing", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => {
    await program.thing("a");
    await program.thing("b");
  });
  const second = await stack.up(async (program) => void (await program.thing("a")));
  expect(second.result.changes).toEqual({ same: 2, delete: 1 });
  stack.service.calls.length = 0;
  const gone = await stack.destroy();
  expect(stack.service.summary()).toEqual(["delete a-1"]);
  expect(ops(gone)).toEqual(["delete a", "delete shop-dev"]);
  expect(gone.result).toMatchObject({ ok: true, changes: { delete: 2 }, outputs: {} });
  expect(gone.snapshot).toEqual({ resources: [], pendingOperations: [] });
});
