import { getEventListeners } from "node:events";
import { runCommand } from "./commands";
import { releaseAllLocks } from "./file-lock";

const INTERRUPTED = 1;
const abort = new AbortController();
const terminate = new AbortController();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // A terminal that closes says so more than once: nobody asked twice.
    if (signal === "SIGHUP" && abort.signal.aborted) return;
    // A run lets its steps finish and a question takes it for a no; what listens to nothing has nothing to finish.
    const isHeard = getEventListeners(abort.signal, "abort").length > 0;
    if (abort.signal.aborted || !isHeard) {
      terminate.abort();
      process.exit(INTERRUPTED);
    }
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
  terminate: terminate.signal,
}).then((code) => {
  process.exitCode = code;
});
