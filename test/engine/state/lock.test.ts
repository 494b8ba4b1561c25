import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { acquireLock, releaseAllLocks } from "../../../engine/state/lock";

let folder: string;
let file: string;
let warnings: string[];
const warn = (message: string) => warnings.push(message);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lock-"));
  file = join(folder, "stacks", "dev.lock");
  warnings = [];
});
afterEach(() => {
  releaseAllLocks();
  rmSync(folder, { recursive: true });
});

function owner(pid: number, host = hostname()): string {
  return JSON.stringify({ pid, host, command: "pulumi-offline up", time: "2026-01-02T03:04:05.000Z" });
}

describe("the lock of a stack", () => {
  it("names its owner while it is held, and is gone afterwards", () => {
    const release = acquireLock(file, "pulumi-offline up", warn);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({
      pid: process.pid,
      host: hostname(),
      command: "pulumi-offline up",
    });
    release();
    release();
    expect(existsSync(file)).toBe(false);
    expect(warnings).toEqual([]);
  });

  it("is refused to a second run in this process", () => {
    const release = acquireLock(file, "pulumi-offline up", warn);
    expect(() => acquireLock(file, "pulumi-offline destroy", warn)).toThrow(
      `the stack is locked by "pulumi-offline up" (process ${process.pid} on ${hostname()}`,
    );
    release();
    acquireLock(file, "pulumi-offline destroy", warn)();
    expect(warnings).toEqual([]);
  });

  it("is refused while another process lives, and taken over with a warning once it is dead", async () => {
    const other = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
    const ended = once(other, "exit");
    acquireLock(file, "unused", warn)();
    writeFileSync(file, owner(other.pid ?? 0));
    expect(() => acquireLock(file, "pulumi-offline up", warn)).toThrow(`process ${other.pid} on`);
    expect(existsSync(file)).toBe(true);
    other.stdin?.end();
    await ended;
    const release = acquireLock(file, "pulumi-offline up", warn);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ pid: process.pid });
    expect(warnings).toEqual([
      expect.stringContaining(`took over the lock of "pulumi-offline up" (process ${other.pid}`),
    ]);
    release();
    expect(existsSync(file)).toBe(false);
  });

  it.each(["fresh", "left by a dead process"])("has one winner of several that start at once: %s", async (kind) => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    acquireLock(file, "unused", warn)();
    if (kind !== "fresh") writeFileSync(file, owner(pid));
    const script = `
      const { acquireLock } = require(${JSON.stringify(resolve(__dirname, "../../../engine/dist/engine/state/lock"))});
      try { acquireLock(${JSON.stringify(file)}, "up", () => {}); console.log("won"); } catch (error) { console.log(error.message); }
      process.stdin.resume();`;
    const rivals = Array.from({ length: 3 }, () => spawn(process.execPath, ["-e", script], { stdio: "pipe" }));
    const said = await Promise.all(rivals.map(async ({ stdout }) => String((await once(stdout, "data"))[0])));
    for (const rival of rivals) rival.stdin.end();
    await Promise.all(rivals.map((rival) => once(rival, "exit")));
    expect(said.filter((text) => text === "won\n")).toHaveLength(1);
    expect(said.filter((text) => text.startsWith("the stack is locked by"))).toHaveLength(2);
  });

  it("is never taken from another host", () => {
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    acquireLock(file, "unused", warn)();
    writeFileSync(file, owner(pid, "another-host"));
    expect(() => acquireLock(file, "pulumi-offline up", warn)).toThrow(`process ${pid} on another-host`);
  });

  it("is stale when it names this process, which does not hold it", () => {
    acquireLock(file, "unused", warn)();
    writeFileSync(file, owner(process.pid));
    acquireLock(file, "pulumi-offline up", warn)();
    expect(warnings).toHaveLength(1);
  });

  it("is left alone when its owner cannot be read, or while another run takes it over", () => {
    acquireLock(file, "unused", warn)();
    writeFileSync(file, "{");
    expect(() => acquireLock(file, "pulumi-offline up", warn)).toThrow(`delete ${file}`);
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    writeFileSync(file, owner(pid));
    writeFileSync(`${file}.takeover`, owner(pid));
    expect(() => acquireLock(file, "pulumi-offline up", warn)).toThrow(`${file}.takeover`);
  });
});
