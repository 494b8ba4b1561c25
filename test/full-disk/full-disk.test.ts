import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { EmulatorRound, EngineRound } from "./sweep";

/** Files that cannot be written to their end: on a small file system, and under a limit on the size of a file. */

const SWEEP = ["-r", path.resolve(__dirname, "../../scripts/typescript.js"), path.join(__dirname, "sweep.ts")];
const LIMIT_BYTES = 12 * 1024;
/** Of the file system: the state, its backup and the draft of the next state are there at the same time. */
const DISK_BYTES = 32 * 1024;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "full-disk-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The mount is seen by this command alone, and goes with it. */
const onSmallDisk = `mount -t tmpfs -o size=${DISK_BYTES} tmpfs "$0" && exec "$@"`;
const mayMount = spawnSync("unshare", ["-m", "sh", "-c", onSmallDisk, tmpdir(), "true"]).status === 0;
/** In blocks of 512 bytes, as POSIX has it. */
const underLimit = `ulimit -f ${LIMIT_BYTES / 512} && exec "$@"`;

const ways: [name: string, command: string[]][] = [
  ...(mayMount ? [["on a small file system", ["unshare", "-m", "sh", "-c", onSmallDisk]] as [string, string[]]] : []),
  ["under a limit on the size of a file", ["sh", "-c", underLimit]],
];

const isUnix = process.platform !== "win32";
(isUnix ? describe : describe.skip).each(ways)("%s", (_name, [command = "", ...args]) => {
  let engine: EngineRound[];
  let emulator: EmulatorRound[];
  beforeAll(() => {
    const sweep = [process.execPath, ...SWEEP, folder, String(LIMIT_BYTES)];
    const { stdout, stderr } = spawnSync(command, [...args, folder, ...sweep], {
      encoding: "utf8",
      maxBuffer: 1 << 26,
      cwd: path.resolve(__dirname, "../.."),
    });
    expect(stderr).toBe("");
    ({ engine, emulator } = JSON.parse(stdout));
  });

  const failed = (verb: EngineRound["verb"]) =>
    engine.filter((round) => round.verb === verb && round.savesBeforeFailure !== undefined);

  test("has a failure in many different saves of a run, and in none", () => {
    for (const verb of ["up", "update"] as const) {
      const hit = new Set(failed(verb).map(({ savesBeforeFailure }) => savesBeforeFailure));
      expect(hit.size).toBeGreaterThan(3);
    }
    expect(failed("destroy").length).toBeGreaterThan(0);
    for (const verb of ["up", "update", "destroy"] as const) {
      expect(engine.filter((round) => round.verb === verb).length).toBeGreaterThan(failed(verb).length);
    }
  });

  test("keeps the state whole when a save fails at any step", () => {
    expect(engine.filter(({ damage, drafts }) => damage !== undefined || drafts.length > 0)).toEqual([]);
  });

  test("fails the run and starts nothing new after a save failed", () => {
    for (const verb of ["up", "update", "destroy"] as const) {
      const rounds = failed(verb).map(({ ok, begunAfterFailure }) => ({ ok, begunAfterFailure }));
      expect(rounds).toEqual(rounds.map(() => ({ ok: false, begunAfterFailure: 0 })));
    }
    expect(engine.filter(({ savesBeforeFailure }) => savesBeforeFailure === undefined).every(({ ok }) => ok)).toBe(
      true,
    );
  });

  test("names the path, the reason and every object that the state lacks", () => {
    const rounds = engine.filter(({ savesBeforeFailure }) => savesBeforeFailure !== undefined);
    for (const { told, differing } of rounds) {
      expect(told).toMatch(
        /error: the state was not saved: .*\((ENOSPC|EFBIG)\)\. Nothing new was started after that\.\n/,
      );
      expect(told).toContain(`${path.join(folder, "engine", "stacks", "shop", "dev.json")} still holds the last save`);
      for (const id of differing) expect(told).toContain(`id "${id}"`);
    }
    expect(rounds.some(({ differing }) => differing.length > 0)).toBe(true);
  });

  test("keeps the emulator's data folder whole, and what was answered as made", () => {
    expect(emulator.filter(({ damage, drafts, lost }) => damage || drafts.length + lost.length > 0)).toEqual([]);
    expect(emulator.some(({ answered, refused }) => answered > 0 && refused.length > 0)).toBe(true);
    for (const message of emulator.flatMap(({ refused }) => refused)) expect(message).toMatch(/ENOSPC|EFBIG/);
  });
});
