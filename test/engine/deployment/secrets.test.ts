import { type Script, secret, TestStack, told } from "./test-stack";

const outputs = { list: ["x", "y"], nested: { open: 1, token: "t2" }, other: "plain", token: "t1" };
const inputs = {
  list: ["x", secret("y")],
  nested: { open: 1, token: secret("t2") },
  other: "plain",
  token: secret("t1"),
};
const marked = {
  list: secret(["x", "y"]),
  nested: { open: 1, token: secret("t2") },
  other: "plain",
  token: secret("t1"),
};
const script: Script = async (program) => void (await program.thing("a", inputs));

test("a provider gets plain values, and its results are marked again by key, nested ones and lists too", async () => {
  const stack = new TestStack();
  await stack.up(script);
  expect(stack.service.calls.map(({ news }) => news)).toEqual([outputs, outputs]);
  expect(stack.entry("a")).toMatchObject({ inputs: marked, outputs: marked });
});

test("an unchanged run, a refresh and an update keep the marks", async () => {
  const stack = new TestStack();
  await stack.up(script);
  expect((await stack.up(script)).result.changes).toEqual({ same: 2 });
  stack.service.objects.set("a-1", { ...outputs, token: "seen" });
  await stack.refresh();
  expect(stack.entry("a")?.outputs).toEqual({ ...marked, token: secret("seen") });
  const run = await stack.up(async (program) => void (await program.thing("a", { ...inputs, other: "new" })));
  expect(run.result.changes).toEqual({ same: 1, update: 1 });
  expect(stack.entry("a")?.outputs).toEqual({ ...marked, other: "new" });
});

test("additionalSecretOutputs marks what no input made secret, but never the id", async () => {
  const stack = new TestStack();
  stack.service.behaviour.create = () => ({ id: "1", outputs: { made: "up", id: "1" } });
  const run = await stack.up(
    async (program) => void (await program.thing("a", {}, { additionalSecretOutputs: ["made", "id", "absent"] })),
  );
  expect(stack.entry("a")).toMatchObject({ id: "1", outputs: { made: secret("up"), id: "1" } });
  expect(run.events).toContainEqual({
    kind: "diagnostic",
    diagnostic: expect.objectContaining({
      severity: "warning",
      message: expect.stringContaining("'id' property cannot"),
    }),
  });
});

test("a refused secret is told without its value, the provider's sentence as it is", async () => {
  const stack = new TestStack();
  stack.service.behaviour.check = ({ news }) => ({
    inputs: news ?? {},
    failures: [
      { property: "token", reason: "too short" },
      { property: "list", reason: "too long" },
      { property: "other", reason: "too plain" },
    ],
  });
  expect(told(await stack.up(script)).filter((message) => message.includes("has a problem"))).toEqual([
    expect.stringMatching(/property token value \[secret\] has a problem: too short$/),
    expect.stringMatching(/property list value \[secret\] has a problem: too long$/),
    expect.stringMatching(/property other value \{plain\} has a problem: too plain$/),
  ]);
});
