import { describeEngine, openStack } from "../support/engine-driver";
import { openGate } from "../support/engine-driver-cloud";
import { entry, HEAD } from "./engine-scenario";

describeEngine("engine: failures", () => {
  it("records nothing of a plain failure in create, and tries again", async () => {
    const stack = await openStack(`${HEAD} new Thing("a");`);
    await stack.cloud.faults({ "create a": { error: "no more room" } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(failed.text).toContain("no more room");
    expect(() => entry(failed, "a")).toThrow(/found 0/);
    expect(failed.state?.pending_operations ?? []).toEqual([]);

    await stack.cloud.faults({});
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 1 } });
    expect(await stack.cloud.news()).toEqual(["create a", "create a"]);
  });

  it("keeps a half-made object, and repairs it by an update", async () => {
    const stack = await openStack(`${HEAD} const a = new Thing("a", { value: 1 }); new Thing("b", { value: a.id });`);
    await stack.cloud.faults({ "create a": { partial: "still cold" } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(failed.text).toContain("still cold");
    expect(entry(failed, "a")).toMatchObject({ id: "a-1", inputs: { value: 1 }, initErrors: ["still cold"] });

    await stack.cloud.faults({});
    const repaired = await stack.up();
    expect(repaired).toMatchObject({ ok: true, changes: { updated: 1, created: 1 } });
    expect(entry(repaired, "a").initErrors).toBeUndefined();
    expect(await stack.cloud.news()).toEqual(["create a", "update a", "create b"]);
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true });
  });

  it("keeps the old inputs after a partial update", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { value: 1 });`);
    await stack.up();
    await stack.program(`${HEAD} new Thing("a", { value: 2 });`);
    await stack.cloud.faults({ "update a": { partial: "only half" } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(entry(failed, "a")).toMatchObject({
      inputs: { value: 1 },
      outputs: { value: 2 },
      initErrors: ["only half"],
    });
    await stack.cloud.faults({});
    const repaired = await stack.up();
    expect(repaired).toMatchObject({ ok: true, changes: { updated: 1 } });
    expect(entry(repaired, "a")).toMatchObject({ inputs: { value: 2 }, outputs: { value: 2 } });
  });

  it("leaves the old entry after a plain failure in update and in delete", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { value: 1 });`);
    await stack.up();
    await stack.program(`${HEAD} new Thing("a", { value: 2 });`);
    await stack.cloud.faults({ "update a": { error: "busy" }, "delete a": { error: "in use" } });
    const updated = await stack.up();
    expect(updated.ok).toBe(false);
    expect(entry(updated, "a")).toMatchObject({ inputs: { value: 1 }, outputs: { value: 1 } });
    const destroyed = await stack.destroy();
    expect(destroyed.ok).toBe(false);
    expect(destroyed.text).toContain("in use");
    expect(entry(destroyed, "a")).toMatchObject({ id: "a-1" });
  });

  it("finishes and saves what runs when another step fails", async () => {
    const stack = await openStack(`${HEAD} new Thing("gone");`);
    await stack.up();
    await stack.cloud.news();
    await stack.program(`${HEAD} new Thing("slow"); new Thing("bad");`);
    const gate = await openGate();
    await stack.cloud.faults({
      "create slow": { hold: gate.port },
      "create bad": { hold: gate.port, error: "broken" },
    });
    const running = stack.startUp();
    await Promise.all([gate.arrival("create slow"), gate.arrival("create bad")]);
    gate.open("create bad");
    gate.open("create slow");
    const run = await running.ended;
    await gate.close();
    expect(run.ok).toBe(false);
    expect(entry(run, "slow")).toMatchObject({ id: "slow-1" });
    expect(entry(run, "gone")).toMatchObject({ id: "gone-1" });
    expect((await stack.cloud.news()).sort()).toEqual(["create bad", "create slow"]);
  });

  it("creates nothing that depends on what could not be created", async () => {
    // Independent resources have no order, so nothing can be said of those.
    const stack = await openStack(
      `${HEAD} const bad = new Thing("bad"); const next = new Thing("next", {}, { dependsOn: bad });
       new Thing("last", { value: next.serial });`,
    );
    await stack.cloud.faults({ "create bad": { error: "broken" } });
    expect(await stack.up()).toMatchObject({ ok: false });
    expect(await stack.cloud.news()).toEqual(["create bad"]);
  });

  it("leaves the old object when its replacement cannot be made", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { fixed: 1 });`);
    await stack.up();
    await stack.program(`${HEAD} new Thing("a", { fixed: 2 });`);
    await stack.cloud.faults({ "create a": { error: "no more room" } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(entry(failed, "a")).toMatchObject({ id: "a-1", inputs: { fixed: 1 } });
    await stack.cloud.faults({});
    expect(await stack.up()).toMatchObject({ ok: true, changes: { replaced: 1 } });
    expect(await stack.cloud.news()).toEqual(["create a", "create a", "create a", "delete a"]);
  });

  it("goes on with a delete-first replacement that was left half-way", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { fixedFirst: 1 });`);
    await stack.up();
    await stack.program(`${HEAD} new Thing("a", { fixedFirst: 2 });`);
    await stack.cloud.faults({ "create a": { error: "no more room" } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(entry(failed, "a")).toMatchObject({ pendingReplacement: true });
    await stack.cloud.faults({});
    const repaired = await stack.up();
    expect(repaired.ok).toBe(true);
    expect(entry(repaired, "a").pendingReplacement).toBeUndefined();
    expect(await stack.cloud.news()).toEqual(["create a", "delete a", "create a", "create a"]);
  });

  it("deletes later what could not be deleted after its replacement", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { fixed: 1 });`);
    await stack.up();
    await stack.program(`${HEAD} new Thing("a", { fixed: 2 });`);
    await stack.cloud.faults({ "delete a": { error: "in use" } });
    const failed = await stack.up();
    expect(failed.ok).toBe(false);
    expect(failed.state?.resources?.filter(({ delete: condemned }) => condemned)).toMatchObject([{ id: "a-1" }]);
    await stack.cloud.faults({});
    const repaired = await stack.up();
    expect(repaired.ok).toBe(true);
    expect(entry(repaired, "a")).toMatchObject({ id: "a-2" });
    expect(Object.keys(await stack.cloud.objects())).toEqual(["a-2"]);
  });

  it("stops at a failed check, in the preview too", async () => {
    const stack = await openStack(`${HEAD} new Thing("a", { value: "invalid" });`);
    const preview = await stack.previewText();
    expect(preview.ok).toBe(false);
    expect(preview.text).toMatch(/has a problem/);
    const run = await stack.up();
    expect(run.ok).toBe(false);
    expect(run.text).toContain("it is not allowed");
    expect(await stack.cloud.news()).toEqual([]);
  });

  it("refuses two resources of one name", async () => {
    const stack = await openStack(`${HEAD} new Thing("a"); new Thing("a");`);
    const run = await stack.up();
    expect(run.ok).toBe(false);
    expect(run.text).toMatch(/[Dd]uplicate resource URN/);
  });

  it("deletes nothing when the program does not come to its end", async () => {
    const stack = await openStack(`${HEAD} new Thing("gone"); exports.kept = 1;`, {}, { newProcesses: true });
    await stack.up();
    await stack.cloud.news();
    const onPurpose = /on purpose/;
    const endings: [string, RegExp][] = [
      [`throw new Error("on purpose");`, onPurpose],
      [`Promise.reject(new Error("on purpose"));`, onPurpose],
      [`pulumi.output(1).apply(() => { throw new Error("on purpose"); });`, onPurpose],
      ["process.exit(0);", /process/],
      ["process.exit(3);", /3/],
    ];
    for (const [ending, text] of endings) {
      await stack.program(`${HEAD} ${ending}`);
      const run = await stack.up();
      expect([ending, run.ok]).toEqual([ending, false]);
      expect(run.text).toMatch(text);
      expect(entry(run, "gone")).toMatchObject({ id: "gone-1" });
    }
    expect(await stack.cloud.news()).toEqual([]);
    expect(await stack.outputs()).toEqual({ kept: 1 });
  });
});
