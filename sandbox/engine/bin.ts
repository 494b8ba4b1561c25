#!/usr/bin/env node
import { runCommand } from "./commands";
import { releaseAllLocks } from "./state/lock";

const INTERRUPTED = 255;
const abort = new AbortController();

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (abort.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write("Finishing the running steps; press Ctrl-C again to end at once.\n");
    abort.abort();
  });
}
process.on("exit", releaseAllLocks);
// A reader that has seen enough, such as head, must not end a run half-way.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);

runCommand(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  cwd: process.cwd(),
  signal: abort.signal,
}).then((code) => {
  process.exitCode = code;
});
