import type { Readable } from "node:stream";
import type { Output } from "../display";
import type { ProgramHost, ProviderHost } from "../model";
import type { Environment } from "../state/passphrase";

/** What a command may touch of the process it runs in. */
export interface CommandIo {
  stdout: Output;
  stderr: Output;
  /** What the command reads, and the environment of the processes it starts. */
  env: Environment;
  cwd: string;
  /** For the prompt, and for values that are not given as arguments. Absent: nothing can be asked. */
  stdin?: Readable & { isTTY?: boolean };
  /** Ends a run gently: running steps finish and are saved, nothing new starts. */
  signal?: AbortSignal;
  /** What runs programs and providers. @defaultValue Pulumi's own processes, new ones for each run */
  hosts?: { program: ProgramHost; provider: ProviderHost };
  /** Aborted just before the process ends in the middle of a run. */
  terminate?: AbortSignal;
}

/** Everything that can be read from standard input, without a final line break. */
export async function readAll(stdin: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Buffer | string));
  return Buffer.concat(chunks)
    .toString("utf8")
    .replace(/\r?\n$/, "");
}
