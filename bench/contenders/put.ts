import { closeSync, fstatSync, openSync } from "node:fs";
import { putFile } from "../../provider/api/upload";

/** `put.js URL FILE [SHA256]`: one PUT. Without a hash the bytes are only sent, which is all curl does. */

async function main(): Promise<void> {
  const [url = "", file = "", sha256] = process.argv.slice(2);
  const descriptor = openSync(file, "r");
  const result = await putFile({
    url,
    descriptor,
    sizeBytes: fstatSync(descriptor).size,
    sha256,
    timeoutMs: 600_000,
    proxyFor: () => undefined,
    doing: `uploading "${file}"`,
  });
  closeSync(descriptor);
  if (result.kind === "failed") throw result.error;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
