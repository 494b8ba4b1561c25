import type { DeploymentResult, LogMessage, Op } from "../model";
import { parseUrn, shortType } from "../urn";
import { looksOf, type Paint } from "./paint";
import type { RunRecord } from "./run-record";

const DONE: { [op in Op]?: string } = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  refresh: "refreshed",
  "discard-replaced": "discarded",
};

/** The `Resources:` section, and how long a run took. `errored` counts the resources that reported an error. */
export function summaryText(result: DeploymentResult, dryRun: boolean, errored: number, paint: Paint): string {
  const kinds = Object.entries(DONE).flatMap(([op, done]) => {
    const count = result.changes[op as Op] ?? 0;
    return count > 0 ? [{ op: op as Op, done, count }] : [];
  });
  const lines = kinds.map(({ op, done, count }) => {
    const { symbol, colour } = looksOf(op);
    return `    ${paint(colour, `${symbol}${count} ${dryRun ? `to ${op}` : done}`)}`;
  });
  const changes = kinds.reduce((sum, { count }) => sum + count, 0);
  const same = result.changes.same ?? 0;
  const last = [
    ...(kinds.length > 1 ? [paint("bold", `${changes} ${plural("change", changes)}`)] : []),
    ...(same > 0 ? [`${same} unchanged`] : []),
  ];
  if (last.length > 0) lines.push(`    ${last.join(". ")}`);
  if (errored > 0) lines.push(`    ${paint("red", `${errored} errored`)}`);
  const duration = dryRun ? "" : `\n${paint("bold", "Duration:")} ${durationText(Math.ceil(result.seconds))}\n`;
  return [paint("bold", "Resources:"), ...lines].map((line) => `${line}\n`).join("") + duration;
}

function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const rest = `${seconds % 60}s`;
  return hours > 0 ? `${hours}h${minutes}m${rest}` : minutes > 0 ? `${minutes}m${rest}` : rest;
}

/**
 * The `Diagnostics:` section: messages grouped by resource, in the order the resources first spoke. What a process printed
 * stands apart from what was reported.
 */
export function diagnosticText(record: RunRecord, paint: Paint, stackUrn: string): string {
  const groups = new Map<string, Map<number, LogMessage[]>>();
  for (const diagnostic of record.diagnostics) {
    const { severity, message, urn, streamId } = diagnostic;
    if (severity === "debug" || cleanText(message) === "") continue;
    const streams = groups.get(urn || stackUrn) ?? new Map<number, LogMessage[]>();
    groups.set(urn || stackUrn, streams);
    streams.set(streamId, [...(streams.get(streamId) ?? []), diagnostic]);
  }
  const blocks = [...groups].map(([urn, streams]) => {
    const { type, name } = parseUrn(urn);
    const bodies = [...streams.values()].flatMap((messages) => {
      const lines = messages.flatMap((message) => prefixed(message, paint).split("\n"));
      return [...lines.map((line) => `    ${line}`.trimEnd()), ""];
    });
    return [`  ${paint("blue", `${shortType(type)} (${name})`)}:`, ...bodies];
  });
  return blocks.length === 0 ? "" : `${[paint("bold", "Diagnostics:"), ...blocks.flat()].join("\n")}\n`;
}

/** How many resources reported an error; what no resource reported is the stack's. */
export function errorCount(record: RunRecord, stackUrn: string): number {
  const errors = record.diagnostics.filter(({ severity }) => severity === "error");
  return new Set(errors.map(({ urn }) => urn || stackUrn)).size;
}

/** A message with its severity in front, unless it is only for information. */
export function prefixed({ severity, message }: LogMessage, paint: Paint): string {
  const prefix = severity === "info" ? "" : `${paint(severity === "error" ? "red" : "yellow", `${severity}:`)} `;
  return prefix + cleanText(message);
}

/** `1 error`, `2 errors`: the word alone. */
export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

const COLOUR_TAGS = /<\{%.*?%\}>/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const COLOUR_CODES = /\u001b\[[0-9;]*m/g;

/** A message as text alone: programs send terminal colours, and Pulumi's own colour tags. */
export function cleanText(message: string): string {
  return message.replace(COLOUR_CODES, "").replace(COLOUR_TAGS, "").replaceAll("\r\n", "\n").trimEnd();
}
