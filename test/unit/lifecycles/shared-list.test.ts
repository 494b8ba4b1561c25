import { SharedList } from "../../../provider/lifecycles/shared-list";

/** A service whose answers come when the test says so. */
function service() {
  const list = new SharedList<string>();
  const requests: { answer(text: string): void; fail(error: Error): void }[] = [];
  const sleeps: { ms: number; wake(): void }[] = [];
  const sleep = (ms: number) => new Promise<void>((wake) => sleeps.push({ ms, wake }));
  const request = () => new Promise<string>((answer, fail) => requests.push({ answer, fail }));
  return { requests, sleeps, ask: (key = "tenant") => list.ask(key, request, sleep) };
}

const turn = () => new Promise((next) => setImmediate(next));

test("one after the other: each has a request of its own, and nothing is kept", async () => {
  const { ask, requests } = service();
  for (const text of ["first", "second", "third"]) {
    const asked = ask();
    requests.at(-1)?.answer(text);
    expect(await asked).toBe(text);
    await turn();
  }
  expect(requests).toHaveLength(3);
});

test("asked while a request is under way: all wait for the next one, and share it", async () => {
  const { ask, requests } = service();
  const first = ask();
  const others = [ask(), ask(), ask()];
  await turn();
  expect(requests).toHaveLength(1);
  requests[0]?.answer("sent before they asked");
  expect(await first).toBe("sent before they asked");
  await turn();
  const late = ask();
  expect(requests).toHaveLength(2);
  requests[1]?.answer("sent after they asked");
  expect(await Promise.all(others)).toEqual(Array(3).fill("sent after they asked"));
  await turn();
  requests[2]?.answer("sent after the second was on its way");
  expect(await late).toBe("sent after the second was on its way");
  expect(requests).toHaveLength(3);
});

test("a failure reaches those who shared the request, and nobody after them", async () => {
  const { ask, requests } = service();
  const first = ask();
  const others = [ask(), ask()];
  requests[0]?.answer("first");
  await first;
  await turn();
  requests[1]?.fail(new Error("no"));
  expect(await Promise.allSettled(others)).toEqual(Array(2).fill({ status: "rejected", reason: new Error("no") }));
  await turn();
  const after = ask();
  requests[2]?.answer("again");
  expect(await after).toBe("again");
});

test("a failure of the request under way does not reach those who wait for the next", async () => {
  const { ask, requests } = service();
  const first = ask();
  const second = ask();
  requests[0]?.fail(new Error("no"));
  await expect(first).rejects.toThrow("no");
  await turn();
  requests[1]?.answer("second");
  expect(await second).toBe("second");
});

test("a request that is stuck holds nobody up for long", async () => {
  const { ask, requests, sleeps } = service();
  const stuck = ask();
  const second = ask();
  await turn();
  expect(sleeps.map(({ ms }) => ms)).toEqual([5_000]);
  sleeps[0]?.wake();
  await turn();
  requests[1]?.answer("second");
  expect(await second).toBe("second");
  requests[0]?.answer("at last");
  expect(await stuck).toBe("at last");
});

test("two tenants share nothing", async () => {
  const { ask, requests } = service();
  const one = ask("one");
  const other = ask("other");
  requests[0]?.answer("of one");
  requests[1]?.answer("of the other");
  expect(await Promise.all([one, other])).toEqual(["of one", "of the other"]);
});
