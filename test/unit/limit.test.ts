import { limitTo } from "../../provider/limit";

/** Tasks that end when a test ends them; `began` names those that have begun. */
function openTasks() {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) => () => {
    began.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise(setImmediate);
  };
  return { began, task, end };
}

it("begins as many tasks as it may, and the others in their order", async () => {
  const limit = limitTo(2);
  const { began, task, end } = openTasks();
  const results = ["a", "b", "c", "d"].map((name) => limit(task(name)));
  await new Promise(setImmediate);
  expect(began).toEqual(["a", "b"]);
  await end("b");
  expect(began).toEqual(["a", "b", "c"]);
  const late = limit(task("e"));
  await end("a");
  await end("c");
  expect(began).toEqual(["a", "b", "c", "d", "e"]);
  await end("d");
  await end("e");
  expect(await Promise.all([...results, late])).toEqual(["a", "b", "c", "d", "e"]);
});

it("gives the place of a task that fails to the next", async () => {
  const limit = limitTo(1);
  const failures = [
    limit(() => Promise.reject(new Error("rejected"))),
    limit(() => {
      throw new Error("thrown");
    }),
  ];
  const last = limit(async () => "done");
  expect(await Promise.allSettled(failures)).toMatchObject([
    { reason: { message: "rejected" } },
    { reason: { message: "thrown" } },
  ]);
  expect(await last).toBe("done");
});
