import { describeEngine, openStack } from "../support/engine-driver";
import { entry, HEAD, UNKNOWN, urn } from "./engine-scenario";

describeEngine("engine: life of a resource", () => {
  it("creates, leaves alone, updates and deletes", async () => {
    const stack = await openStack(`${HEAD} const a = new Thing("a", { value: 1 }); exports.serial = a.serial;`);

    const created = await stack.up();
    expect(created).toMatchObject({ ok: true, changes: { created: 2 } });
    expect(await stack.cloud.news()).toEqual(["create a"]);
    expect(entry(created, "a")).toMatchObject({
      id: "a-1",
      inputs: { label: "a", value: 1 },
      outputs: { label: "a", value: 1, serial: 1 },
      parent: urn("pulumi:pulumi:Stack", "demo-dev"),
      provider: expect.stringMatching(/^urn:pulumi:dev::demo::pulumi:providers:pulumi-nodejs::default::[0-9a-f-]{36}$/),
    });
    expect(await stack.outputs()).toEqual({ serial: 1 });

    const unchanged = await stack.up({ expectNoChanges: true });
    expect(unchanged).toMatchObject({ ok: true, changes: { unchanged: 2 } });
    expect(await stack.cloud.news()).toEqual([]);

    await stack.program(`${HEAD} new Thing("a", { value: 2 }); new Thing("b");`);
    const updated = await stack.up();
    expect(updated).toMatchObject({ ok: true, changes: { created: 1, updated: 1, unchanged: 1 } });
    expect(entry(updated, "a")).toMatchObject({ id: "a-1", outputs: { value: 2, serial: 1 } });
    expect((await stack.cloud.news()).sort()).toEqual(["create b", "update a"]);
    expect(await stack.outputs()).toEqual({});

    await stack.program(`${HEAD} new Thing("b");`);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { deleted: 1, unchanged: 2 } });
    expect(await stack.cloud.news()).toEqual(["delete a"]);
    expect(Object.keys(await stack.cloud.objects())).toEqual(["b-1"]);
  });

  it("previews without doing", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { value: 1 }); new Thing("gone");`);
    const first = await stack.preview();
    expect(first).toMatchObject({ ok: true, changeSummary: { create: 3 } });
    expect(await stack.cloud.news()).toEqual([]);

    await stack.up();
    const before = await stack.exportStack();
    await stack.cloud.news();
    await stack.program(`${HEAD} new Thing("a", { value: 2, fixed: "x" });`);
    const second = await stack.preview();
    expect(second.changeSummary).toMatchObject({ replace: 1, delete: 1, same: 1 });
    expect(await stack.cloud.news()).toEqual([]);
    expect(await stack.exportStack()).toEqual(before);
    expect(await stack.preview({ expectNoChanges: true })).toMatchObject({ ok: false });
  });

  it("fails an up that was to change nothing, and changed something", async () => {
    const stack = await openStack(`${HEAD} new Thing("a");`);
    const run = await stack.up({ expectNoChanges: true });
    expect(run.ok).toBe(false);
    expect(run.text).toMatch(/no changes were expected\b.* but changes were proposed/);
  });

  it("replaces create-first by default", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { fixed: 1 });`);
    await stack.up();
    await stack.cloud.news();
    await stack.program(`${HEAD} new Thing("a", { fixed: 2 });`);
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { replaced: 1, unchanged: 1 } });
    expect(await stack.cloud.news()).toEqual(["create a", "delete a"]);
    expect(entry(run, "a")).toMatchObject({ id: "a-2" });
    expect(run.state?.resources?.filter(({ type }) => type.endsWith(":Thing"))).toHaveLength(1);
  });

  it.each([
    ["the provider says so", `{ fixedFirst: 1 }`, `{ fixedFirst: 2 }, {}`, ["delete a", "create a"]],
    ["the option says so", `{ fixed: 1 }`, `{ fixed: 2 }, { deleteBeforeReplace: true }`, ["delete a", "create a"]],
    [
      "the provider says so, unless the option forbids it",
      `{ fixedFirst: 1 }`,
      `{ fixedFirst: 2 }, { deleteBeforeReplace: false }`,
      ["create a", "delete a"],
    ],
  ])("asks who decides on delete-first: %s", async (_when, before, after, calls) => {
    const stack = await openStack(`${HEAD} new Thing("a", ${before});`);
    await stack.up();
    await stack.cloud.news();
    await stack.program(`${HEAD} new Thing("a", ${after});`);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 1 } });
    expect(await stack.cloud.news()).toEqual(calls);
  });

  it("replaces what cannot live without a resource that goes first", async () => {
    const program = (fixedFirst: number) => `${HEAD}
      const a = new Thing("a", { fixedFirst: ${fixedFirst} });
      const b = new Thing("b", { fixed: a.id });
      new Thing("c", { value: a.id });
      new Thing("d", {}, { dependsOn: b });`;
    const stack = await openStack(program(1));
    await stack.up();
    await stack.cloud.news();
    await stack.program(program(2));
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 2, updated: 1, unchanged: 2 } });
    const calls = await stack.cloud.news();
    expect(calls.slice(0, 3)).toEqual(["delete b", "delete a", "create a"]);
    expect(calls.slice(3).sort()).toEqual(["create b", "update c"]);
  });

  it("deletes dependents first, and everything on destroy", async () => {
    const stack = await openStack(`${HEAD}
      const group = new Group("group");
      const a = new Thing("a");
      const b = new Thing("b", { value: a.serial });
      new Thing("c", {}, { dependsOn: b, parent: group });`);
    await stack.up();
    expect(await stack.cloud.news()).toEqual(["create a", "create b", "create c"]);
    const run = await stack.destroy();
    expect(run).toMatchObject({ ok: true, changes: { deleted: 5 } });
    expect(await stack.cloud.news()).toEqual(["delete c", "delete b", "delete a"]);
    expect(run.state?.resources ?? []).toEqual([]);
  });

  it("passes outputs on, unknown in a preview", async () => {
    const stack = await openStack(`${HEAD}
      const a = new Thing("a", { value: 1 });
      const b = new Thing("b", { value: a.serial, parts: [a.id, { whole: a }] }, { dependsOn: a });
      exports.text = pulumi.interpolate\`serial \${b.serial}\`;`);
    const preview = await stack.preview();
    const step = preview.steps.find((candidate) => candidate.urn.endsWith("::b"));
    expect(step?.newState?.inputs).toMatchObject({ value: UNKNOWN, label: "b" });

    const run = await stack.up();
    expect(entry(run, "b")).toMatchObject({
      inputs: { value: 1, parts: ["a-1", { whole: "a-1" }] },
      dependencies: [urn("pulumi-nodejs:dynamic/test:Thing", "a")],
    });
    expect(await stack.outputs()).toEqual({ text: "serial 1" });
  });

  it("builds trees of components", async () => {
    const stack = await openStack(`${HEAD}
      const outer = new Group("outer");
      const inner = new Group("inner", { parent: outer });
      const a = new Thing("a", {}, { parent: inner });
      inner.registerOutputs({ serial: a.serial });`);
    const run = await stack.up();
    const inner = `urn:pulumi:dev::demo::test:index:Group$test:index:Group::inner`;
    expect(entry(run, "inner")).toMatchObject({ urn: inner, custom: false, outputs: { serial: 1 } });
    expect(entry(run, "a")).toMatchObject({
      urn: `urn:pulumi:dev::demo::test:index:Group$test:index:Group$pulumi-nodejs:dynamic/test:Thing::a`,
      parent: inner,
    });
  });
});
