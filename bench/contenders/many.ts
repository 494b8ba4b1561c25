import * as path from "node:path";
import { datatableUpload } from "../../provider/lifecycle";

/**
 * Many small files in one process, through what Pulumi calls: `many.js check|create FILE_COUNT`, in the folder of the
 * files. Prints the seconds of the body alone: the provider process is up and warm of other resources long before.
 */

async function main(): Promise<void> {
  const [what, count] = process.argv.slice(2);
  const files = Array.from({ length: Number(count) }, (_, index) => `small-${index}.csv`);
  const wanted = files.map((source) => ({
    source,
    datatableId: "table",
    datasetId: "set",
    tenantId: "tenant",
    waitForRowsSeconds: 0,
  }));
  const started = performance.now();
  const checked = await Promise.all(wanted.map((inputs) => datatableUpload.check({}, inputs)));
  const checkSeconds = (performance.now() - started) / 1000;
  const [refused] = checked.flatMap(({ failures }) => failures);
  if (refused !== undefined) throw new Error(refused.reason);
  if (what === "check") {
    report(checkSeconds);
    return;
  }
  const creating = performance.now();
  await Promise.all(checked.map(({ inputs }) => datatableUpload.create(inputs)));
  report((performance.now() - creating) / 1000);
}

function report(seconds: number): void {
  process.stdout.write(`${JSON.stringify({ seconds })}\n`);
}

main().catch((error: unknown) => {
  console.error(path.basename(__filename), error);
  process.exitCode = 1;
});
