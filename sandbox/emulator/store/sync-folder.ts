import { open } from "node:fs/promises";

/** Without it a power cut can undo a rename although the file itself is safe. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().catch(() => undefined); // Windows cannot sync a folder.
  await folder.close();
}
