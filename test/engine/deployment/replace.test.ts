import type { Properties } from "../../../engine/model";
import { type Options, ops, type Script, type TestProgram, TestStack, told, urnOf } from "./test-stack";

/** `key` asks for a replacement, everything else for an update; delete-first when the new inputs say `first`. */
const byKey: NonNullable<TestStack["service"]["behaviour"]["diff"]> = ({ oldInputs = {}, news = {} }) => ({
  changes: JSON.stringify(oldInputs) !== JSON.stringify(news),
  replaces: oldInputs["key"] !== news["key"] ? ["key"] : [],
  deleteBeforeReplace: news["first"] === true,
});

const on = (urn: string, property?: string): Options => ({
  dependencies: [urn],
  propertyDependencies: property ? { [property]: [urn] } : {},
});

async function stackOf(script: Script): Promise<TestStack> {
  const stack = new TestStack();
  await stack.up(script);
  stack.service.calls.length = 0;
  stack.service.behaviour.diff = byKey;
  return stack;
}

/** `root` with `key`, `bound` whose own key is root's id, `loose` that only depends on it. */
const family =
  (key: number, bound: Options = {}, inputs: Properties = { first: true }) =>
  async (program: TestProgram) => {
    const root = await program.thing("root", { key, ...inputs });
    await program.thing("bound", { key: root.id }, { ...on(root.urn, "key"), ...bound });
    await program.thing("loose", { label: 1 }, on(root.urn));
  };

const chain = ["delete bound-1", "delete root-1", "create root", "create bound"];

test("delete-first: what cannot outlive it goes first, once, and comes back; what only depends on it stays", async () => {
  const stack = await stackOf(family(1));
  const run = await stack.up(family(2));
  expect(stack.service.summary()).toEqual(chain);
  expect(ops(run)).toEqual([
    "same shop-dev",
    "delete-replaced bound",
    "delete-replaced root",
    "replace root",
    "create-replacement root",
    "replace bound",
    "create-replacement bound",
    "same loose",
  ]);
  expect(run.result).toMatchObject({ ok: true, changes: { same: 2, replace: 2 } });
  expect(run.snapshot.resources.filter((state) => state.delete || state.pendingReplacement)).toEqual([]);
  expect(stack.entry("bound")).toMatchObject({ id: "bound-2", inputs: { key: "root-2" } });
});

test("its preview shows the same, calls nothing that changes and saves nothing", async () => {
  const stack = await stackOf(family(1));
  const run = await stack.preview(family(2));
  expect(stack.service.summary()).toEqual([]);
  expect(run.saves).toEqual([]);
  expect(run.result).toMatchObject({ ok: true, changes: { same: 2, replace: 2 } });
});

test("the program's deleteBeforeReplace beats the provider's answer, either way", async () => {
  for (const [deleteBeforeReplace, calls] of [
    [true, ["delete a-1", "create a"]],
    [false, ["create a", "delete a-1"]],
  ] as const) {
    const script = (key: number) => async (program: TestProgram) =>
      void (await program.thing("a", { key, first: !deleteBeforeReplace }, { deleteBeforeReplace }));
    const stack = await stackOf(script(1));
    await stack.up(script(2));
    expect(stack.service.summary()).toEqual(calls);
  }
});

test("create-first: the old one goes in the end, also when the run in between failed", async () => {
  const script = (key: number) => async (program: TestProgram) => void (await program.thing("a", { key }));
  const stack = await stackOf(script(1));
  stack.service.behaviour.delete = () => {
    throw new Error("in use");
  };
  const failed = await stack.up(script(2));
  expect(failed.result.ok).toBe(false);
  expect(failed.snapshot.resources.filter(({ urn }) => urn === urnOf("a"))).toMatchObject([
    { id: "a-2" },
    { id: "a-1", delete: true },
  ]);
  delete stack.service.behaviour.delete;
  stack.service.calls.length = 0;
  const repaired = await stack.up(script(2));
  expect([ops(repaired), stack.service.summary()]).toEqual([
    ["same shop-dev", "same a", "delete-replaced a"],
    ["delete a-1"],
  ]);
});

describe("a delete-first replacement that stops half-way", () => {
  async function halfWay(failing: "create" | "delete"): Promise<TestStack> {
    const stack = await stackOf(family(1));
    stack.service.behaviour[failing] = (call: { id?: string; name: string }) => {
      if (failing === "delete" && call.id !== "root-1") return undefined as never;
      throw new Error("refused");
    };
    const run = await stack.up(family(2));
    expect(run.result).toMatchObject({ ok: false, errors: 1 });
    delete stack.service.behaviour[failing];
    return stack;
  }

  // As Pulumi's engine: its own delete is not repeated, that of one that had to go with it is.
  test("after the deletes: both are made", async () => {
    const stack = await halfWay("create");
    expect([stack.entry("root"), stack.entry("bound")]).toMatchObject([
      { id: "root-1", pendingReplacement: true },
      { id: "bound-1", pendingReplacement: true },
    ]);
    stack.service.calls.length = 0;
    const run = await stack.up(family(2));
    expect(run.result.ok).toBe(true);
    expect(stack.service.summary()).toEqual(["delete bound-1", "create root", "create bound"]);
    expect([stack.entry("root"), stack.entry("bound")]).toMatchObject([{ id: "root-2" }, { id: "bound-2" }]);
    expect(run.snapshot.resources.filter((state) => state.pendingReplacement || state.delete)).toEqual([]);
  });

  test("at the second delete: that one is repeated", async () => {
    const stack = await halfWay("delete");
    expect(stack.entry("bound")).toMatchObject({ pendingReplacement: true });
    expect(stack.entry("root")?.pendingReplacement).toBeUndefined();
    stack.service.calls.length = 0;
    expect((await stack.up(family(2))).result.ok).toBe(true);
    expect(stack.service.summary()).toEqual(chain);
  });

  test.each(["up", "destroy"] as const)("%s: an entry nobody wants any more goes without a call", async (verb) => {
    const stack = await halfWay("create");
    stack.service.calls.length = 0;
    const run = verb === "up" ? await stack.up(async () => undefined) : await stack.destroy();
    expect(run.result.ok).toBe(true);
    expect(stack.service.summary()).toEqual(["delete loose-1"]);
    expect(stack.entry("root") ?? stack.entry("bound")).toBeUndefined();
  });

  test("a refresh carries the entries unread", async () => {
    const stack = await halfWay("create");
    stack.service.calls.length = 0;
    await stack.refresh();
    expect(stack.service.summary()).toEqual(["read loose-1"]);
    expect(stack.entry("root")).toMatchObject({ id: "root-1", pendingReplacement: true });
  });
});

test("a protected one that would have to go with it stops the run before any delete", async () => {
  const stack = await stackOf(family(1, { protect: true }));
  const run = await stack.up(family(2, { protect: true }));
  expect([run.result.ok, stack.service.summary()]).toEqual([false, []]);
  expect(told(run)[0]).toContain(
    `unable to replace resource "${urnOf("bound")}" as part of replacing "${urnOf("root")}"`,
  );
});

test("one that is kept on delete is not deleted early either", async () => {
  const stack = await stackOf(family(1, { retainOnDelete: true }));
  await stack.up(family(2, { retainOnDelete: true }));
  expect(stack.service.summary()).toEqual(chain.filter((call) => call !== "delete bound-1"));
});

test("what is deleted with it goes with it, and comes back", async () => {
  const script = (key: number) => async (program: TestProgram) => {
    const root = await program.thing("root", { key, first: true });
    await program.thing("part", {}, { deletedWith: root.urn });
  };
  const stack = await stackOf(script(1));
  await stack.up(script(2));
  expect(stack.service.summary()).toEqual(["delete root-1", "create root", "create part"]);
  expect(stack.entry("part")).toMatchObject({ id: "part-2" });
});
