import * as path from "node:path";
import { profileFile } from "../../provider/profile/profile-file";
import { SourceFile } from "../../provider/profile/source-file";

/** `hash.js hash|profile FILE`: what `check` does with a file. Of an xls nothing is looked at but its bytes. */

async function main(): Promise<void> {
  const [what, file = ""] = process.argv.slice(2);
  const format = what === "profile" ? "csv" : "xls";
  const { contentSha256, table } = await profileFile({ source: new SourceFile(path.dirname(file), file), format });
  process.stdout.write(`${JSON.stringify({ contentSha256, rows: table?.rows })}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
