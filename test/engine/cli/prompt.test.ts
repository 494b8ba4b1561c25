import { PassThrough } from "node:stream";
import type { CommandIo } from "../../../engine/commands";
import { confirm, isConfirmed, isInteractive } from "../../../engine/commands/prompt";

function io(more: {
  input?: string;
  tty?: [stdin: boolean, stdout: boolean];
  env?: CommandIo["env"];
  signal?: AbortSignal;
}) {
  const printed = { text: "" };
  const [stdinTty, stdoutTty] = more.tty ?? [true, true];
  const stdin = Object.assign(new PassThrough(), { isTTY: stdinTty });
  if (more.input !== undefined) stdin.end(more.input);
  const made: CommandIo = {
    stdout: { write: (text) => (printed.text += text), isTTY: stdoutTty },
    stderr: { write: () => undefined },
    env: more.env ?? {},
    cwd: "/",
    stdin,
    ...(more.signal && { signal: more.signal }),
  };
  return { made, printed };
}

test.each<[input: string, answer: boolean, asked: number]>([
  ["yes\n", true, 1],
  ["Y\n", true, 1],
  ["  YES  \n", true, 1],
  ["yes", true, 1],
  ["no\n", false, 1],
  ["n\r\n", false, 1],
  ["", false, 1],
  ["\n", false, 2],
  ["maybe\nyes\n", true, 2],
  ["details\nd\nno\nyes\n", false, 3],
])("%j is %s", async (input, answer, asked) => {
  const { made, printed } = io({ input });
  expect(await confirm(made, "Do it?", () => "<details>")).toBe(answer);
  expect(printed.text.match(/Do it\? \[yes\/no\/details\] /g)).toHaveLength(asked);
  expect(printed.text.match(/<details>/g) ?? []).toHaveLength(input.startsWith("details") ? 2 : 0);
});

test("an interruption is a no", async () => {
  const abort = new AbortController();
  const { made } = io({ signal: abort.signal });
  const answer = confirm(made, "Do it?", () => "");
  abort.abort();
  expect(await answer).toBe(false);
});

test("without an input there is no yes", async () => {
  const { stdin: _, ...silent } = io({}).made;
  expect(await confirm(silent, "Do it?", () => "")).toBe(false);
  expect(isInteractive(silent, false)).toBe(false);
});

test.each<[[boolean, boolean], boolean | undefined, boolean]>([
  [[true, true], undefined, true],
  [[true, true], true, false],
  [[true, false], undefined, false],
  [[false, true], undefined, false],
])("terminals %j, --non-interactive %s: a question can be asked: %s", (tty, nonInteractive, expected) => {
  expect(isInteractive(io({ tty }).made, nonInteractive)).toBe(expected);
});

test.each<[boolean | undefined, string | undefined, boolean]>([
  [true, undefined, true],
  [undefined, "true", true],
  [undefined, "1", true],
  [undefined, "TRUE", true],
  [undefined, "false", false],
  [undefined, "", false],
  [false, undefined, false],
])("--yes %s, PULUMI_SKIP_CONFIRMATIONS %j: %s", (yes, value, expected) => {
  const env = value === undefined ? {} : { PULUMI_SKIP_CONFIRMATIONS: value };
  expect(isConfirmed(yes, io({ env }).made)).toBe(expected);
});
