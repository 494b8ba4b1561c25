import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Emulator, startEmulator } from "processmind-emulator";
import { Commands } from "../../scripts/start/commands";
import type { Expectation, Stage } from "../../scripts/start/stages";
import { Difference, type TourParts, tour } from "../../scripts/start/tour";
import { WorkFolder } from "../../scripts/start/work-folder";
import { descendantsOf, folderOf, isAlive, type ProcessMark } from "../support/process-tree";
import { newTestKey } from "../support/secret-scan";

const REPOSITORY = path.resolve(__dirname, "../..");
const LOOK_MS = 50;

describe("npm start", () => {
  const onLinux = process.platform === "linux" ? it : it.skip;

  it("goes through all stages", async () => {
    const { output, ended } = startTour();
    const [exitCode] = await ended;
    expect({ exitCode, text: output.text }).toEqual({
      exitCode: 0,
      text: expect.stringContaining("All stages went as they should"),
    });
  });

  onLinux("leaves neither process nor folder behind on Ctrl-C", async () => {
    const { tourist, output, ended } = startTour();
    const family = await familyDuring(/── 2 of/, output, tourist.pid ?? 0, () => tourist.exitCode !== null);
    const folder = family.map(folderOf).find((each) => each?.includes(`${path.sep}.start${path.sep}`)) ?? "";
    expect(fs.existsSync(path.join(folder, "Pulumi.yaml"))).toBe(true);

    tourist.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(output.text).toMatch(/\nStopped\. Nothing was left behind\.\n$/);
    // Ends the test by its time limit if one of them stays.
    while (family.some(isAlive)) await sleep(LOOK_MS);
    expect(fs.existsSync(folder)).toBe(false);
  });
});

function startTour() {
  const args = ["-r", "./scripts/typescript.js", path.join("scripts", "start.ts")];
  const tourist = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "" };
  for (const stream of [tourist.stdout, tourist.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output.text += chunk;
    });
  }
  return { tourist, output, ended: once(tourist, "close") };
}

/** The processes below one, once it has come so far and the transpiler, the engine, its program and its provider run. */
async function familyDuring(
  stage: RegExp,
  output: { text: string },
  pid: number,
  hasEnded: () => boolean,
): Promise<ProcessMark[]> {
  for (;;) {
    const family = descendantsOf(pid);
    if (stage.test(output.text) && family.length >= 4) return family;
    if (hasEnded()) throw new Error(`It ended before it could be stopped:\n${output.text}`);
    await sleep(LOOK_MS);
  }
}

const NOTHING: Expectation = { succeeds: true, prints: [], writes: [], tables: [] };

describe("a stage of the tour", () => {
  let emulator: Emulator;
  let folder: WorkFolder;
  beforeAll(async () => {
    emulator = await startEmulator({ apiKey: newTestKey() });
    folder = new WorkFolder(REPOSITORY, "adopt-existing");
  });
  afterAll(async () => {
    folder.remove();
    await emulator.close();
  });

  /** Plays one stage with node itself in the engine's place: the stage's command is a script. */
  async function play(script: string, expected: Expectation): Promise<unknown> {
    const stage: Stage = { heading: "A try", about: "It is tried.", command: ["-e", script], expected };
    const parts: TourParts = {
      engine: { name: "pulumi-offline", about: "", command: process.execPath, prefix: [], env: {}, prepare: [] },
      emulator,
      folder,
      commands: new Commands(() => undefined),
      surroundings: { cwd: folder.path, env: { ...process.env, ...emulator.environment } },
      show: () => undefined,
    };
    return tour(parts, [stage]).then(
      () => "as it should",
      (error) => (error instanceof Difference ? error.message : error),
    );
  }

  const request = `const {PROCESSMIND_API_URL: url, PROCESSMIND_API_KEY: key, PROCESSMIND_TENANT_ID: tenant} = process.env;
    fetch(url + "/tenant/" + tenant + "/datasets", {method: "POST", headers: {"x-api-key": key}, body: "{}"});`;

  it.each([
    ["passes", "", NOTHING, "as it should"],
    ["succeeded", "", { ...NOTHING, succeeds: false }, "- it succeeded"],
    ["failed", "process.exit(3)", NOTHING, "- it failed"],
    ["lacks words", `console.log("one")`, { ...NOTHING, prints: [/one/, /two/] }, "- the output lacks /two/"],
    ["sent something", request, NOTHING, '- requests: expected [], found ["POST"]'],
    ["lacks rows", "", { ...NOTHING, tables: [5] }, "- rows in tables: expected [5], found []"],
    ["tells the key", "console.log(process.env.PROCESSMIND_API_KEY)", NOTHING, "- the output holds a credential"],
  ])("that %s", async (_what, script, expected, found) => {
    const headline = 'Stage 1 of 2, "A try", differs:\n';
    expect(await play(script, expected)).toBe(found.startsWith("-") ? `${headline}${found}` : found);
  });
});
