import * as fs from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import { datatableUpload, type Properties } from "../../provider/lifecycle";

/**
 * `limits.js FILE…`: checks files of the working folder as Pulumi asks for it, all at the same time, each with its event log. Prints what the
 * memory of the process grew by, and for how long the event loop stood still at most.
 */

const EVENT_LOG = { caseId: "case_id", activity: "activity", timestamp: "timestamp" };

async function main(): Promise<void> {
  const files = process.argv.slice(2);
  const idleBytes = process.memoryUsage.rss();
  const turns = watchTurns();
  const checks: Promise<void>[] = [];
  for (const file of files) {
    checks.push(check(file));
    // Pulumi's calls arrive one by one.
    await nextTurn();
  }
  await Promise.all(checks);
  const longestBlockMs = await turns.longestMs();
  process.stdout.write(`${JSON.stringify({ aboveIdleBytes: peakBytes() - idleBytes, longestBlockMs })}\n`);
}

/** Looks at the clock in every turn of the event loop. */
function watchTurns(): { longestMs(): Promise<number> } {
  let before = ranMs();
  let longest = 0;
  const look = () => {
    const now = ranMs();
    longest = Math.max(longest, now - before);
    before = now;
  };
  const timer = setInterval(look, 1);
  return {
    longestMs: async () => {
      // What has run until now counts with the next turn.
      await new Promise((resolve) => setTimeout(resolve, 10));
      clearInterval(timer);
      return longest;
    },
  };
}

/** How long this thread has run: on a busy machine other processes take what is in between. Without /proc, the clock. */
function ranMs(): number {
  const ranNs = Number(readIfThere("/proc/thread-self/schedstat").split(" ")[0]);
  return ranNs > 0 ? ranNs / 1e6 : performance.now();
}

/** `maxRSS` of a process that was started by another begins with the memory of that one; the kernel's own peak does not. */
function peakBytes(): number {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readIfThere("/proc/self/status"))?.[1];
  return 1024 * Number(found ?? process.resourceUsage().maxRSS);
}

function readIfThere(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

async function check(source: string): Promise<void> {
  const ids: Properties = { datatableId: "table", datasetId: "set", tenantId: "tenant" };
  const eventLog = source.endsWith(".xes") || source.startsWith("small-") ? {} : { eventLog: EVENT_LOG };
  const { failures } = await datatableUpload.check({}, { ...ids, ...eventLog, source });
  if (failures[0] !== undefined) throw new Error(failures[0].reason);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
