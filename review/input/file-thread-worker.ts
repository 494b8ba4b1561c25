import { parentPort, workerData } from "node:worker_threads";
import { UnusableFile } from "../../provider/messages/message";
import type { ThreadRequest, ThreadResponse } from "./file-thread";
import { readFile } from "./reviewed-file";

/** Reads one file in a thread of its own, for ./file-thread. */
async function main({ file, eventLog }: ThreadRequest): Promise<ThreadResponse> {
  try {
    return { file: await readFile(file, eventLog) };
  } catch (error) {
    if (!(error instanceof UnusableFile)) throw error;
    return { fault: error.message, options: error.options };
  }
}

void main(workerData as ThreadRequest).then((response) => parentPort?.postMessage(response));
