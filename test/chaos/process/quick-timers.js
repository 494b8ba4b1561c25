/**
 * Loaded (`NODE_OPTIONS=--require`) into the processes of a chaos run. In the provider process, pauses of a quarter of
 * a second or more (before another attempt, before another look at a list) last an eighth of that: a seed that waits
 * tests nothing. Time limits of requests are `AbortSignal.timeout` and stay as they are. And nothing but itself ends that
 * process when its engine is killed.
 */
if (process.argv.some((argument) => argument.includes("dynamic-provider"))) {
  // The local engine's own way to end its processes with it, which Pulumi's CLI does not have.
  delete process.env.PULUMI_OFFLINE_LIFELINE;
  const original = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign(
    (callback, ms, ...rest) => original(callback, ms >= 250 ? ms / 8 : ms, ...rest),
    original,
  );
}
