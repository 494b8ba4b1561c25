import {
  isTransient,
  MAX_RETRY_AFTER_MS,
  nextDelayMs,
  type Outcome,
  parseRetryAfterMs,
  retryDelayMs,
} from "../../../provider/api/retry";

const METHODS = ["GET", "DELETE", "POST"] as const;
type Asked = Parameters<typeof retryDelayMs>[0];

function delayOf(question: Partial<Asked> & { outcome: Outcome }): number | undefined {
  return retryDelayMs({ method: "GET", attempts: 1, remainingMs: 1_000_000, random: 0, ...question });
}

const status = (code: number, retryAfterMs?: number): Outcome => ({ kind: "status", status: code, retryAfterMs });

/** Which of GET, DELETE, POST may be repeated. */
const DECISIONS: [string, Outcome, [boolean, boolean, boolean]][] = [
  ["no connection was made", { kind: "not-sent" }, [true, true, true]],
  ["the answer was lost", { kind: "lost" }, [true, true, false]],
  ["repeating cannot help", { kind: "final" }, [false, false, false]],
  ...[300, 301, 302, 304, 307, 308].map(never),
  ...[400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 413, 415, 418, 422, 431, 451].map(never),
  ...[501, 505, 507, 511, 599].map(never),
  ...[408, 425, 500, 502, 503, 504].map((code): [string, Outcome, [boolean, boolean, boolean]] => [
    `status ${code}`,
    status(code),
    [true, true, false],
  ]),
  ["status 429", status(429), [true, true, true]],
  // Even an invitation to come back does not make a second POST safe.
  ["status 503 with Retry-After", status(503, 0), [true, true, false]],
];

function never(code: number): [string, Outcome, [boolean, boolean, boolean]] {
  return [`status ${code}`, status(code), [false, false, false]];
}

test.each(DECISIONS)("%s", (_what, outcome, expected) => {
  expect(METHODS.map((method) => delayOf({ method, outcome }) !== undefined)).toEqual(expected);
});

test.each([
  [425, true],
  [503, true],
  [404, false],
  [501, false],
])("knows whether status %i may pass", (code, expected) => {
  expect(isTransient(code)).toBe(expected);
});

test("there is a last attempt", () => {
  const repeated = [1, 2, 3, 4, 5].map((attempts) => delayOf({ attempts, outcome: status(429) }) !== undefined);
  expect(repeated).toEqual([true, true, true, false, false]);
});

test.each([
  ["back-off by default", status(503), 500],
  ["what the server asks", status(503, 1_234), 1_234],
  ["never none, whatever it says", status(429, 0), 500],
  ["never less than the back-off", status(429, 499), 500],
  ["the cap, if it asks for more", status(429, 3_600_000), MAX_RETRY_AFTER_MS],
  ["back-off after a lost connection", { kind: "lost" } as const, 500],
])("the pause: %s", (_what, outcome, expected) => {
  expect(delayOf({ outcome })).toBe(expected);
});

test.each([
  ["a pause that ends in time", status(503, 999), 1_000, 999],
  ["a pause that ends with the deadline", status(503, 1_000), 1_000, undefined],
  ["a pause beyond the deadline", status(503, 60_000), 1_000, undefined],
  ["a back-off beyond the deadline", status(503), 400, undefined],
  ["the deadline has passed", status(503, 0), 0, undefined],
  ["the deadline passed long ago", status(503, 0), -5_000, undefined],
])("the deadline: %s", (_what, outcome, remainingMs, expected) => {
  expect(delayOf({ outcome, remainingMs })).toBe(expected);
});

test("back-off doubles from half a second, jittered by up to a quarter less", () => {
  const delays = (random: number, askedMs?: number) =>
    [1, 2, 3].map((attempts) => nextDelayMs({ attempts, remainingMs: 60_000, random, askedMs }));
  expect(delays(0)).toEqual([500, 1_000, 2_000]);
  expect(delays(1)).toEqual([375, 750, 1_500]);
  expect(delays(0, 1_500)).toEqual([1_500, 1_500, 2_000]);
  expect(delays(0.5)[0]).toBe(437.5);
});

test.each([
  [undefined, undefined],
  ["", undefined],
  ["  ", undefined],
  ["0", 0],
  ["5", 5_000],
  [" 5 ", 5_000],
  ["1.5", 1_500],
  ["120", 120_000],
  ["-5", undefined],
  ["Infinity", undefined],
  ["soon", undefined],
  ["5, 10", undefined],
  ["1e3", undefined],
  ["0x10", undefined],
  ["+5", undefined],
  ["2024", 2_024_000],
  ["2024-01-01", undefined],
  ["Mon, 99 Foo 2024 00:00:10 GMT", undefined],
  ["Monday, 01-Jan-24 00:00:10 GMT", 10_000],
  ["Mon, 01 Jan 2024 00:00:10 GMT", 10_000],
  ["Mon, 01 Jan 2024 00:00:00 GMT", 0],
  ["Sun, 31 Dec 2023 23:00:00 GMT", 0],
])("Retry-After: %j", (header, expected) => {
  expect(parseRetryAfterMs(header, Date.UTC(2024, 0, 1))).toBe(expected);
});
