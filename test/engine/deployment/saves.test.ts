import { StackState } from "../../../engine/deployment/snapshot";
import type { ResourceState, Snapshot } from "../../../engine/model";

/** Saving while things happen: nobody goes on before what he did is on disk, and the disk is not written in vain. */

const entry = (name: string): ResourceState => ({ urn: `urn:${name}`, type: "t", custom: true });
const turn = () => new Promise((next) => setImmediate(next));

/** A disk that takes a save when the test says so. */
function slowDisk() {
  const saves: { holds: string[]; finish(): void; fail(error: Error): void }[] = [];
  const persist = (snapshot: Snapshot) =>
    new Promise<void>((finish, fail) => {
      saves.push({ holds: snapshot.resources.map(({ urn }) => urn), finish, fail });
    });
  const state = new StackState({ resources: [], pendingOperations: [] }, persist);
  const told: string[] = [];
  const change = (name: string) => {
    state.add(entry(name));
    state.save().then(
      () => told.push(name),
      (error: Error) => told.push(`${name}: ${error.message}`),
    );
  };
  return { saves, told, change };
}

test("changes made while a save runs share the next one, and are told done after it alone", async () => {
  const { saves, told, change } = slowDisk();
  change("a");
  await turn();
  for (const name of ["b", "c", "d"]) change(name);
  await turn();
  expect(saves.map(({ holds }) => holds)).toEqual([["urn:a"]]);
  saves[0]?.finish();
  await turn();
  expect(told).toEqual(["a"]);
  expect(saves.map(({ holds }) => holds)).toEqual([["urn:a"], ["urn:a", "urn:b", "urn:c", "urn:d"]]);
  saves[1]?.finish();
  await turn();
  expect(told).toEqual(["a", "b", "c", "d"]);
});

test("a change made after a save took its picture waits for another", async () => {
  const { saves, told, change } = slowDisk();
  change("a");
  change("b");
  await turn();
  change("c");
  saves[0]?.finish();
  await turn();
  expect(told).toEqual(["a", "b"]);
  saves[1]?.finish();
  await turn();
  expect([told, saves.length]).toEqual([["a", "b", "c"], 2]);
});

test("a save that fails fails all who shared it; the next one is tried with everything", async () => {
  const { saves, told, change } = slowDisk();
  change("a");
  change("b");
  await turn();
  saves[0]?.fail(new Error("disk full"));
  await turn();
  change("c");
  await turn();
  saves[1]?.finish();
  await turn();
  expect(told).toEqual(["a: disk full", "b: disk full", "c"]);
  expect(saves[1]?.holds).toEqual(["urn:a", "urn:b", "urn:c"]);
});
