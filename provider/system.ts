import { proxyFor } from "./config";

/** What a request takes of the process it is sent from: proxies, clock and randomness. Tests pass their own. */
export const SYSTEM = {
  proxyFor,
  now: () => Date.now(),
  sleep: (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms)),
  random: Math.random,
};
