import { describeEngine, openStack } from "../support/engine-driver";
import { entry, HEAD, urn } from "./engine-scenario";

const THING = "pulumi-nodejs:dynamic/test:Thing";

describeEngine("engine: resource options", () => {
  it("deletedWith: leaves the deletion to that of the other", async () => {
    const stack = await openStack(`${HEAD}
      const a = new Thing("a");
      const b = new Thing("b", {}, { deletedWith: a });
      new Thing("c", { value: b.id }, { deletedWith: b });`);
    const created = await stack.up();
    expect(entry(created, "b")).toMatchObject({ deletedWith: urn(THING, "a") });
    await stack.cloud.news();
    expect(await stack.destroy()).toMatchObject({ ok: true });
    expect(await stack.cloud.news()).toEqual(["delete a"]);
  });

  it("protect: refuses to delete and to replace", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { fixed: 1 }, { protect: true }); new Thing("b");`);
    await stack.up();
    await stack.cloud.news();

    await stack.program(`${HEAD} new Thing("a", { fixed: 2 }, { protect: true }); new Thing("b");`);
    const replaced = await stack.up();
    expect(replaced.ok).toBe(false);
    expect(replaced.text).toMatch(/unable to replace resource ".*::a"/);

    await stack.program(`${HEAD} new Thing("b");`);
    const deleted = await stack.up();
    expect(deleted.ok).toBe(false);
    expect(deleted.text).toMatch(/resource ".*::a" cannot be deleted/);
    expect(await stack.cloud.news()).toEqual([]);
    expect(entry(deleted, "a")).toMatchObject({ id: "a-1", protect: true });

    const destroyed = await stack.destroy();
    expect(destroyed.ok).toBe(false);
    expect(entry(destroyed, "a")).toMatchObject({ id: "a-1" });
  });

  it("retainOnDelete: forgets without deleting", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { fixed: 1 }, { retainOnDelete: true });`);
    await stack.up();
    await stack.program(`${HEAD} new Thing("a", { fixed: 2 }, { retainOnDelete: true });`);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 1 } });
    const destroyed = await stack.destroy();
    expect(await stack.cloud.news()).toEqual(["create a", "create a"]);
    expect(destroyed.state?.resources ?? []).toEqual([]);
    expect(Object.keys(await stack.cloud.objects())).toEqual(["a-1", "a-2"]);
  });

  it.each(["Thing", "Plain"])("ignoreChanges: keeps the old input (%s)", async (kind) => {
    const stack = await openStack(`${HEAD} new ${kind}("a", { value: 1, parts: { x: 1, y: 1 } });`);
    await stack.up();
    await stack.cloud.news();
    await stack.program(`${HEAD}
      new ${kind}("a", { value: 2, parts: { x: 2, y: 2 } }, { ignoreChanges: ["value", "parts.x"] });`);
    const run = await stack.up();
    expect(await stack.cloud.news()).toEqual(["update a"]);
    expect(entry(run, "a").inputs).toMatchObject({ value: 1, parts: { x: 1, y: 2 } });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true });
  });

  it("replaceOnChanges: replaces when the engine compares", async () => {
    const stack = await openStack(`${HEAD} new Plain("a", { value: 1 });`);
    await stack.up();
    await stack.cloud.news();
    await stack.program(`${HEAD} new Plain("a", { value: 2 }, { replaceOnChanges: ["value"] });`);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 1 } });
    expect(await stack.cloud.news()).toEqual(["create a", "delete a"]);
  });

  it("aliases: renames and moves without replacing", async () => {
    const stack = await openStack(`${HEAD} const a = new Thing("a"); new Thing("b", { value: a.id });`);
    await stack.up();
    await stack.cloud.news();
    await stack.program(`${HEAD}
      const group = new Group("group");
      const a = new Thing("renamed", { label: "a" }, { aliases: [{ name: "a" }] });
      new Thing("b", { value: a.id }, { parent: group, aliases: [{ parent: pulumi.rootStackResource }] });`);
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { created: 1, unchanged: 3 } });
    expect(await stack.cloud.news()).toEqual([]);
    expect(entry(run, "renamed")).toMatchObject({ id: "a-1", urn: urn(THING, "renamed") });
    expect(entry(run, "b")).toMatchObject({
      urn: urn(`test:index:Group$${THING}`, "b"),
      dependencies: [urn(THING, "renamed")],
    });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true });
  });

  it("aliases of a parent hold for its children", async () => {
    const program = (name: string, options: string) => `${HEAD}
      const group = new Group("${name}", ${options});
      new Thing("${name}-a", { label: "a" }, { parent: group });`;
    const stack = await openStack(program("old", "{}"));
    await stack.up();
    await stack.cloud.news();
    await stack.program(program("new", `{ aliases: [{ name: "old" }] }`));
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { unchanged: 3 } });
    expect(await stack.cloud.news()).toEqual([]);
    expect(entry(run, "new-a")).toMatchObject({ id: "a-1", parent: urn("test:index:Group", "new") });
  });

  it("protect and retainOnDelete are inherited from the parent", async () => {
    const stack = await openStack(`${HEAD}
      const group = new Group("group", { protect: true, retainOnDelete: true });
      new Thing("a", {}, { parent: group });
      new Thing("b", {}, { parent: group, protect: false });`);
    const run = await stack.up();
    expect(entry(run, "a")).toMatchObject({ protect: true, retainOnDelete: true });
    expect(entry(run, "b").protect).not.toBe(true);
  });

  it("provider: takes its configuration from an explicit one", async () => {
    const stack = await openStack(`${HEAD}
      class Account extends pulumi.ProviderResource {
        constructor(name, args) { super("pulumi-nodejs", name, args); }
      }
      const north = new Account("north", { "demo:region": "north" });
      new Thing("a", {}, { provider: north });
      new Thing("b");`);
    await stack.setConfig("region", "south");
    const run = await stack.up();
    expect(run.ok).toBe(true);
    expect(entry(run, "a").outputs).toMatchObject({ region: "north" });
    expect(entry(run, "b").outputs).toMatchObject({ region: "south" });
    expect(entry(run, "a").provider).toBe(`${entry(run, "north").urn}::${entry(run, "north").id}`);
    await stack.cloud.news();
    expect(await stack.destroy()).toMatchObject({ ok: true });
    expect((await stack.cloud.news()).sort()).toEqual(["delete a", "delete b"]);
  });

  it("import: is refused for dynamic resources", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", {}, { import: "a-1" });`);
    const run = await stack.up();
    expect(run.ok).toBe(false);
    expect(await stack.cloud.news()).toEqual([]);
  });
});
