import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandDriver } from "../support/engine-driver-command";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "driver-state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An "engine" that ends well and saves nothing. */
async function runOver(stateFile: string): Promise<unknown> {
  const engine = {
    command: process.execPath,
    prefix: ["-e", "0", "--"],
    env: {},
    stateFile,
    prepare: [],
    failedExitCode: 1,
  };
  const driver = await commandDriver(engine, folder, { env: {} });
  return (await driver.up()).state;
}

test("without a state file there is no state; one that cannot be read after a good run is an error", async () => {
  const file = join(folder, "dev.json");
  expect(await runOver(file)).toBeUndefined();
  writeFileSync(file, '{"checkpoint": {"latest": {"resources": []}}}');
  expect(await runOver(file)).toEqual({ resources: [] });
  writeFileSync(file, '{"checkpoint": ');
  await expect(runOver(file)).rejects.toThrow("JSON");
  await expect(runOver(folder)).rejects.toThrow("EISDIR");
});
