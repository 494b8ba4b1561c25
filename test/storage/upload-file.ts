import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import type { PutResult } from "../../provider/api/storage-answer";
import { type PutRequest, putFile } from "../../provider/api/upload";

/** The SHA-256 of some bytes, as `sha256sum` prints it. */
export function sha256(bytes: Buffer | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** One PUT of the file as it is now, or as `parts` says. */
export async function put(url: string, path: string, parts: Partial<PutRequest> = {}): Promise<PutResult> {
  const content = await fs.readFile(path);
  const file = await fs.open(path);
  try {
    return await putFile({
      url,
      descriptor: file.fd,
      sizeBytes: content.length,
      sha256: sha256(content),
      timeoutMs: 60_000,
      proxyFor: () => undefined,
      doing: 'uploading "orders.csv" to Datatable "t"',
      ...parts,
    });
  } finally {
    await file.close();
  }
}

/** A result in a form that compares: `stored`, or the error's code, whether a retry may help, and the message. */
export function summary(result: PutResult): "stored" | [code: string, mayRetry: boolean, message: string] {
  return result.kind === "stored" ? "stored" : [result.error.code, result.mayRetry, result.error.message];
}
