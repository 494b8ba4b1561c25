import type { ProviderHost } from "../../../engine/model";
import { PROVIDER_TYPE } from "../../../engine/urn";
import { DEFAULT_PROVIDER, ops, secret, stable, type TestProgram, TestStack, told } from "./test-stack";

const config = { values: { "processmind:url": "x", "processmind:key": "k" }, secretKeys: ["processmind:key"] };

test("the default provider holds the whole configuration, secret bits included, and is never shown or counted", async () => {
  const stack = new TestStack();
  stack.config = config;
  const run = await stack.up(async (program) => void (await program.thing("a")));
  expect(stable(stack.entry("default"))).toEqual({
    urn: DEFAULT_PROVIDER,
    custom: true,
    type: PROVIDER_TYPE,
    id: "uuid",
    inputs: { "processmind:url": "x", "processmind:key": secret("k") },
    outputs: { "processmind:url": "x", "processmind:key": secret("k") },
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
  });
  expect(stack.service.configurations).toEqual([{ "processmind:url": "x", "processmind:key": "k" }]);
  expect(ops(run)).toEqual(["create shop-dev", "create a"]);
  expect(run.result.changes).toEqual({ create: 2 });
  expect(stack.service.closed).toBe(1);
});

test("a program without custom resources has no provider entry and starts no process", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => void (await program.component("c")));
  expect(stack.entry("default")).toBeUndefined();
  expect(stack.service.configurations).toEqual([]);
});

describe("the first process", () => {
  /** Processes that were begun, and how each ended: configured, or given up. */
  function countingHost(stack: TestStack) {
    const ends: string[] = [];
    let begun = 0;
    const providerHost: ProviderHost = {
      async start({ config }, log) {
        begun += 1;
        const provider = stack.service.start(await Promise.resolve(config).finally(() => ends.push("settled")), log);
        ends.push("configured");
        return provider;
      },
    };
    return { providerHost, begun: () => begun, ends };
  }

  test("is begun before the program registers anything, and serves its resources", async () => {
    const stack = new TestStack();
    const host = countingHost(stack);
    const begun: number[] = [];
    const script = async (program: TestProgram) => {
      begun.push(host.begun());
      await program.thing("a");
    };
    await stack.up(script, { providerHost: host.providerHost });
    expect(begun).toEqual([1]);
    expect(host.begun()).toBe(1);
    expect(host.ends).toEqual(["settled", "configured"]);
    expect(stack.service.closed).toBe(1);
  });

  test("is given up at the end when nothing needed it", async () => {
    const stack = new TestStack();
    const host = countingHost(stack);
    const { result } = await stack.up(async (program) => void (await program.component("c")), {
      providerHost: host.providerHost,
    });
    expect(result.ok).toBe(true);
    expect([host.begun(), host.ends]).toEqual([1, ["settled"]]);
  });

  test("that cannot start fails the run of a resource, not of a program that needs none", async () => {
    const providerHost: ProviderHost = {
      start: async () => {
        throw new Error("no such process");
      },
    };
    const stack = new TestStack();
    const without = await stack.up(async (program) => void (await program.component("c")), { providerHost });
    expect(without.result.ok).toBe(true);
    const needing = await stack.up(async (program) => void (await program.thing("a")), { providerHost });
    expect(needing.result.ok).toBe(false);
    expect(told(needing).join("\n")).toContain("no such process");
  });
});

test("a changed configuration updates the default provider: same id, no resource touched", async () => {
  const stack = new TestStack();
  const script = async (program: TestProgram) => void (await program.thing("a"));
  await stack.up(script);
  const id = stack.entry("default")?.id;
  stack.config = config;
  const run = await stack.up(script);
  expect(stack.entry("default")).toMatchObject({ id, inputs: { "processmind:url": "x" } });
  expect(run.result.changes).toEqual({ same: 2 });
  expect(stack.service.configurations.at(-1)).toEqual({ "processmind:url": "x", "processmind:key": "k" });
});

describe("explicit providers", () => {
  const withProvider = (inputs: { [key: string]: string }) => async (program: TestProgram) => {
    const own = await program.register(PROVIDER_TYPE, "own", true, inputs);
    await program.thing("a", {}, { provider: `${own.urn}::${own.id}` });
  };

  test("have their own arguments, their own process, and are shown and counted", async () => {
    const stack = new TestStack();
    stack.config = config;
    const run = await stack.up(withProvider({ region: "eu" }));
    expect(run.result.changes).toEqual({ create: 3 });
    expect(stack.entry("own")).toMatchObject({ inputs: { region: "eu" }, outputs: { region: "eu" } });
    expect(stack.entry("a")?.provider).toBe(`${stack.entry("own")?.urn}::${stack.entry("own")?.id}`);
    expect(stack.service.configurations).toEqual([{ region: "eu" }]);
    expect(stack.entry("default")).toBeUndefined();
  });

  test("are updated with changed arguments", async () => {
    const stack = new TestStack();
    await stack.up(withProvider({ region: "eu" }));
    const id = stack.entry("own")?.id;
    const run = await stack.up(withProvider({ region: "us" }));
    expect(run.result.changes).toEqual({ same: 2, update: 1 });
    expect(stack.entry("own")).toMatchObject({ id, outputs: { region: "us" } });
  });

  test("moving from the default provider to one and back only changes the reference", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => void (await program.thing("a")));
    const there = await stack.up(withProvider({}));
    expect(there.result.changes).toEqual({ same: 2, create: 1 });
    expect(stack.entry("a")?.provider).toContain("::own::");
    expect(stack.entry("default")).toBeUndefined();
    const back = await stack.up(async (program) => void (await program.thing("a")));
    expect(back.result.changes).toEqual({ same: 2, delete: 1 });
    expect(stack.service.summary()).toEqual(["create a"]);
  });

  test("are inherited by custom children, not by components", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      const own = await program.register(PROVIDER_TYPE, "own", true, {});
      const a = await program.thing("a", {}, { provider: `${own.urn}::${own.id}` });
      await program.thing("child", {}, { parent: a.urn });
      await program.component("group", {}, { parent: a.urn });
    });
    expect(stack.entry("child")?.provider).toBe(stack.entry("a")?.provider);
    expect(stack.entry("group")).not.toHaveProperty("provider");
  });

  test("with a configuration not known yet are not asked in a preview", async () => {
    const stack = new TestStack();
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const run = await stack.preview(async (program) => {
      const own = await program.register(PROVIDER_TYPE, "own", true, { key: unknown });
      expect(own.id).toBe("");
      await program.thing("a", { size: 1 }, { provider: `${own.urn}::${unknown}` });
    });
    expect(run.result).toMatchObject({ ok: true, changes: { create: 3 } });
    expect(stack.service.configurations).toEqual([]);
  });
});

test("destroy configures providers from the state", async () => {
  const stack = new TestStack();
  stack.config = config;
  await stack.up(async (program) => void (await program.thing("a")));
  stack.config = { values: { "processmind:url": "changed" }, secretKeys: [] };
  await stack.destroy();
  expect(stack.service.configurations.at(-1)).toEqual({ "processmind:url": "x", "processmind:key": "k" });
});

test("a provider that cannot be started fails the run with its reason", async () => {
  const stack = new TestStack();
  const run = await stack.up(async (program) => void (await program.thing("a")), {
    providerHost: { start: async () => Promise.reject(new Error("no @pulumi/pulumi in /program")) },
  });
  expect(run.result).toMatchObject({ ok: false, errors: 1 });
  expect(run.events).toContainEqual(
    expect.objectContaining({
      diagnostic: expect.objectContaining({ severity: "error", message: "no @pulumi/pulumi in /program" }),
    }),
  );
});
