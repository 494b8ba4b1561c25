import type { Context } from "../../provider/lifecycles/context";
import { DeclaredObjects } from "../../provider/lifecycles/declared-objects";

/** A context that reaches no network: sleeps take no time, the clock stands, no randomness. */
export function testContext(parts: Partial<Context> = {}): Context {
  return {
    settings: () => {
      throw new Error("this test reaches no service");
    },
    address: () => "https://api.test",
    declared: new DeclaredObjects(),
    proxyFor: () => undefined,
    programDirectory: "/nowhere",
    warn: async () => {},
    info: async () => {},
    status: () => {},
    isLive: () => false,
    cancelled: new AbortController().signal,
    engineGone: new AbortController().signal,
    verifyEngine: async () => {},
    now: () => Date.UTC(2024, 0, 1),
    sleep: async () => {},
    random: () => 0,
    ...parts,
  };
}
