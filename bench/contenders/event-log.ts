import * as path from "node:path";
import { profileFile } from "../../provider/profile/profile-file";
import { extensionOf, type Format, SourceFile } from "../../provider/profile/source-file";

/** `event-log.js FILE`: what `check` does with a file that is an event log. */

const EVENT_LOG = { caseId: "case_id", activity: "activity", timestamp: "timestamp" };

async function main(): Promise<void> {
  const [file = ""] = process.argv.slice(2);
  const format = extensionOf(file) as Format;
  const eventLog = format === "xes" ? undefined : EVENT_LOG;
  const profile = await profileFile({ source: new SourceFile(path.dirname(file), file), format, eventLog });
  process.stdout.write(`${JSON.stringify(profile.eventLog ?? profile.warnings)}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
