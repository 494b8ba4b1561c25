import * as fs from "node:fs";
import { datatableUpload, type Properties } from "../../provider/lifecycle";

/**
 * Many small files in one process, through what Pulumi calls, in the folder of the files:
 *
 *     many.js first COUNT    checks them as new, and keeps what a state would keep of them
 *     many.js check COUNT    checks them again, unchanged
 *     many.js create COUNT   uploads them, each for the first time into a table of its own
 *     many.js update COUNT   uploads them again, as changed files
 *
 * Prints the seconds of the last step alone: Pulumi starts the provider process once for everything.
 */

const STATE = "state.json";

async function main(): Promise<void> {
  const [what, count] = process.argv.slice(2);
  const wanted = Array.from({ length: Number(count) }, (_, index) => wantedOf(index));
  const old = what === "first" ? [] : (JSON.parse(fs.readFileSync(STATE, "utf8")) as Properties[]);
  const started = performance.now();
  if (what === "create") await Promise.all(old.map((inputs) => datatableUpload.create(inputs)));
  else if (what === "update") await Promise.all(old.map((inputs) => datatableUpload.update("id", inputs, inputs)));
  else {
    const inputs = await Promise.all(wanted.map((each, index) => check(old[index] ?? {}, each)));
    if (what === "first") fs.writeFileSync(STATE, JSON.stringify(inputs));
  }
  process.stdout.write(`${JSON.stringify({ seconds: (performance.now() - started) / 1000 })}\n`);
}

function wantedOf(index: number): Properties {
  const source = `small-${index}.csv`;
  return { source, datatableId: `table-${index}`, datasetId: "set", tenantId: "tenant", waitForRowsSeconds: 0 };
}

async function check(old: Properties, wanted: Properties): Promise<Properties> {
  const { inputs, failures } = await datatableUpload.check(old, wanted);
  if (failures[0] !== undefined) throw new Error(failures[0].reason);
  return inputs;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
