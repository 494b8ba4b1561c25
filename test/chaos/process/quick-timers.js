/**
 * Loaded (`NODE_OPTIONS=--require`) into the processes of a chaos run. In the provider process, pauses of a quarter of
 * a second or more (before another attempt, before another look at a list) last an eighth of that: a seed that waits
 * tests nothing. Time limits of requests are `AbortSignal.timeout` and stay as they are.
 */
if (process.argv.some((argument) => argument.includes("dynamic-provider"))) {
  const original = globalThis.setTimeout;
  globalThis.setTimeout = Object.assign(
    (callback, ms, ...rest) => original(callback, ms >= 250 ? ms / 8 : ms, ...rest),
    original,
  );
}
