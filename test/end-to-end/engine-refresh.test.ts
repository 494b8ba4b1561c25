import { describeEngine, openStack } from "../support/engine-driver";
import { entry, HEAD } from "./engine-scenario";

describeEngine("engine: refresh and reading", () => {
  it("takes over what changed outside, and up puts it back", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { value: 1 });`);
    await stack.up();
    await stack.cloud.put("a-1", { label: "a", value: 7, serial: 1 });

    const refreshed = await stack.refresh();
    expect(refreshed).toMatchObject({ ok: true, changes: { updated: 1 } });
    expect(entry(refreshed, "a")).toMatchObject({ id: "a-1", outputs: { value: 7 }, inputs: { value: 7 } });
    expect(await stack.refresh({ expectNoChanges: true })).toMatchObject({ ok: true });

    await stack.cloud.news();
    const restored = await stack.up();
    expect(restored).toMatchObject({ ok: true, changes: { updated: 1 } });
    expect(await stack.cloud.news()).toEqual(["update a"]);
    expect(await stack.cloud.objects()).toMatchObject({ "a-1": { value: 1 } });
  });

  it("forgets what vanished, and makes it again with --refresh", async () => {
    const program = `${HEAD} const a = new Thing("a"); new Thing("b", { value: a.id });`;
    const stack = await openStack(program);
    await stack.up();
    await stack.cloud.news();
    await stack.cloud.put("a-1", undefined);

    const preview = await stack.preview({ refresh: true });
    expect(preview.changeSummary).toMatchObject({ create: 1 });
    const run = await stack.up({ refresh: true });
    expect(run.ok).toBe(true);
    expect(entry(run, "a")).toMatchObject({ id: "a-2" });
    expect(await stack.cloud.news()).toEqual(["create a", "update b"]);
  });

  it("drops a vanished object, and what pointed to it, from the state", async () => {
    const stack = await openStack(`${HEAD} const a = new Thing("a"); new Thing("b", { value: a.id });`);
    await stack.up();
    await stack.cloud.put("a-1", undefined);
    const run = await stack.refresh();
    expect(run).toMatchObject({ ok: true, changes: { deleted: 1 } });
    expect(() => entry(run, "a")).toThrow(/found 0/);
    expect(entry(run, "b").dependencies ?? []).toEqual([]);
  });

  it("keeps the others when one cannot be read, and does not start the program", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { value: 1 }); new Thing("b", { value: 1 });`);
    await stack.up();
    await stack.cloud.news();
    await stack.cloud.put("b-1", { label: "b", value: 7, serial: 1 });
    await stack.cloud.faults({ "read a": { error: "not reachable" } });
    await stack.program(`${HEAD} new Thing("a", { value: 2 }); new Thing("b", { value: 2 });`);
    const run = await stack.up({ refresh: true });
    expect(run.ok).toBe(false);
    expect(run.text).toContain("not reachable");
    expect(entry(run, "a")).toMatchObject({ id: "a-1", outputs: { value: 1 } });
    expect(await stack.cloud.news()).toEqual([]);
  });

  it("reads what others own, and never changes or deletes it", async () => {
    const stack = await openStack(`${HEAD} new Thing("own");`);
    await stack.up();
    await stack.cloud.put("theirs-9", { label: "theirs", value: 9, serial: 9 });
    await stack.cloud.news();

    await stack.program(`${HEAD}
      new Thing("own");
      const theirs = new Thing("theirs", {}, { id: "theirs-9" });
      exports.serial = theirs.serial;`);
    const run = await stack.up();
    expect(run.ok).toBe(true);
    expect(entry(run, "theirs")).toMatchObject({ id: "theirs-9", external: true, outputs: { value: 9 } });
    expect(await stack.outputs()).toEqual({ serial: 9 });

    expect(await stack.destroy()).toMatchObject({ ok: true });
    expect(await stack.cloud.news()).toEqual(["delete own"]);
    expect(await stack.cloud.objects()).toHaveProperty("theirs-9");
  });

  it("fails when what is to be read is not there", async () => {
    const stack = await openStack(`${HEAD} new Thing("theirs", {}, { id: "theirs-9" });`);
    const run = await stack.up();
    expect(run.ok).toBe(false);
    expect(run.text).toContain("there is no object theirs-9");
  });
});
