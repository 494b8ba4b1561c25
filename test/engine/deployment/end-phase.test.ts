import { ops, type Script, TestStack, told, urnOf } from "./test-stack";

const nothing: Script = async () => undefined;

/** a ← b ← c by dependency; box holds d, and e needs the box. */
const web: Script = async (program) => {
  const a = await program.thing("a");
  const b = await program.thing("b", {}, { dependencies: [a.urn] });
  await program.thing("c", { of: b.id }, { propertyDependencies: { of: [b.urn] } });
  const box = await program.component("box");
  await program.thing("d", {}, { parent: box.urn });
  await program.thing("e", {}, { dependencies: [box.urn] });
};

function position(calls: string[], call: string): number {
  const index = calls.indexOf(call);
  if (index < 0) throw new Error(`${call} is not among ${calls.join(", ")}`);
  return index;
}

test.each(["up", "destroy"] as const)("%s deletes what needs another before it, the other after", async (verb) => {
  const stack = new TestStack();
  await stack.up(web);
  stack.service.calls.length = 0;
  await (verb === "up" ? stack.up(nothing) : stack.destroy());
  const calls = stack.service.summary();
  expect([...calls].sort()).toEqual(["delete a-1", "delete b-1", "delete c-1", "delete d-1", "delete e-1"]);
  for (const [first, then] of [
    ["c", "b"],
    ["b", "a"],
    ["e", "d"],
  ] as const) {
    expect(position(calls, `delete ${first}-1`)).toBeLessThan(position(calls, `delete ${then}-1`));
  }
});

test("what could not be deleted keeps its entry and what it needs; the next run finishes", async () => {
  const stack = new TestStack();
  await stack.up(web);
  stack.service.behaviour.delete = ({ id }) => {
    if (id === "b-1") throw new Error("in use");
  };
  const run = await stack.destroy();
  expect(run.result).toMatchObject({ ok: false, errors: 1 });
  expect(told(run)).toEqual(["error: in use", "error: update failed"]);
  expect([stack.entry("a")?.id, stack.entry("b")?.id, stack.entry("c")]).toEqual(["a-1", "b-1", undefined]);
  expect(run.snapshot.pendingOperations).toEqual([]);
  stack.service.behaviour = {};
  expect((await stack.destroy()).snapshot.resources).toEqual([]);
});

test("a protected one and what it needs stay, others go, the run fails", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => {
    const a = await program.thing("a");
    await program.thing("b", {}, { dependencies: [a.urn], protect: true });
    await program.thing("c");
  });
  stack.service.calls.length = 0;
  const run = await stack.destroy();
  expect(run.result.ok).toBe(false);
  expect(stack.service.summary()).toEqual(["delete c-1"]);
  expect(told(run)[0]).toContain(`resource "${urnOf("b")}" cannot be deleted\nbecause it is protected.`);
  expect([stack.entry("a")?.id, stack.entry("b")?.protect, stack.entry("c")]).toEqual(["a-1", true, undefined]);
});

test("components, kept ones, read ones and those deleted with another need no call", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => {
    const a = await program.thing("a");
    await program.thing("part", {}, { deletedWith: a.urn });
    await program.thing("kept", {}, { retainOnDelete: true });
    await program.component("box");
    stack.service.objects.set("x-9", {});
    await program.read("theirs", "x-9");
  });
  stack.service.calls.length = 0;
  const run = await stack.destroy();
  expect(stack.service.summary()).toEqual(["delete a-1"]);
  expect(ops(run).filter((op) => op.startsWith("discard"))).toEqual(["discard theirs"]);
  expect(run.snapshot.resources).toEqual([]);
});

test("nothing at all is deleted after a failed step", async () => {
  const stack = new TestStack();
  await stack.up(web);
  stack.service.calls.length = 0;
  stack.service.behaviour.create = () => {
    throw new Error("refused");
  };
  const run = await stack.up(async (program) => void (await program.thing("new")));
  expect([run.result.ok, stack.service.summary()]).toEqual([false, ["create new"]]);
});
