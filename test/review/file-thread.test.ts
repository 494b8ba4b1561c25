import fs from "node:fs";
import path from "node:path";
import { caseChanges } from "../../review/input/case-changes";
import { type ReviewedFile, readFile } from "../../review/input/reviewed-file";
import { eachTestInFolder } from "../support/temp-folder";

/** As it is built: there is no thread that runs sources in TypeScript. */
const { readInThread } = require("../../review/dist/review/input/file-thread") as {
  readInThread: typeof readFile;
};

/** What it calls where there can be no thread. */
const readHere = jest.spyOn(require("../../review/dist/review/input/reviewed-file"), "readFile");
afterEach(() => expect(readHere).not.toHaveBeenCalled());

const COLUMNS = { caseId: "case", activity: "activity", timestamp: "time" };
let folder: string;
eachTestInFolder("file-thread-", (each) => {
  folder = each;
});

function written(name: string, text: string): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
}

const LOG = `case,activity,time
1,Open,2026-01-05T08:00:00Z
1,Close,2026-01-06T09:30:00Z
2,Open,2026-02-01T10:00:00Z
2,Check,2026-02-01T11:00:00Z
`;

const processIn = ({ process }: ReviewedFile) => {
  if (typeof process !== "object") throw new Error("The file shows no process.");
  return process;
};

it("reads a file in a thread as it reads it here", async () => {
  const file = written("log.csv", LOG);
  const there = await readInThread(file, COLUMNS);
  expect(there).toEqual(await readFile(file, COLUMNS));
  const { contents } = processIn(there);
  const now = processIn(await readFile(written("now.csv", `${LOG}3,Open,2026-02-02T10:00:00Z\n`), COLUMNS));
  expect(caseChanges(contents, now.contents)).toEqual({ added: 1, removed: 0, changed: 0 });
});

it.each([
  ["lacks a column", LOG.replace("time", "when")],
  ["has a row that does not fit", LOG.replace("2,Check,", "2,")],
])("throws in a thread what it throws here of a file that %s", async (_what, text) => {
  const file = written("faulty.csv", text);
  const here = await readFile(file, COLUMNS).catch((error) => error);
  const there = await readInThread(file, COLUMNS).catch((error) => error);
  expect(here).toBeInstanceOf(Error);
  expect(there).toMatchObject({ message: here.message, options: here.options });
});
