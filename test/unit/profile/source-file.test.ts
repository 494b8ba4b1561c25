import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as says from "../../../provider/messages/files";
import { UnusableFile } from "../../../provider/messages/message";
import { profileFile } from "../../../provider/profile/profile-file";
import { MAX_SIZE_BYTES, SourceFile } from "../../../provider/profile/source-file";

let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "source-file-"));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

/** Of a format that is not looked into, so that any bytes will do. */
async function fingerprint(programDirectory: string, file: string) {
  const { contentSha256, sizeBytes } = await profileFile({
    source: new SourceFile(programDirectory, file),
    format: "xls",
  });
  return { contentSha256, sizeBytes };
}

const inside = (name: string) => path.join(folder, name);

async function faultOf(file: string): Promise<UnusableFile> {
  const error = await fingerprint(folder, file).then(
    () => new Error("accepted"),
    (thrown: unknown) => thrown,
  );
  if (error instanceof UnusableFile) return error;
  throw error;
}

describe("the hash and the size", () => {
  const MiB = 1024 * 1024;

  test.each([
    ["a line", Buffer.from("case_id,activity\n1,start\n")],
    ["one byte", Buffer.from([0])],
    ["just under a chunk", randomBytes(MiB - 1)],
    ["a chunk", randomBytes(MiB)],
    ["just over a chunk", randomBytes(MiB + 1)],
    ["several chunks", randomBytes(3 * MiB + 7)],
  ])("of %s", async (_what, bytes) => {
    fs.writeFileSync(inside("data.csv"), bytes);
    const contentSha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await fingerprint(folder, "data.csv")).toEqual({ contentSha256, sizeBytes: bytes.length });
  });

  test("are what sha256sum tells", async () => {
    fs.writeFileSync(inside("abc.csv"), "abc");
    expect(await fingerprint("/elsewhere", inside("abc.csv"))).toEqual({
      contentSha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      sizeBytes: 3,
    });
  });

  test("through a link, and by a name of any script", async () => {
    fs.writeFileSync(inside("žluť 日本.csv"), "abc");
    fs.symlinkSync(inside("žluť 日本.csv"), inside("link.csv"));
    expect(await fingerprint(folder, "./link.csv")).toEqual(await fingerprint(folder, "žluť 日本.csv"));
  });
});

describe("what cannot be used", () => {
  beforeAll(() => {
    fs.mkdirSync(inside("folder.csv"));
    fs.writeFileSync(inside("empty.csv"), "");
    fs.writeFileSync(inside("file.csv"), "a");
    fs.mkdirSync(inside("data"));
    fs.writeFileSync(inside("data/rows.csv"), "a");
    execFileSync("mkfifo", [inside("fifo.csv")]);
    fs.symlinkSync(inside("loop.csv"), inside("loop.csv"));
    fs.symlinkSync(inside("gone.csv"), inside("dangling.csv"));
    // Sparse: takes no room.
    fs.closeSync(fs.openSync(inside("huge.csv"), "w"));
    fs.truncateSync(inside("huge.csv"), MAX_SIZE_BYTES + 1);
  });

  const noFile = (nearest?: string) => says.noSuchFile(path.basename(folder), nearest);

  test.each([
    ["a missing file", "missing.csv", noFile],
    ["a missing file with a similar name", "fyle.csv", () => noFile("file.csv")],
    ["a missing file with a similar name in a folder", "data/rows.cvs", () => noFile("data/rows.csv")],
    ["a missing folder", "no/such/file.csv", noFile],
    ["a file where a folder should be", "file.csv/x.csv", noFile],
    ["a link to nowhere", "dangling.csv", says.brokenLink],
    ["a link to itself", "loop.csv", says.linkLoop],
    ["a name too long", `${"x".repeat(300)}.csv`, () => says.notOpened("ENAMETOOLONG")],
    ["a name with a zero byte", "a\0b.csv", () => says.notOpened("ERR_INVALID_ARG_VALUE")],
    ["a directory", "folder.csv", says.isDirectory],
    ["the program's folder", ".", says.isDirectory],
    ["a FIFO that nobody writes to", "fifo.csv", says.notRegular],
    ["a device", "/dev/null", says.notRegular],
    ["an empty file", "empty.csv", says.isEmpty],
    ["more than 5 GiB", "huge.csv", () => says.tooLarge(MAX_SIZE_BYTES + 1)],
  ])("%s", async (_what, file, reason) => {
    expect(await faultOf(file)).toEqual(reason());
  });

  test("exactly 5 GiB can be used", () => {
    fs.truncateSync(inside("huge.csv"), MAX_SIZE_BYTES);
    const { descriptor, stat } = new SourceFile(folder, "huge.csv").open();
    fs.closeSync(descriptor);
    expect(stat.size).toBe(5_368_709_120);
  });

  const isRoot = process.getuid?.() === 0;
  (isRoot ? test.skip : test)(
    `a file that may not be read${isRoot ? " (not as root, who may read anything)" : ""}`,
    async () => {
      fs.writeFileSync(inside("private.csv"), "a", { mode: 0 });
      expect(await faultOf("private.csv")).toEqual(says.noPermission());
    },
  );

  test("a file that grows while it is read", async () => {
    fs.writeFileSync(inside("log.csv"), Buffer.alloc(4 * 1024 * 1024, "a"));
    let done = false;
    const fault = faultOf("log.csv").finally(() => {
      done = true;
    });
    // Once in every turn of the event loop, so surely between the first and the last look at the file.
    while (!done) {
      fs.appendFileSync(inside("log.csv"), "a");
      await new Promise((next) => setImmediate(next));
    }
    expect(await fault).toEqual(says.changedWhileRead());
  });

  test("a file that shrinks while it is read", async () => {
    fs.writeFileSync(inside("log.csv"), Buffer.alloc(4 * 1024 * 1024, "a"));
    let size = 4 * 1024 * 1024;
    let done = false;
    const fault = faultOf("log.csv").finally(() => {
      done = true;
    });
    while (!done) {
      fs.truncateSync(inside("log.csv"), --size);
      await new Promise((next) => setImmediate(next));
    }
    expect(await fault).toEqual(says.changedWhileRead());
  });
});

describe("the path that state keeps", () => {
  const portablePath = (...parameters: ConstructorParameters<typeof SourceFile>) =>
    new SourceFile(...parameters).portablePath;

  test.each([
    ["data/a.csv", "data/a.csv"],
    ["./data//a.csv", "data/a.csv"],
    ["data/../a.csv", "a.csv"],
    ["../shared/a.csv", "../shared/a.csv"],
    ["/work/project/data/a.csv", "data/a.csv"],
    ["/data/a.csv", "../../data/a.csv"],
    ["data\\a.csv", "data\\a.csv"],
    ["žluť 日本.csv", "žluť 日本.csv"],
  ])("here: %s", (file, expected) => {
    expect(portablePath("/work/project", file, path.posix)).toBe(expected);
  });

  test.each([
    ["data\\a.csv", "data/a.csv"],
    ["data/a.csv", "data/a.csv"],
    [".\\data\\..\\a.csv", "a.csv"],
    ["..\\shared\\a.csv", "../shared/a.csv"],
    ["C:\\work\\project\\data\\a.csv", "data/a.csv"],
    ["c:\\WORK\\project\\a.csv", "a.csv"],
    ["D:\\data\\a.csv", "D:/data/a.csv"],
    ["\\\\server\\share\\a.csv", "//server/share/a.csv"],
    ["C:data\\a.csv", "data/a.csv"],
    ["\\work\\project\\data/a.csv", "data/a.csv"],
    ["..\\..\\a.csv", "../../a.csv"],
    ["Fälle 事件\\log 1.csv", "Fälle 事件/log 1.csv"],
  ])("on Windows: %s", (file, expected) => {
    expect(portablePath("C:\\work\\project", file, path.win32)).toBe(expected);
  });

  test.each([
    ["\\\\server\\share\\project", "data\\a.csv", "data/a.csv"],
    ["\\\\server\\share\\project", "\\\\SERVER\\share\\project\\a.csv", "a.csv"],
    ["D:\\", "data\\a.csv", "data/a.csv"],
    ["d:\\project", "D:\\project\\a.csv", "a.csv"],
  ])("on Windows, in %s: %s", (folder, file, expected) => {
    expect(portablePath(folder, file, path.win32)).toBe(expected);
  });

  test("what Windows wrote into the state is the same path elsewhere", () => {
    const kept = portablePath("C:\\work\\project", "data\\2025\\a.csv", path.win32);
    expect(portablePath("/home/me/project", kept, path.posix)).toBe(kept);
    expect(portablePath("D:\\other", kept, path.win32)).toBe(kept);
  });

  test("is found again", async () => {
    fs.mkdirSync(inside("project"));
    fs.writeFileSync(inside("outside.csv"), "abc");
    const kept = portablePath(inside("project"), inside("outside.csv"));
    expect(kept).toBe("../outside.csv");
    expect(await fingerprint(inside("project"), kept)).toMatchObject({ sizeBytes: 3 });
  });
});
