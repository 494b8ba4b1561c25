import { type Digest, Display } from "../../../engine/display";
import { type EngineEvent, type ResourceState, SECRET, SIGNATURE } from "../../../engine/model";
import { done, end, say, start, stateOf, stepOf, urnOf } from "./events";

function digest(events: EngineEvent[]): { json: Digest; text: string } {
  let text = "";
  const stdout = { write: (part: string) => (text += part) };
  const display = new Display({
    stack: "dev",
    project: "shop",
    json: true,
    diff: false,
    stdout,
    stderr: stdout,
    env: {},
  });
  for (const event of events) display.emit(event);
  display.finish();
  return { json: JSON.parse(text) as Digest, text };
}

const secret = { [SIGNATURE]: SECRET, value: "hunter2" };

function withoutProperties({
  inputs: _,
  outputs: __,
  ...state
}: ResourceState): Omit<ResourceState, "inputs" | "outputs"> {
  return state;
}

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
    { kind: "outputs", step: stepOf("same", "shop-dev", stack, { ...stack, outputs: { rows: 2, key: secret } }) },
    end({ same: 3, update: 1, create: 0 }),
  ];

  it("has Pulumi's shape", () => {
    expect(digest(events).json).toEqual({
      config: { "processmind:tenantId": "t-1", "shop:token": "[secret]" },
      steps: [
        {
          op: "same",
          urn: urnOf("shop-dev"),
          oldState: withoutProperties(stack),
          newState: withoutProperties(stack),
          detailedDiff: null,
        },
        {
          op: "update",
          urn: urnOf("orders"),
          provider: "urn:p::1",
          oldState: {
            ...old,
            inputs: { __provider: "code", rows: 1, token: "[secret]" },
            outputs: { __provider: "code", rows: 1, token: "[secret]" },
          },
          newState: {
            ...current,
            inputs: { __provider: "code 2", rows: 2, token: "[secret]" },
            outputs: { __provider: "code 2", rows: 2, token: "[secret]" },
          },
          diffReasons: ["__provider", "rows"],
          replaceReasons: ["__provider"],
          detailedDiff: {
            rows: { kind: "update", inputDiff: true },
            __provider: { kind: "update", inputDiff: true },
          },
        },
        expect.objectContaining({ op: "same", urn: urnOf("quiet") }),
      ],
      diagnostics: [
        { message: "hello\n", severity: "info" },
        { urn: urnOf("orders"), message: "warning: a column is empty\n", severity: "warning" },
      ],
      duration: 2_200_000_000,
      changeSummary: { same: 3, update: 1 },
    });
  });

  it("holds no secret, and nothing but JSON", () => {
    expect(digest(events).text).not.toMatch(/hunter/);
  });
});
