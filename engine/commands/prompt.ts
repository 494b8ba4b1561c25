import { createInterface } from "node:readline/promises";
import type { CommandIo } from "./io";

/** Whether a question can be asked: both ends are a terminal, and nobody forbade it. */
export function isInteractive(io: CommandIo, nonInteractive: boolean | undefined): boolean {
  return !nonInteractive && io.stdin?.isTTY === true && io.stdout.isTTY === true;
}

/** Whether the answer was given beforehand: `--yes`, or PULUMI_SKIP_CONFIRMATIONS. */
export function isConfirmed(yes: boolean | undefined, io: CommandIo): boolean {
  return yes === true || /^(1|true)$/i.test(io.env["PULUMI_SKIP_CONFIRMATIONS"] ?? "");
}

/** Asks until the answer is yes or no; `details` prints more and asks again. End of input is a no. */
export async function confirm(io: CommandIo, question: string, details: () => string): Promise<boolean> {
  if (!io.stdin) return false;
  const lines = createInterface({ input: io.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  const abandon = () => {
    // The terminal's ^C stands behind the question.
    io.stdout.write("\n");
    lines.close();
  };
  io.signal?.addEventListener("abort", abandon, { once: true });
  const ask = () => io.stdout.write(`${question} [yes/no/details] `);
  try {
    ask();
    for await (const line of lines) {
      const answer = line.trim().toLowerCase();
      if (answer === "yes" || answer === "y") return true;
      if (answer === "no" || answer === "n") return false;
      if (answer === "details" || answer === "d") io.stdout.write(details());
      ask();
    }
    return false;
  } finally {
    io.signal?.removeEventListener("abort", abandon);
    lines.close();
  }
}
