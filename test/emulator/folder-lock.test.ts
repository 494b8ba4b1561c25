import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FolderLock } from "../../emulator/store/folder-lock";

/** No process has it: ids end far below. */
const DEAD = 2 ** 30;

let parent: string;
let folder: string;
let lock: FolderLock | undefined;
beforeEach(() => {
  parent = realpathSync(mkdtempSync(join(tmpdir(), "emulator-lock-")));
  folder = join(parent, "data");
  symlinkSync(parent, folder);
});
afterEach(async () => {
  await lock?.release();
  lock = undefined;
  rmSync(parent, { recursive: true, force: true });
});

const file = () => join(parent, "emulator.pid");
const claim = () => join(parent, "emulator.pid.takeover");
const files = () => readdirSync(parent).filter((name) => name !== "data");

test("what a dead process holds is taken over, and nothing of that is left", async () => {
  writeFileSync(file(), `${DEAD}\n`);
  lock = await FolderLock.take(parent);
  expect([readFileSync(file(), "utf8"), files()]).toEqual([`${process.pid}\n`, ["emulator.pid"]]);
  await lock.release();
  expect(files()).toEqual([]);
});

test("while one takes over, no other does", async () => {
  writeFileSync(file(), `${DEAD}\n`);
  writeFileSync(claim(), `${process.ppid}\n`);
  const refusal = `the emulator with process id ${process.ppid} uses it. Stop that one, or choose another folder. If that process is no emulator, delete ${claim()}.`;
  await expect(FolderLock.take(parent)).rejects.toThrow(refusal);
  expect([files(), readFileSync(file(), "utf8")]).toEqual([["emulator.pid", "emulator.pid.takeover"], `${DEAD}\n`]);
});

test.each([
  ["a dead process", DEAD],
  ["a process of our number before this one", process.pid],
])("%s that had begun to take over is in nobody's way", async (_who, pid) => {
  writeFileSync(file(), `${DEAD}\n`);
  writeFileSync(claim(), `${pid}\n`);
  lock = await FolderLock.take(parent);
  expect([readFileSync(file(), "utf8"), files()]).toEqual([`${process.pid}\n`, ["emulator.pid"]]);
});

test("a folder that is free is swept of a takeover whose process is dead", async () => {
  writeFileSync(claim(), `${DEAD}\n`);
  lock = await FolderLock.take(parent);
  expect(files()).toEqual(["emulator.pid"]);
});

test("a folder is not opened a second time under another name", async () => {
  lock = await FolderLock.take(parent);
  await expect(FolderLock.take(folder)).rejects.toThrow(`the emulator with process id ${process.pid} uses it`);
  expect(existsSync(file())).toBe(true);
});
