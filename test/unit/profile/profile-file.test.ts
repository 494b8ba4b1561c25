import { createHash } from "node:crypto";
import fs, {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProfileRequest } from "../../../provider/profile/file-profile";
import { profileFile } from "../../../provider/profile/profile-file";
import { SourceFile } from "../../../provider/profile/source-file";

const folder = mkdtempSync(join(tmpdir(), "profile-"));
afterAll(() => rmSync(folder, { recursive: true }));

const MIB = 1024 * 1024;
const HEADER = "case,activity\n";
const ROW = "17,check stock\n";
const SMALL = HEADER + ROW;
const LARGE = HEADER + ROW.repeat(Math.ceil((16 * MIB) / ROW.length));
const LARGE_ROWS = Math.ceil((16 * MIB) / ROW.length);

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");

function written(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const profile = (file: string, more: Partial<ProfileRequest> = {}) =>
  profileFile({ source: new SourceFile(folder, file), format: "csv", ...more });

const refusal = (file: string, more?: Partial<ProfileRequest>) =>
  profile(file, more).then(String, ({ message }) => message);

test.each([
  ["small", SMALL, 1],
  ["large", LARGE, LARGE_ROWS],
])("hash, size and table of a %s file", async (...[name, content, rows]) => {
  expect(await profile(written(`${name}.csv`, content))).toEqual({
    contentSha256: sha256(content),
    sizeBytes: content.length,
    table: { rows, columns: ["case", "activity"], delimiter: ",", encoding: "UTF-8", lineEnding: "LF" },
    sketch: expect.objectContaining({ ordered: expect.anything() }),
    warnings: [],
  });
});

test.each([
  ["small", SMALL, [1, HEADER.length, SMALL.length - 1]],
  ["large", LARGE, [1, MIB - 1, MIB, MIB + 1, 3 * MIB, LARGE.length - 1]],
])("the hash of the first bytes of a %s file", async (...[name, content, sizes]) => {
  const file = written(`${name}-prefix.csv`, content);
  for (const prefixBytes of sizes) {
    const found = await profile(file, { prefixBytes });
    expect(found).toMatchObject({
      contentSha256: sha256(content),
      prefixSha256: sha256(content.slice(0, prefixBytes)),
    });
  }
  for (const prefixBytes of [content.length, content.length + 1]) {
    expect(await profile(file, { prefixBytes })).not.toHaveProperty("prefixSha256");
  }
});

describe("whether a line ends after the first bytes", () => {
  test.each([
    ["a,b\n1,2\n", "3,4\n", true],
    ["a,b\r\n1,2\r\n", "3,4\r\n", true],
    ["a,b\n1,2", "\n3,4\n", true],
    ["a,b\r\n1,2", "\r\n3,4\r\n", true],
    ["a,b\r\n1,2\r", "\n3,4\r\n", true],
    ['a,b\n1,"2\n"', "\n3,4\n", true],
    ["a,b\n1,2", "000\n3,4\n", false],
    ["a,b\n1,2", "\n", true],
    ["a,b\n1,2", "0", false],
    ['a,b\n1,"2"', '"0"\n3,4\n', false],
  ])("%j, then %j", async (...[before, after, prefixEndsLine]) => {
    const file = written("appended.csv", before + after);
    expect(await profile(file, { prefixBytes: before.length })).toMatchObject({ prefixEndsLine });
  });

  test.each([-2, -1, 0, 1, 2])("%i bytes from the border of a chunk of a large file", async (fromBorder) => {
    const before = `a,b\n1,${"x".repeat(MIB + fromBorder - "a,b\n1,".length)}`;
    for (const [after, prefixEndsLine] of [
      ["\n3,4\n", true],
      ["\r\n3,4\r\n", true],
      ["x\n3,4\n", false],
    ] as const) {
      const file = written("border.csv", before + after + "5,6\n".repeat(MIB));
      expect(await profile(file, { prefixBytes: before.length })).toMatchObject({
        prefixSha256: sha256(before),
        prefixEndsLine,
      });
    }
  });
});

describe("a large file", () => {
  const before = Buffer.from(`a,b\n${"é,ü\n".repeat(3 * MIB)}`);
  const line = 3 * MIB + 2;

  test.each(["csv", "tsv"] as const)("with characters across the borders of its chunks (%s)", async (format) => {
    const text = Buffer.from(before.toString().replaceAll(",", format === "tsv" ? "\t" : ","));
    expect(await profile(written("accents", text), { format })).toMatchObject({ table: { rows: line - 2 } });
  });

  test("that is not UTF-8 far from its start", async () => {
    const file = written("accents.csv", Buffer.concat([before, Buffer.from("1,2\ncaf\xe9,3\n", "latin1")]));
    expect(await refusal(file)).toBe(`line ${line + 1} is not valid UTF-8`);
  });

  test("that ends inside a character", async () => {
    const file = written("accents.csv", Buffer.concat([before, Buffer.from("1,é").subarray(0, -1)]));
    expect(await refusal(file)).toBe(`line ${line} is not valid UTF-8`);
  });
});

test("a file whose hash is known is not read any further", async () => {
  const content = 'a,b\n"open';
  const known = { knownSha256: sha256(content) };
  expect(await profile(written("known.csv", content), known)).toEqual({
    contentSha256: sha256(content),
    sizeBytes: content.length,
    warnings: [],
  });
});

test("a small file that changes while it is read is accepted when the bytes read are known", async () => {
  const source = new SourceFile(folder, written("known.csv", SMALL));
  jest.spyOn(source, "isUnchanged").mockReturnValue(false);
  const content = { contentSha256: sha256(SMALL) };
  await expect(profileFile({ source, format: "csv" })).rejects.toThrow(CHANGED);
  await expect(profileFile({ source, format: "csv", knownSha256: sha256("other") })).rejects.toThrow(CHANGED);
  expect(await profileFile({ source, format: "csv", knownSha256: sha256(SMALL) })).toMatchObject(content);
});

test.each([
  "a b.csv",
  "a+b.csv",
  "100%.csv",
  "%20.csv",
  "größe-注文.csv",
  'it\'s "quoted".csv',
  "#1?.csv",
  "two\nlines.csv",
])("a file named %j", async (name) => {
  expect(await profile(written(name, SMALL))).toMatchObject({ sizeBytes: SMALL.length, table: { rows: 1 } });
});

test("a symbolic link is followed", async () => {
  symlinkSync(written("target.csv", SMALL), join(folder, "link.csv"));
  expect(await profile("link.csv")).toMatchObject({ contentSha256: sha256(SMALL) });
});

test.each([
  ["dangling.csv", "nowhere.csv", "it is a symbolic link to something that does not exist"],
  ["circle.csv", "circle.csv", "it is a symbolic link that leads back to itself"],
])("a symbolic link %s to %s", async (...[link, target, message]) => {
  symlinkSync(target, join(folder, link));
  expect(await refusal(link)).toBe(message);
});

const CHANGED = "it changed while it was read";

test.each<[string, (file: string) => void]>([
  ["grows", (file) => appendFileSync(file, ROW)],
  ["shrinks", (file) => truncateSync(file, LARGE.length - MIB)],
  ["is emptied", (file) => truncateSync(file)],
  ["is written to", (file) => utimesSync(file, new Date(), new Date(statSync(file).mtimeMs + 10))],
  ["is replaced by its like", (file) => renameSync(join(folder, written("like.csv", LARGE)), file)],
  ["is removed", (file) => rmSync(file)],
])("a file that %s while it is read", async (...[, change]) => {
  const file = written("changing.csv", LARGE);
  const told = refusal(file);
  // It may wait one turn of the event loop. Then it is open, and its sixteen chunks need as many turns.
  for (let turn = 0; turn < 2; turn++) await new Promise(setImmediate);
  change(join(folder, file));
  expect(await told).toBe(CHANGED);
});

test("a line of 40 MB is read in the memory of any other", async () => {
  const value = Buffer.alloc(40 * MIB, "a long text, without an end; ");
  const file = written("long.csv", Buffer.concat([Buffer.from('a,b\n1,"'), value, Buffer.from('"\n')]));
  expect(await profile(file)).toMatchObject({ table: { rows: 1, columns: ["a", "b"] }, warnings: [] });
});

test.each([
  ["xls", "rows and columns are not read from .xls, only its hash and size are compared"],
  ["xlsb", "rows and columns are not read from .xlsb, only its hash and size are compared"],
] as const)("an %s file is hashed and no more", async (...[format, warning]) => {
  const content = format === "xls" ? "\t\b anything\0" : "PK anything\0";
  expect(await profile(written("any", content), { format })).toEqual({
    contentSha256: sha256(content),
    sizeBytes: content.length,
    warnings: [warning],
  });
});

test("lets other callers in while many small files are read", async () => {
  const names = Array.from({ length: 400 }, (_, i) => written(`many-${i}.csv`, `a,b\n${"1,2\n".repeat(5_000)}`));
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await Promise.all(names.map((name) => profile(name)));
  isDone = true;
  // The files alone take ten times as long as one turn may.
  expect(turns).toBeGreaterThan(3);
});

describe("a disk that cannot be read", () => {
  const told = "it could not be read (EIO)";
  const broken = () => Object.assign(new Error("EIO: i/o error, read"), { code: "EIO", syscall: "read" });
  afterEach(() => jest.restoreAllMocks());

  test("ends a small file in words", async () => {
    const file = written("disk.csv", SMALL);
    jest.spyOn(fs, "readSync").mockImplementation(() => {
      throw broken();
    });
    expect(await refusal(file)).toBe(told);
  });

  test.each([
    ["csv", LARGE],
    ["xlsx", LARGE],
    ["csv", LARGE.slice(0, 3 * MIB)],
  ] as const)("ends a larger file in words (%s)", async (format, content) => {
    const file = written("disk-large.csv", content);
    const source = new SourceFile(folder, file);
    const { descriptor, ...opened } = source.open();
    closeSync(descriptor);
    // What is open for writing alone cannot be read, here and in another thread.
    const openToWrite = () => ({ ...opened, descriptor: openSync(join(folder, file), "a") });
    jest.spyOn(source, "open").mockImplementation(openToWrite);
    await expect(profileFile({ source, format })).rejects.toThrow("it could not be read (EBADF)");
  });
});

test("many at once", async () => {
  const files = Array.from({ length: 40 }, (_, i) => written(`many-${i}.csv`, HEADER + ROW.repeat(i)));
  const found = await Promise.all(files.map((file) => profile(file)));
  expect(found.map(({ table }) => table?.rows)).toEqual(files.map((_, i) => i));
});
