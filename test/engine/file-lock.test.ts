import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LockedError, type LockOwner, releaseAllLocks, takeLock } from "../../engine/file-lock";

let folder: string;
let file: string;
let takenOver: LockOwner[];
const take = (command: string) => takeLock(file, command, (owner) => takenOver.push(owner));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(folder, "stacks", "dev.lock");
  takenOver = [];
});
afterEach(() => {
  releaseAllLocks();
  rmSync(folder, { recursive: true });
});

function owner(pid: number, host = hostname()): string {
  return JSON.stringify({ pid, host, command: "pulumi-offline up", time: "2026-01-02T03:04:05.000Z" });
}

/** The process id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ["-e", ""]).pid;
}

/** What the error of a second holder says of the first. */
function rejection(command: string): { file: string; pid?: number | undefined; host?: string | undefined } {
  try {
    take(command)();
  } catch (error) {
    if (error instanceof LockedError) return { file: error.file, pid: error.owner?.pid, host: error.owner?.host };
    throw error;
  }
  throw new Error("the lock was taken");
}

const files = () => readdirSync(join(folder, "stacks"));

describe("takeLock", () => {
  it("names its owner in the file while it is held, and deletes the file afterwards", () => {
    const release = take("pulumi-offline up");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      pid: process.pid,
      host: hostname(),
      command: "pulumi-offline up",
    });
    release();
    release();
    expect(files()).toEqual([]);
    expect(takenOver).toEqual([]);
  });

  it("rejects a second holder in the same process", () => {
    const release = take("pulumi-offline up");
    expect(rejection("pulumi-offline destroy")).toEqual({ file, pid: process.pid, host: hostname() });
    release();
    take("pulumi-offline destroy")();
    expect(takenOver).toEqual([]);
  });

  it("rejects while another process lives, and takes the lock over once that process is dead", async () => {
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    const ended = once(other, "exit");
    take("unused")();
    writeFileSync(file, owner(other.pid ?? 0));
    expect(rejection("pulumi-offline up")).toMatchObject({ pid: other.pid });
    expect(existsSync(file)).toBe(true);
    other.stdin?.end();
    await ended;
    const release = take("pulumi-offline up");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
    expect(takenOver).toMatchObject([{ command: "pulumi-offline up", pid: other.pid }]);
    release();
    expect(files()).toEqual([]);
  });

  it.each(["fresh", "left by a dead process"])("lets one of several win that start together: %s", async (kind) => {
    take("unused")();
    if (kind !== "fresh") writeFileSync(file, owner(deadPid()));
    const script = `
      const { takeLock } = require(${JSON.stringify(resolve(__dirname, "../../engine/dist/engine/file-lock"))});
      try { takeLock(${JSON.stringify(file)}, "up"); console.log("won"); } catch (error) { console.log(error.name); }
      process.stdin.resume();`;
    const rivals = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] }),
    );
    // One that ends without a word must not be waited for.
    const firstOf = async (rival: (typeof rivals)[number]) =>
      String((await Promise.race([once(rival.stdout, "data"), once(rival, "exit")]))[0]);
    const said = await Promise.all(rivals.map(firstOf));
    for (const rival of rivals) rival.stdin.end();
    await Promise.all(rivals.map((rival) => once(rival, "exit")));
    expect(said.sort()).toEqual(["LockedError\n", "LockedError\n", "won\n"]);
  });

  it("never takes a lock over from another host", () => {
    const pid = deadPid();
    take("unused")();
    writeFileSync(file, owner(pid, "another-host"));
    expect(rejection("pulumi-offline up")).toEqual({ file, pid, host: "another-host" });
  });

  it("replaces a lock with its own process id that it does not have", () => {
    take("unused")();
    writeFileSync(file, owner(process.pid));
    take("pulumi-offline up")();
    expect(takenOver).toHaveLength(1);
  });

  it("leaves a lock alone when its owner cannot be read", () => {
    take("unused")();
    writeFileSync(file, "{");
    expect(rejection("pulumi-offline up")).toEqual({ file, pid: undefined, host: undefined });
    expect(readFileSync(file, "utf8")).toBe("{");
  });

  it("rejects while another process takes the lock over", () => {
    take("unused")();
    const pid = deadPid();
    writeFileSync(file, owner(pid));
    writeFileSync(`${file}.takeover`, owner(process.ppid));
    expect(rejection("pulumi-offline up")).toMatchObject({ file: `${file}.takeover`, pid: process.ppid });
    expect(files()).toEqual(["dev.lock", "dev.lock.takeover"]);
    expect(readFileSync(file, "utf8")).toBe(owner(pid));
  });

  it.each(["a dead process", "a process with this id before this one"])(
    "ignores a takeover that %s had begun",
    (who) => {
      take("unused")();
      const pid = deadPid();
      writeFileSync(file, owner(pid));
      writeFileSync(`${file}.takeover`, owner(who === "a dead process" ? pid : process.pid));
      take("pulumi-offline up");
      expect(files()).toEqual(["dev.lock"]);
    },
  );

  it("deletes what dead processes left, and nothing of a living one", () => {
    take("unused")();
    const [dead, living] = [`dev.lock.${deadPid()}`, `dev.lock.${process.ppid}`];
    for (const name of [dead, living, "dev.lock.old"]) writeFileSync(join(folder, "stacks", name), "x");
    writeFileSync(`${file}.takeover`, owner(deadPid()));
    take("pulumi-offline up");
    expect(files().sort()).toEqual(["dev.lock", living, "dev.lock.old"].sort());
  });
});
