import { type Digest, Display } from "../../../sandbox/engine/display";
import { Progress } from "../../../sandbox/engine/display/progress";
import { type EngineEvent, SECRET, SIGNATURE } from "../../../sandbox/engine/model";
import { done, end, say, start, stateOf, stepOf, urnOf } from "./events";

function digest(events: EngineEvent[]): { json: Digest; text: string } {
  let text = "";
  const stdout = { write: (part: string) => (text += part) };
  const display = new Display({ stack: "dev", project: "shop", json: true, diff: false, stdout, env: {} });
  for (const event of events) display.emit(event);
  display.finish();
  return { json: JSON.parse(text) as Digest, text };
}

const secret = { [SIGNATURE]: SECRET, value: "hunter2" };

describe("the JSON digest", () => {
  const stack = stateOf("shop-dev", {});
  const old = stateOf(
    "orders",
    { __provider: "code", rows: 1, token: secret },
    { id: "up-1", propertyDependencies: { __provider: [], rows: [] } },
  );
  const current = stateOf("orders", { __provider: "code 2", rows: 2, token: secret }, { id: "up-1" });
  const protectedNow = stateOf("quiet", {}, { protect: true });
  const events: EngineEvent[] = [
    start("preview", true),
    ...done(stepOf("same", "shop-dev", stack, stack)),
    ...done(stepOf("create", "default", undefined, stateOf("default", { "shop:token": secret }))),
    ...done(
      stepOf("update", "orders", old, current, {
        provider: "urn:p::1",
        diffKeys: ["__provider", "rows"],
        replaceKeys: ["__provider"],
        detailedDiff: { rows: { kind: "update", inputDiff: true }, __provider: { kind: "update", inputDiff: true } },
      }),
    ),
    ...done(stepOf("same", "still", stateOf("still", {}), stateOf("still", {}))),
    ...done(stepOf("same", "quiet", stateOf("quiet", {}), protectedNow)),
    ...done(stepOf("create-replacement", "moved", stateOf("moved", {}), stateOf("moved", {}))),
    ...done(stepOf("delete-replaced", "moved", stateOf("moved", {}))),
    ...done(stepOf("remove-pending-replace", "half", stateOf("half", {}))),
    say("info", "hello"),
    say("warning", "a column\u001b[0m is empty", "orders"),
    say("debug", "not shown"),
    { kind: "outputs", urn: urnOf("shop-dev"), old: {}, new: { rows: 2, key: secret } },
    end({ same: 3, update: 1, create: 0 }),
  ];

  it("has Pulumi's shape", () => {
    expect(digest(events).json).toEqual({
      config: { "processmind:tenantId": "t-1", "shop:token": "[secret]" },
      steps: [
        {
          op: "same",
          urn: urnOf("shop-dev"),
          oldState: stack,
          newState: { ...stack, outputs: { rows: 2, key: "[secret]" } },
          detailedDiff: null,
        },
        {
          op: "update",
          urn: urnOf("orders"),
          provider: "urn:p::1",
          oldState: {
            ...old,
            inputs: { rows: 1, token: "[secret]" },
            outputs: { rows: 1, token: "[secret]" },
            propertyDependencies: { rows: [] },
          },
          newState: { ...current, inputs: { rows: 2, token: "[secret]" }, outputs: { rows: 2, token: "[secret]" } },
          diffReasons: ["rows"],
          detailedDiff: { rows: { kind: "update", inputDiff: true } },
        },
        expect.objectContaining({ op: "same", urn: urnOf("quiet") }),
      ],
      diagnostics: [
        { message: "hello", severity: "info" },
        { urn: urnOf("orders"), prefix: "warning: ", message: "a column is empty", severity: "warning" },
      ],
      duration: 2_200_000_000,
      changeSummary: { same: 3, update: 1 },
    });
  });

  it("holds neither a secret nor an internal key, and nothing but JSON", () => {
    expect(digest(events).text).not.toMatch(/hunter|__provider/);
  });
});

describe("the progress line", () => {
  it("says what runs and what it last told", () => {
    const progress = new Progress();
    const step = stepOf("create", "orders", undefined, stateOf("orders", {}));
    for (const event of [start("up", false), ...done(stepOf("same", "shop-dev"))]) progress.add(event);
    expect(progress.line(10.2)).toBe("@ updating, 10s: 1 done");
    progress.add({ kind: "step", step });
    progress.add(say("info", "sent 12 of 80 MB\n", "orders", true));
    expect(progress.line(20)).toBe("@ updating, 20s: 1 done; orders (sent 12 of 80 MB)");
    progress.add({ kind: "failed", step, message: "", seconds: 1 });
    expect(progress.line(30)).toBe("@ updating, 30s: 2 done");
  });

  it("tells a preview from a run", () => {
    const progress = new Progress();
    progress.add(start("destroy", true));
    expect(progress.line(10)).toBe("@ previewing destroy, 10s: 0 done");
  });
});
