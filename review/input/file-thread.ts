import * as path from "node:path";
import { Worker } from "node:worker_threads";
import { UnusableFile } from "../../provider/messages/message";
import type { EventLogColumns } from "../../provider/profile/file-profile";
import { CaseIndex } from "./case-index";
import { type ReviewedFile, readFile } from "./reviewed-file";

/** What the thread is to read. */
export interface ThreadRequest {
  file: string;
  eventLog: EventLogColumns | undefined;
}

/** A file, or what an {@link UnusableFile} says. */
export type ThreadResponse = { file: ReviewedFile } | { fault: string; options: readonly string[] };

/** As {@link readFile}, while this thread reads another file. It reads here where there can be no thread. */
export async function readInThread(file: string, eventLog: EventLogColumns | undefined): Promise<ReviewedFile> {
  const response = await askThread({ file, eventLog }).catch(() => undefined);
  if (response === undefined) return readFile(file, eventLog);
  if ("fault" in response) throw new UnusableFile(response.fault, response.options);
  return withMethods(response.file);
}

/** Rejects where there is no built file for it, Node's permission model forbids threads, or it ends too soon. */
function askThread(workerData: ThreadRequest): Promise<ThreadResponse> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(path.join(__dirname, "file-thread-worker.js"), { workerData });
    worker.once("message", resolve).once("error", reject).once("exit", reject);
  });
}

/** Values come out of a thread without their classes. */
function withMethods(file: ReviewedFile): ReviewedFile {
  const { process } = file;
  if (typeof process !== "object") return file;
  const { contents } = process;
  return { ...file, process: { ...process, contents: { ...contents, index: CaseIndex.from(contents.index) } } };
}
