import { progressLine, startProgress } from "../../../provider/lifecycles/progress";

/** What a large upload tells: 1 GB, called "big.csv"; times in seconds, amounts in megabytes. */

const UPLOAD = { fileName: "big.csv", sizeBytes: 1_000_000_000 };
const mark = ([seconds, megabytes]: readonly [number, number]) => ({
  atMs: 1_700_000_000_000 + seconds * 1000,
  sentBytes: megabytes * 1_000_000,
});

test.each<[string, [number, number], [number, number], string | undefined]>([
  ["nothing yet", [0, 0], [1, 0], undefined],
  ["a tenth within a second", [0, 0], [0.999, 100], undefined],
  ["a tenth in a second", [0, 0], [1, 100], 'uploading "big.csv": 10 %, 100.0 MB/s, 9 s left'],
  ["less than a tenth", [0, 0], [13.9, 99], undefined],
  ["from one tenth to the next", [0, 95], [1, 105], 'uploading "big.csv": 10 %, 10.0 MB/s, 2 min left'],
  ["within one tenth", [0, 105], [13, 195], undefined],
  ["a long time", [0, 0], [14, 14], 'uploading "big.csv": 1 %, 1.0 MB/s, 17 min left'],
  ["a very slow line", [0, 0], [14, 1.4], 'uploading "big.csv": 0 %, 0.1 MB/s, 2 h 47 min left'],
  ["a stalled connection", [0, 400], [15, 400], 'uploading "big.csv": 40 %, 0.0 MB/s, waiting'],
  ["the speed is that since the last line", [10, 500], [20, 600], 'uploading "big.csv": 60 %, 10.0 MB/s, 40 s left'],
  ["all sent, no answer yet", [0, 900], [2, 1000], 'uploading "big.csv": 100 %, 50.0 MB/s, 0 s left'],
])("%s", (_name, last, now, expected) => {
  expect(progressLine(UPLOAD, mark(last), mark(now))).toBe(expected);
});

test("at any speed, lines are at least a second and at most fifteen apart", () => {
  for (const megabytesPerSecond of [0, 0.5, 3, 6.9, 7.2, 20, 99, 100, 400]) {
    const toldAt = [0];
    let last = mark([0, 0]);
    for (let second = 1; second <= 200 && second * megabytesPerSecond <= 1000; second++) {
      const now = mark([second, second * megabytesPerSecond]);
      if (progressLine(UPLOAD, last, now) === undefined) continue;
      last = now;
      toldAt.push(second);
    }
    const gaps = toldAt.slice(1).map((second, index) => second - (toldAt[index] ?? 0));
    expect(gaps.filter((gap) => gap < 1 || gap > 15)).toEqual([]);
  }
});

test("up to 50 MB nothing is told", async () => {
  const told: string[] = [];
  const context = { now: () => told.length * 60_000, info: async (message: string) => void told.push(message) };
  const progress = startProgress(context, { fileName: "small.csv", sizeBytes: 50_000_000 });
  progress.onSent(25_000_000);
  await progress.stop();
  expect(told).toEqual([]);
});

test("a large upload is looked at every second, and told of where it stands", async () => {
  let clock = 0;
  let tell: (message: string) => void = () => undefined;
  const told = new Promise<string>((resolve) => {
    tell = resolve;
  });
  const progress = startProgress({ now: () => clock, info: async (message) => tell(message) }, UPLOAD);
  clock = 15_000;
  progress.onSent(300_000_000);
  expect(await told).toBe('uploading "big.csv": 30 %, 20.0 MB/s, 35 s left');
  await progress.stop();
});
