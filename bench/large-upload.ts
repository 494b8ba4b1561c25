import { spawn, spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { startEmulator } from "processmind-emulator";
import { makeFolder, writeEventLog } from "./files";

/**
 * `npm run bench:4gb`: a file of 4 GB through `up` on the local engine and the emulator, which keeps it on disk. The exit
 * code is 0 when what storage has is, by `sha256sum`, what the program named.
 */

const SIZE_BYTES = 4_000_000_000;
const REPOSITORY = path.resolve(__dirname, "../../..");

const PROGRAM = `
const { Dataset, Datatable, DatatableUpload } = require("pulumi-processmind");
const dataset = new Dataset("large", { displayName: "Large" });
const table = new Datatable("large", { datasetId: dataset.id, displayName: "Large" });
const upload = new DatatableUpload("large", {
  datasetId: dataset.id, datatableId: table.id, source: "large.csv", waitForRowsSeconds: 0,
});
exports.sha256 = upload.contentSha256;
`;

async function main(): Promise<void> {
  const folder = await makeFolder(2 * SIZE_BYTES);
  try {
    await writeProgram(folder);
    await writeEventLog(path.join(folder, "large.csv"), SIZE_BYTES);
    const data = path.join(folder, "emulator");
    // Reading in 4 GB of rows would take minutes, and is not what this is about.
    const emulator = await startEmulator({ dataDir: data, behaviour: { ingestion: "never" } });
    const started = performance.now();
    const code = await up(folder, emulator.environment);
    const seconds = (performance.now() - started) / 1000;
    const [upload] = emulator.uploads();
    await emulator.close();
    const [object = ""] = await fs.readdir(path.join(data, "objects"));
    const sums = [sha256sum(path.join(folder, "large.csv")), sha256sum(path.join(data, "objects", object))];
    const isSame = code === 0 && sums[0] === sums[1] && upload?.object?.sha256 === sums[0];
    process.stdout.write(
      `\nup ended with ${code} after ${seconds.toFixed(0)} s.\nfile   ${sums[0]}\nobject ${sums[1]}\n` +
        `${isSame ? "The same: yes." : "The same: NO."}\n`,
    );
    process.exitCode = isSame ? 0 : 1;
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function writeProgram(folder: string): Promise<void> {
  await fs.writeFile(path.join(folder, "package.json"), JSON.stringify({ name: "large", main: "index.js" }));
  await fs.writeFile(path.join(folder, "Pulumi.yaml"), "name: large\nruntime: nodejs\n");
  await fs.writeFile(path.join(folder, "index.js"), PROGRAM);
  await fs.symlink(path.join(REPOSITORY, "node_modules"), path.join(folder, "node_modules"), "junction");
}

async function up(folder: string, environment: NodeJS.ProcessEnv): Promise<number | null> {
  const engine = path.join(REPOSITORY, "engine/dist/engine/bin.js");
  const args = [engine, `--state-dir=${path.join(folder, "state")}`, "up", "--stack=dev", "--yes", `--cwd=${folder}`];
  const env = { ...process.env, PULUMI_CONFIG_PASSPHRASE: "large", ...environment };
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

function sha256sum(file: string): string {
  const { status, stdout, stderr } = spawnSync("sha256sum", [file], { encoding: "utf8" });
  if (status !== 0) throw new Error(`sha256sum ${file}: ${stderr || "not installed"}`);
  return stdout.slice(0, 64);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
