import type { Fault } from "../../emulator/wire/faults";
import { alreadyExists } from "../../provider/messages/objects";
import { newTestKey } from "../support/secret-scan";
import { type Cloud, openCloud } from "./cloud";
import { adopt } from "./heal";
import type { Declaration, Kill, Round } from "./scenario";
import { ChaosStack } from "./stack";

/**
 * A process dies between the POST and the state: the object is there and the engine never heard of it. The next run
 * finds and names it, makes no second one, and what it names can be adopted.
 */

let cloud: Cloud;
let stack: ChaosStack;

beforeEach(async () => {
  cloud = await openCloud("inside", newTestKey(), {}, "");
  stack = await ChaosStack.open(false);
});
afterEach(async () => {
  await stack.remove();
  await cloud.close();
});

const SALES: Declaration = { kind: "dataset", name: "sales", displayName: "Sales" };
const ORDERS: Declaration = { kind: "table", name: "orders", displayName: "Orders", parent: "sales" };
/** Holds the answer back after the work is done, so that the kill falls where it should. */
const held = (route: string): Fault => ({ kind: "delay", ms: 600_000, commit: true, match: { route } });

function roundOf(program: Declaration[], asCommand = false): Round {
  const calm = { faults: [], behaviour: {}, wrongKey: false, timeoutSeconds: 120, previewsRenames: true };
  return { verb: "up", refresh: false, program, files: [], ...calm, asCommand };
}

/** An `up` whose process dies once the object is made. */
async function cutShort(program: Declaration[], target: Exclude<Kill["target"], "emulator">, route: string) {
  const round = roundOf(program, target === "engine");
  await stack.write(round);
  await cloud.begin([held(route)], {});
  const run = stack.run(round, cloud.environment);
  while (!(await cloud.journal()).some((entry) => entry.route === route && entry.committed)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  stack.kill(target);
  return run;
}

async function up(program: Declaration[]) {
  const round = roundOf(program);
  await stack.write(round);
  await cloud.begin([], {});
  return stack.run(round, cloud.environment);
}

const made = async () => {
  const { datasets, datatables } = await cloud.state();
  return [...datasets, ...datatables].map(({ id, displayName }) => ({ id, displayName }));
};

test.each<[string, string, Declaration[], Exclude<Kill["target"], "emulator">, string]>([
  ["Dataset", "provider", [SALES], "provider", "datasets.create"],
  ["Dataset", "engine", [SALES], "engine", "datasets.create"],
  ["Datatable", "provider", [SALES, ORDERS], "provider", "datatables.create"],
  ["Datatable", "engine", [SALES, ORDERS], "engine", "datatables.create"],
])("a %s, and the %s dies", async (...[noun, , program, target, route]) => {
  const broken = await cutShort(program, target, route);
  expect(broken.ok).toBe(false);
  const objects = await made();
  const { id, displayName } = objects.at(-1) ?? {};
  const name = program.at(-1)?.name;
  const pending = (await stack.snapshot()).pendingOperations.map(({ type, resource }) => [type, resource.urn]);
  if (target === "provider") expect([broken.text, pending]).toEqual([expect.stringContaining(`::${name}`), []]);
  else expect(pending).toEqual([["creating", expect.stringContaining(`::${name}`)]]);

  const second = await up(program);
  const [line = ""] = alreadyExists(noun, displayName ?? "", [{ id: id ?? "" }]).message.split("\n");
  expect(second.text).toContain(line);
  expect(second.text.includes("pending operation")).toBe(target === "engine");
  expect(await made()).toEqual(objects);

  const third = await up(adopt(program, second.text, await stack.snapshot()));
  expect([third.ok, await made()]).toEqual([true, objects]);
  expect((await stack.snapshot()).resources.map((entry) => entry.id)).toContain(id);
});
