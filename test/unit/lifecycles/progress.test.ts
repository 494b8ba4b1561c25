import { type Mark, progressLine, startProgress } from "../../../provider/lifecycles/progress";

/** What an upload shows: 1 GB, called "big.csv"; times in seconds, amounts in megabytes. */

const UPLOAD = { fileName: "big.csv", sizeBytes: 1_000_000_000 };
const mark = ([seconds, megabytes]: readonly [number, number]): Mark => ({
  atMs: 1_700_000_000_000 + seconds * 1000,
  sentBytes: megabytes * 1_000_000,
});

test.each<[string, [number, number], [number, number], string]>([
  ["nothing sent", [0, 0], [1, 0], "0 %, 0.0 MB/s, waiting"],
  ["a tenth in a second", [0, 0], [1, 100], "10 %, 100.0 MB/s, 9 s left"],
  ["a slow line", [0, 0], [5, 5], "0 %, 1.0 MB/s, 17 min left"],
  ["a very slow line", [0, 0], [5, 0.5], "0 %, 0.1 MB/s, 2 h 47 min left"],
  ["a stalled connection", [0, 400], [5, 400], "40 %, 0.0 MB/s, waiting"],
  ["the speed of the last marks, not of the whole", [10, 500], [20, 600], "60 %, 10.0 MB/s, 40 s left"],
  ["no time between the marks", [1, 100], [1, 200], "20 %, 100000.0 MB/s, 1 s left"],
  ["all sent, no response yet", [0, 900], [2, 1000], "100 %, 50.0 MB/s, waiting for storage's response"],
])("shows figures, then the name: %s", (_name, first, last, expected) => {
  expect(progressLine(UPLOAD, [mark(first), mark(last)])).toBe(`${expected}: uploading "big.csv"`);
});

describe("while an upload runs", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  function shownWithin(seconds: number, isLive: boolean): string[] {
    const shown: string[] = [];
    const context = { now: () => Date.now(), isLive: () => isLive, status: (line: string) => void shown.push(line) };
    const progress = startProgress(context, UPLOAD);
    for (let second = 1; second <= seconds; second++) {
      progress.onSent(second * 10_000_000);
      jest.advanceTimersByTime(1000);
    }
    progress.stop();
    jest.advanceTimersByTime(60_000);
    return shown;
  }

  test("shows a status each second when rows change in place", () => {
    const shown = shownWithin(3, true);
    expect(shown).toEqual([1, 2, 3].map((percent) => expect.stringMatching(`^${percent} %, 10.0 MB/s, `)));
  });

  test("shows a line each 15 seconds when it goes to a log", () => {
    expect(shownWithin(14, false)).toEqual([]);
    expect(shownWithin(45, false)).toEqual([15, 30, 45].map((percent) => expect.stringMatching(`^${percent} %, `)));
  });
});
