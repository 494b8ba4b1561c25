import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnusableFile } from "../../../provider/messages/message";
import type { EventLogColumns, FileProfile } from "../../../provider/profile/file-profile";
import { profileFile } from "../../../provider/profile/profile-file";
import { type Format, SourceFile } from "../../../provider/profile/source-file";

const folder = mkdtempSync(join(tmpdir(), "profiled-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;

/** What a file of this content is found to be. */
export function profileOf(
  content: string | Uint8Array,
  format: Format = "csv",
  eventLog?: EventLogColumns,
): Promise<FileProfile> {
  const name = `file-${files++}`;
  writeFileSync(join(folder, name), content);
  return profileFile({ source: new SourceFile(folder, name), format, ...(eventLog && { eventLog }) });
}

/** Why it is rejected, without the options; `accepted` where it is not. */
export function refusalOf(...[content, format, eventLog]: Parameters<typeof profileOf>): Promise<string> {
  return profileOf(content, format, eventLog).then(
    () => "accepted",
    (error) => (error instanceof UnusableFile ? error.message : `not expected: ${error}`),
  );
}
