import type { LogMessage, Op } from "../model";
import { looksOf, type Paint } from "./paint";
import type { RunRecord } from "./run-record";
import { plural } from "./tree";
import { parseUrn, STACK_TYPE, shortType } from "./urn";

const ORDER: Op[] = ["create", "update", "delete", "replace", "refresh", "discard"];

/** The `Resources:` section. A failed preview has none: it would tell half of what would happen. */
export function summaryLines(record: RunRecord, paint: Paint): string[] {
  const { result, dryRun } = record;
  if (!result || (dryRun && !result.ok)) return [];
  const kinds = ORDER.flatMap((op) => {
    const count = result.changes[op] ?? 0;
    return count > 0 ? [{ op, count }] : [];
  });
  const lines = kinds.map(({ op, count }) => {
    const looks = looksOf(op);
    return `    ${paint(looks.colour, `${looks.symbol}${count} ${dryRun ? `to ${looks.plan}` : looks.done}`)}`;
  });
  const changes = kinds.reduce((sum, { count }) => sum + count, 0);
  const same = result.changes.same ?? 0;
  const last = [
    ...(kinds.length > 1 ? [paint("bold", `${changes} ${plural("change", changes)}`)] : []),
    ...(same > 0 ? [`${same} unchanged`] : []),
  ];
  if (last.length > 0) lines.push(`    ${last.join(". ")}`);
  if (result.errors > 0) lines.push(`    ${paint("red", `${result.errors} errored`)}`);
  return lines;
}

/** The `Diagnostics:` section: messages grouped by resource, in the order the resources first spoke. */
export function diagnosticLines(record: RunRecord, paint: Paint, stackName: string): string[] {
  const groups = new Map<string, LogMessage[]>();
  const stackUrn = record.steps.find(({ step }) => step.type === STACK_TYPE)?.step.urn ?? "";
  for (const diagnostic of record.diagnostics) {
    if (diagnostic.severity === "debug") continue;
    const urn = diagnostic.urn || stackUrn;
    groups.set(urn, [...(groups.get(urn) ?? []), diagnostic]);
  }
  return [...groups].flatMap(([urn, messages], index) => {
    const { type, name } = urn ? parseUrn(urn) : { type: STACK_TYPE, name: stackName };
    return [
      ...(index > 0 ? [""] : []),
      `  ${paint("blue", `${shortType(type)} (${name})`)}:`,
      ...messages.flatMap((message) => messageText(message, paint).map((line) => `    ${line}`.trimEnd())),
    ];
  });
}

function messageText(diagnostic: LogMessage, paint: Paint): string[] {
  const text = cleanText(diagnostic.message);
  const { severity } = diagnostic;
  const prefix = severity === "info" ? "" : `${paint(severity === "error" ? "red" : "yellow", severity)}: `;
  return `${prefix}${text}`.split("\n");
}

const COLOUR_TAGS = /<\{%.*?%\}>/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const COLOUR_CODES = /\u001b\[[0-9;]*m/g;

/** A message as text alone: programs send terminal colours, and Pulumi's own colour tags. */
export function cleanText(message: string): string {
  return message.replace(COLOUR_CODES, "").replace(COLOUR_TAGS, "").replaceAll("\r\n", "\n").trimEnd();
}
