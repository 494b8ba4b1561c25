import fs from "node:fs/promises";
import { describeEngine, openStack } from "../support/engine-driver";
import { openGate } from "../support/engine-driver-cloud";
import { entry, HEAD } from "./engine-scenario";

describeEngine("engine: state under hardship", () => {
  it("tells the next run what a killed one left half-done", async () => {
    const stack = await openStack(`${HEAD} const a = new Thing("a"); new Thing("b", { value: a.id });`);
    const gate = await openGate();
    await stack.cloud.faults({ "create b": { hold: gate.port } });
    const running = stack.startUp();
    await gate.arrival("create b");
    running.kill("SIGKILL");
    const killed = await running.ended;
    await gate.close();
    expect(entry(killed, "a")).toMatchObject({ id: "a-1" });
    expect(killed.state?.pending_operations).toMatchObject([
      { type: "creating", resource: { urn: expect.stringMatching(/::b$/) } },
    ]);

    await stack.cloud.faults({});
    await stack.unlock();
    const next = await stack.up();
    expect(next.text).toMatch(/\b1 pending operations? from /);
    expect(next.text).toContain("interrupted while creating");
    expect(next).toMatchObject({ ok: true, changes: { created: 1, unchanged: 2 } });
    expect(entry(next, "b")).toMatchObject({ id: "b-1" });
  });

  it("lets one run at a time work on a stack", async () => {
    const stack = await openStack(`${HEAD} new Thing("a");`);
    const gate = await openGate();
    await stack.cloud.faults({ "create a": { hold: gate.port } });
    const first = stack.startUp();
    await gate.arrival("create a");
    const second = await stack.up();
    expect(second.ok).toBe(false);
    expect(second.text).toMatch(/locked by .*\b(process|pid) \d+/s);
    gate.open("create a");
    expect(await first.ended).toMatchObject({ ok: true, changes: { created: 2 } });
    await gate.close();
    expect(await stack.cloud.news()).toEqual(["create a"]);
  });

  it("refuses a state that was cut, and leaves it as it is", async () => {
    const stack = await openStack(`${HEAD} new Thing("a");`);
    await stack.up();
    await stack.cloud.news();
    const whole = await fs.readFile(stack.stateFile, "utf8");
    const cut = whole.slice(0, whole.length / 2);
    await fs.writeFile(stack.stateFile, cut);
    expect(await stack.up()).toMatchObject({ ok: false });
    expect(await stack.destroy()).toMatchObject({ ok: false });
    expect(await fs.readFile(stack.stateFile, "utf8")).toBe(cut);
    expect(await stack.cloud.news()).toEqual([]);
  });

  it("saves running steps when it is interrupted once", async () => {
    const stack = await openStack(`${HEAD} const a = new Thing("a"); new Thing("b", { value: a.id });`);
    const gate = await openGate();
    await stack.cloud.faults({ "create a": { hold: gate.port } });
    const running = stack.startUp();
    await gate.arrival("create a");
    running.kill("SIGINT");
    await running.says(/Ctrl-C|interrupt|cancel/i);
    gate.open("create a");
    const run = await running.ended;
    await gate.close();
    expect(run.ok).toBe(false);
    expect(entry(run, "a")).toMatchObject({ id: "a-1" });
    expect(run.state?.pending_operations ?? []).toEqual([]);
    expect(await stack.cloud.news()).toEqual(["create a"]);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 1, unchanged: 2 } });
  });
});

describeEngine("engine: kinds of programs", () => {
  it("runs an ES module", async () => {
    const files = {
      "package.json": JSON.stringify({ name: "demo", type: "module" }),
      "index.js": `
        import * as pulumi from "@pulumi/pulumi";
        const provider = 'exports.handler = () => ({ async create(inputs) { return { id: "1", outs: inputs }; } });';
        const a = new pulumi.CustomResource("pulumi-nodejs:dynamic:Resource", "a", { value: 1, __provider: provider });
        export const id = await a.id.promise();
        export const list = [pulumi.output(a.urn)];`,
    };
    const stack = await openStack("", files, { newProcesses: true });
    const run = await stack.up();
    expect(run).toMatchObject({ ok: true, changes: { created: 2 } });
    expect(await stack.outputs()).toEqual({ id: "1", list: [entry(run, "a").urn] });
  });

  it("runs TypeScript, with closures as providers, and reports type errors", async () => {
    const program = (value: string) => `
      import * as pulumi from "@pulumi/pulumi";
      const factor: number = 2;
      const provider: pulumi.dynamic.ResourceProvider = {
        async create(inputs) { return { id: "1", outs: { ...inputs, double: inputs.value * factor } }; },
      };
      class Doubled extends pulumi.dynamic.Resource {
        declare readonly double: pulumi.Output<number>;
        constructor(name: string, value: pulumi.Input<number>) { super(provider, name, { value, double: undefined }); }
      }
      export const double = new Doubled("a", ${value}).double;`;
    const files = { "index.ts": program("21"), "tsconfig.json": `{"compilerOptions":{"strict":true}}` };
    const stack = await openStack("", files, { newProcesses: true });
    await fs.rm(`${stack.folder.directory}/index.js`);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 2 } });
    expect(await stack.outputs()).toEqual({ double: 42 });

    await stack.folder.write({ "index.ts": program(`"text"`) });
    const run = await stack.up();
    expect(run.ok).toBe(false);
    expect(run.text).toContain("TS2345");
    expect(entry(run, "a")).toMatchObject({ id: "1" });
  });
});
