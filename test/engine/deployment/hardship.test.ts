import type { EngineEvent, Snapshot } from "../../../engine/model";
import { type Deployed, ops, type Script, STACK_URN, type TestProgram, TestStack, told, urnOf } from "./test-stack";

const one: Script = async (program) => void (await program.thing("a"));
const names = ({ resources }: Snapshot) => resources.map(({ urn }) => urn.split("::").at(-1));

/** A deferred answer: the provider waits until the test lets it go. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

describe("an object that was made is never forgotten", () => {
  test("when showing it fails", async () => {
    const stack = new TestStack();
    const run = await stack.up(one, {
      emit: (event) => {
        if (event.kind === "done" && event.step.urn === urnOf("a")) throw new Error("cannot show");
      },
    });
    expect(run.result.ok).toBe(false);
    expect(stack.entry("a")).toMatchObject({ id: "a-1" });
    expect(run.snapshot.pendingOperations).toEqual([]);
  });

  test("when the save after it fails, and a later one does not", async () => {
    const stack = new TestStack();
    const saves: Snapshot[] = [];
    let failed = false;
    const run = await stack.up(one, {
      save: async (snapshot) => {
        if (!failed && names(snapshot).includes("a")) {
          failed = true;
          throw new Error("disk full");
        }
        saves.push(structuredClone(snapshot));
      },
    });
    expect([run.result.ok, failed]).toEqual([false, true]);
    expect(told(run)).toEqual([
      "error: the state was not saved: disk full. Nothing new was started after that.\nDone in this run: 2 created.\n" +
        "The state lacks none of that.\n  - free space, or make the file writable, then run the same command again",
      "error: update failed",
    ]);
    expect(names(saves.at(-1) as Snapshot)).toContain("a");
    expect(saves.at(-1)?.pendingOperations).toEqual([]);
  });

  test("and nothing is made when that could not be noted before", async () => {
    const stack = new TestStack();
    const run = await stack.up(one, {
      save: async ({ pendingOperations }) => {
        if (pendingOperations.some(({ resource }) => resource.urn === urnOf("a"))) throw new Error("disk full");
      },
    });
    expect(run.result.ok).toBe(false);
    expect(stack.service.summary()).toEqual([]);
  });
});

describe("an interruption", () => {
  const two: Script = async (program) => {
    const a = await program.thing("a");
    await program.thing("b", { of: a.id });
  };

  test("lets the running create finish, saves it, starts and deletes nothing more", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      await program.thing("old");
      await program.outputs({ kept: 1 });
    });
    const abort = new AbortController();
    const { open, passed } = gate();
    stack.service.behaviour.create = async ({ news }) => {
      abort.abort();
      open();
      return { id: "a-1", outputs: news ?? {} };
    };
    const running = stack.up(two, { abort: abort.signal });
    await passed;
    const run = await running;
    expect(stack.service.summary()).toEqual(["create old", "create a"]);
    expect(stack.entry("a")).toMatchObject({ id: "a-1" });
    expect(stack.entry("old")).toMatchObject({ id: "old-1" });
    expect(run.snapshot.pendingOperations).toEqual([]);
    expect(run.result).toMatchObject({ ok: false, outputs: { kept: 1 } });
    expect(told(run)).toEqual(["error: update canceled"]);
    expect(stack.service.canceled).toBe(1);
  });

  test("reports what it cuts short when it comes a second time", async () => {
    const stack = new TestStack();
    const abort = new AbortController();
    const terminate = new AbortController();
    const { open, passed } = gate();
    stack.service.behaviour.create = async () => {
      abort.abort();
      open();
      return new Promise(() => undefined);
    };
    const events: EngineEvent[] = [];
    const saves: Snapshot[] = [];
    void stack.up(two, {
      abort: abort.signal,
      terminate: terminate.signal,
      emit: (event) => void events.push(event),
      save: async (snapshot) => void saves.push(structuredClone(snapshot)),
    });
    await passed;
    terminate.abort();
    const [, last] = [events.pop(), events.pop()];
    expect(last).toMatchObject({
      kind: "diagnostic",
      diagnostic: {
        severity: "error",
        message:
          `update ended immediately, in the middle of 1 operation.\n  * ${urnOf("a")}, interrupted while creating\n` +
          "The state lists them as pending. The next preview and the next `up` report them.",
      },
    });
    const pending = saves.at(-1)?.pendingOperations.map(({ type, resource }) => [type, resource.urn]);
    expect(pending).toEqual([["creating", urnOf("a")]]);
  });

  test("before the first step changes nothing", async () => {
    const stack = new TestStack();
    const run = await stack.up(two, { abort: AbortSignal.abort() });
    expect([run.result.ok, run.saves, stack.service.calls]).toEqual([false, [], []]);
  });

  test("of a destroy keeps what was not deleted yet", async () => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      const a = await program.thing("a");
      await program.thing("b", {}, { dependencies: [a.urn] });
    });
    const abort = new AbortController();
    stack.service.behaviour.delete = () => abort.abort();
    const run = await stack.destroy({ abort: abort.signal });
    expect([run.result.ok, ops(run)]).toEqual([false, ["delete b"]]);
    expect([stack.entry("a")?.id, stack.entry("b")]).toEqual(["a-1", undefined]);
    stack.service.behaviour = {};
    expect((await stack.destroy()).snapshot.resources).toEqual([]);
  });

  test("of a refresh keeps what was not read", async () => {
    const stack = new TestStack();
    stack.parallel = 1;
    await stack.up(two);
    const abort = new AbortController();
    stack.service.objects.clear();
    stack.service.behaviour.read = () => {
      abort.abort();
      return { id: "", outputs: {} };
    };
    const run = await stack.refresh({ abort: abort.signal });
    expect([run.result.ok, stack.service.summary().slice(2)]).toEqual([false, ["read a-1"]]);
    expect([stack.entry("a"), stack.entry("b")?.id]).toEqual([undefined, "b-1"]);
  });
});

describe("a program that does not come to its end", () => {
  test.each<[string, Script]>([
    [
      "throws",
      async (program) => {
        await program.thing("b");
        throw new Error("no");
      },
    ],
    [
      "throws at once",
      async () => {
        throw new Error("no");
      },
    ],
  ])("%s: nothing is deleted, old outputs stay under the new ones", async (_name, script) => {
    const stack = new TestStack();
    await stack.up(async (program) => {
      await program.thing("a");
      await program.outputs({ x: 1, y: 1 });
    });
    const run = await stack.up(async (program) => {
      await program.outputs({ y: 2 });
      await script(program);
    });
    expect(run.result).toMatchObject({ ok: false, outputs: { x: 1, y: 2 } });
    expect(stack.entry("a")).toMatchObject({ id: "a-1" });
    expect(stack.service.summary()).not.toContain("delete a-1");
  });

  test("is waited for where something is being decided, so that nothing is told after the end", async () => {
    const stack = new TestStack();
    const closedWhenChecked: number[] = [];
    const { open, passed } = gate();
    stack.service.behaviour.create = async () => {
      await passed;
      throw new Error("refused");
    };
    stack.service.behaviour.check = async ({ name, news }) => {
      if (name === "b") {
        open();
        await new Promise((resolve) => setTimeout(resolve, 20));
        closedWhenChecked.push(stack.service.closed);
      }
      return { inputs: news ?? {}, failures: [] };
    };
    const run = await stack.up(async (program) => void (await Promise.all([program.thing("a"), program.thing("b")])));
    expect([closedWhenChecked, run.events.at(-1)?.kind]).toEqual([[0], "end"]);
    expect(stack.service.summary()).toEqual(["create a"]);
  });
});

describe("pending operations of an earlier run", () => {
  const operation = (type: "creating" | "updating" | "deleting" | "reading") => ({
    type,
    resource: { urn: urnOf(type), custom: true, type: "pulumi-nodejs:dynamic:Thing", inputs: {} },
  });
  const warningsOf = (run: Deployed) => told(run).filter((message) => message.includes("pending operation"));

  test.each(["up", "refresh", "destroy"] as const)("%s keeps the half-made ones alone", async (verb) => {
    const stack = new TestStack();
    await stack.up(one);
    const all = [operation("creating"), operation("updating"), operation("deleting"), operation("reading")];
    stack.snapshot = { ...stack.snapshot, pendingOperations: all };
    const run =
      verb === "up" ? await stack.up(async (program) => void (await program.thing("b"))) : await stack[verb]();
    expect(run.result.ok).toBe(true);
    expect(run.snapshot.pendingOperations).toEqual([operation("creating")]);
    const warnings = warningsOf(run);
    expect(warnings).toHaveLength(verb === "refresh" ? 0 : 1);
    for (const { type } of verb === "refresh" ? [] : all) {
      expect(warnings[0]).toContain(`  * ${urnOf(type)}, interrupted while ${type}\n`);
    }
  });

  test.each([
    ["creating", 1],
    ["updating", 0],
    ["deleting", 0],
    ["reading", 0],
  ] as const)("an operation cut short while %s is reported by %i later runs that do nothing", async (type, later) => {
    const stack = new TestStack();
    await stack.up(one);
    stack.snapshot = { ...stack.snapshot, pendingOperations: [operation(type)] };
    const [warning = ""] = warningsOf(await stack.up(one));
    const count = "Attempting to deploy or update resources with 1 pending operations from previous deployment.";
    expect(warning).toContain(`warning: ${count}\n  * ${urnOf(type)}, interrupted while ${type}\n`);
    // Even an up with nothing to do drops what a refresh can still read, so the next says nothing of it.
    expect(warningsOf(await stack.up(one))).toHaveLength(later);
  });

  test("are shown by the preview that comes first, which saves nothing", async () => {
    const stack = new TestStack();
    stack.snapshot = { resources: [], pendingOperations: [operation("creating")] };
    const run = await stack.preview(one);
    expect([warningsOf(run), run.saves]).toEqual([
      [expect.stringContaining(`  * ${urnOf("creating")}, interrupted while creating\n`)],
      [],
    ]);
    expect(run.result.ok).toBe(true);
  });
});

test("ignored changes of a component stay ignored in the state", async () => {
  const stack = new TestStack();
  const script = (size: number) => async (program: TestProgram) =>
    void (await program.component("group", { size }, { ignoreChanges: ["size"] }));
  await stack.up(script(1));
  const run = await stack.up(script(2));
  expect(run.result.changes).toEqual({ same: 2 });
  expect(stack.entry("group")?.inputs).toEqual({ size: 1 });
});

test("a renamed resource that needs a replaced one no longer is not deleted with it", async () => {
  const stack = new TestStack();
  await stack.up(async (program) => {
    const root = await program.thing("root", { size: 1 });
    const options = { dependencies: [root.urn], propertyDependencies: { of: [root.urn] } };
    await program.thing("leaf", { of: root.id }, options);
  });
  stack.service.calls.length = 0;
  stack.service.behaviour.diff = ({ olds, news }) => ({
    changes: JSON.stringify(olds) !== JSON.stringify(news),
    replaces: olds?.["size"] !== news?.["size"] ? ["size"] : news?.["of"] ? ["of"] : [],
    deleteBeforeReplace: true,
  });
  const run = await stack.up(async (program) => {
    await program.thing("branch", {}, { aliases: [{ name: "leaf" }] });
    await program.thing("root", { size: 2 });
  });
  expect(run.result.ok).toBe(true);
  expect(stack.service.summary()).toEqual(["update leaf-1", "delete root-1", "create root"]);
  expect(names(run.snapshot).sort()).toEqual(["branch", "default", "root", "shop-dev"]);
  expect(stack.entry("branch")).toMatchObject({ id: "leaf-1", parent: STACK_URN });
});

test("parallel: one at a time when told so", async () => {
  const stack = new TestStack();
  stack.parallel = 1;
  let running = 0;
  let most = 0;
  stack.service.behaviour.create = async ({ name, news }) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    return { id: name, outputs: news ?? {} };
  };
  const run = await stack.up(
    async (program) => void (await Promise.all(["a", "b", "c"].map((name) => program.thing(name)))),
  );
  expect([run.result.ok, most]).toEqual([true, 1]);
});
