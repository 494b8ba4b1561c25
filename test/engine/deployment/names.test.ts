import { makeUrn, referenceId, referenceUrn, urnName, urnType } from "../../../engine/urn";
import { STACK_URN, TestStack, thing, told, urnOf } from "./test-stack";

describe("URNs", () => {
  test.each([
    ["no parent", "", "a:b:C", "n", "urn:pulumi:dev::shop::a:b:C::n"],
    ["the stack as the parent", STACK_URN, "a:b:C", "n", "urn:pulumi:dev::shop::a:b:C::n"],
    ["a parent", urnOf("p"), "a:b:C", "n", `urn:pulumi:dev::shop::${thing}$a:b:C::n`],
    ["a chain of parents", urnOf("p", "x:y:Z$a:b:C"), "d:e:F", "n", "urn:pulumi:dev::shop::x:y:Z$a:b:C$d:e:F::n"],
    ["a name with colons", "", "a:b:C", "x::y", "urn:pulumi:dev::shop::a:b:C::x::y"],
  ])("%s", (_, parent, type, name, urn) => {
    expect(makeUrn("dev", "shop", parent, type, name)).toBe(urn);
    expect(urnName(urn)).toBe(name);
    expect(urnType(urn)).toBe(type);
  });

  test("a provider reference is URN and id", () => {
    expect(referenceUrn(`${urnOf("p")}::id`)).toBe(urnOf("p"));
    expect(referenceId(`${urnOf("p")}::id`)).toBe("id");
  });
});

test("the same URN twice fails the run and deletes nothing", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => void (await program.thing("gone")));
  const run = await stack.up(async (program) => {
    await program.thing("a");
    await program.thing("a");
  });
  expect(run.result).toMatchObject({ ok: false, errors: 1 });
  expect(told(run)).toEqual([`error: Duplicate resource URN '${urnOf("a")}'; try giving it a unique name`]);
  expect(stack.entry("gone")).toBeDefined();
});

test("one name with two types is two resources", async () => {
  const stack = new TestStack();
  const run = await stack.up(async (program) => {
    await program.thing("a");
    await program.component("a");
  });
  expect(run.result.ok).toBe(true);
});

test("a parent that was never registered fails the run", async () => {
  const stack = new TestStack();
  const run = await stack.up(async (program) => void (await program.thing("a", {}, { parent: urnOf("nobody") })));
  expect(run.result.ok).toBe(false);
  expect(told(run)).toEqual([`error: could not find parent resource ${urnOf("nobody")}`]);
});

test("rejects a resource of another package by name", async () => {
  const stack = new TestStack();
  const run = await stack.up(async (program) => void (await program.register("aws:s3:Bucket", "b", true, {})));
  expect(told(run)).toEqual([
    expect.stringContaining("needs the provider 'aws'; pulumi-offline runs dynamic resources only."),
  ]);
});

test("rejects options that the engine does not support by name", async () => {
  const stack = new TestStack();
  const run = await stack.up(async (program) => void (await program.thing("a", {}, { unsupported: ["import"] })));
  expect(run.result.ok).toBe(false);
  expect(told(run)).toEqual([expect.stringContaining("uses what pulumi-offline does not support: import.")]);
});

describe("aliases", () => {
  test("an alias takes the entry over: no create, no delete, references follow in the saved state", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      const a = await program.thing("a");
      await program.thing("b", {}, { dependencies: [a.urn] });
    });
    stack.service.calls.length = 0;
    const run = await stack.up(async (program) => {
      await program.thing("renamed", {}, { aliases: [{ name: "a" }] });
      throw new Error("before b is registered");
    });
    expect(stack.service.summary()).toEqual([]);
    expect(run.result.changes).toEqual({ same: 2 });
    expect(run.snapshot.resources.map((state) => [state.urn, state.id, state.aliases])).toContainEqual([
      urnOf("renamed"),
      "a-1",
      undefined,
    ]);
    expect(stack.entry("b")).toMatchObject({ dependencies: [urnOf("renamed")] });
    expect(stack.entry("a")).toBeUndefined();
  });

  test("aliases are tried in order, after the URN itself", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      await program.thing("first");
      await program.thing("second");
    });
    const run = await stack.up(
      async (program) =>
        void (await program.thing("x", {}, { aliases: [{ name: "none" }, { name: "second" }, { name: "first" }] })),
    );
    expect(stack.entry("x")).toMatchObject({ id: "second-1" });
    expect(run.result.changes).toEqual({ same: 2, delete: 1 });
  });

  test.each([
    ["a URN", { urn: urnOf("a", "pulumi-nodejs:dynamic:Other") }, "pulumi-nodejs:dynamic:Other", STACK_URN],
    ["a type", { type: "pulumi-nodejs:dynamic:Other", name: "a" }, "pulumi-nodejs:dynamic:Other", STACK_URN],
    [
      "a parent",
      { parentUrn: urnOf("group", "my:index:Component"), name: "a" },
      thing,
      urnOf("group", "my:index:Component"),
    ],
  ])("by %s", async (_, alias, type, parent) => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      await program.component("group");
      await program.register(type, "a", true, {}, { parent });
    });
    const run = await stack.up(async (program) => {
      await program.component("group");
      await program.thing("moved", {}, { aliases: [alias] });
    });
    expect(run.result.changes).toEqual({ same: 3 });
    expect(stack.entry("moved")).toMatchObject({ id: "a-1", type: thing });
  });

  test("no parent as an alias finds what was at the top", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => void (await program.thing("a")));
    await stack.up(async (program) => {
      const group = await program.component("group");
      await program.thing("a", {}, { parent: group.urn, aliases: [{ noParent: true }] });
    });
    expect(stack.service.summary()).toEqual(["create a"]);
  });

  test("children inherit their parent's alias, with the parent's name in theirs renamed", async () => {
    const stack = new TestStack();
    const program = (name: string, aliases: { name: string }[]) => async (p: import("./test-stack").TestProgram) => {
      const group = await p.component(name, {}, { aliases });
      await p.thing(`${name}-part`, {}, { parent: group.urn });
      await p.thing("own", {}, { parent: group.urn });
    };
    await stack.up(program("old", []));
    const run = await stack.up(program("new", [{ name: "old" }]));
    expect(run.result.changes).toEqual({ same: 4 });
    expect(stack.entry("new-part")).toMatchObject({ id: "old-part-1", parent: urnOf("new", "my:index:Component") });
    expect(stack.entry("own")).toMatchObject({ id: "own-1" });
  });

  test("two resources may not claim one former URN", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => void (await program.thing("a")));
    const run = await stack.up(async (program) => {
      await program.thing("x", {}, { aliases: [{ name: "a" }] });
      await program.thing("y", {}, { aliases: [{ name: "a" }] });
    });
    expect(run.result).toMatchObject({ ok: false, errors: 1 });
    expect(told(run)).toEqual([
      `error: Duplicate resource alias '${urnOf("a")}' applied to resource with URN '${urnOf("y")}' conflicting with resource with URN '${urnOf("x")}'`,
    ]);
  });
});
