import { type Block, code, Importance, type Line, type Tone } from "../document";
import type { Diagnostic, Preview } from "../input/preview";
import { messageParts, prose } from "./facts";

/** Inputs of an upload that reject a file, or a run. */
const GUARD_RAILS = new Set([
  "acceptSha256",
  "appendOnly",
  "forbidNewActivities",
  "latestEventWithin",
  "maxCaseDropPercent",
  "maxRowDropPercent",
  "onColumnsRemoved",
  "requireActivities",
  "requireColumns",
  "whenMissing",
  "whenTableHasRows",
]);

/** How many of a preview's errors are guard rails that failed, and how many are others. */
export function errorCounts({ errors }: Preview): { guardRails: number; others: number } {
  const guardRails = errors.filter(({ property = "" }) => GUARD_RAILS.has(property)).length;
  return { guardRails, others: errors.length - guardRails };
}

/** One sentence each; what to do is folded. */
export function diagnosticBlocks(tone: Tone, diagnostics: Diagnostic[]): Block[] {
  if (diagnostics.length === 0) return [];
  const importance = tone === "bad" ? Importance.errors : Importance.warnings;
  const all = diagnostics.map((diagnostic) => ({ diagnostic, ...messageParts(diagnostic.message) }));
  const items = all.map(({ diagnostic, first }): Line => [...subject(diagnostic), ...prose(first)]);
  const longer = all.filter(({ rest }) => rest.length > 0);
  const whatToDo = longer.flatMap(({ diagnostic, first, rest }): Block[] => [
    { kind: "paragraph", line: [...subject(diagnostic), ...prose(first)], importance },
    { kind: "list", items: rest.map(prose), importance },
  ]);
  const folded: Block = {
    kind: "details",
    summary: [`What to do (${tone === "bad" ? "errors" : "warnings"} in full)`],
    blocks: whatToDo,
    importance: Importance.otherSteps,
  };
  return [{ kind: "list", tone, items, importance }, ...(longer.length > 0 ? [folded] : [])];
}

/** What a message is about. */
export function subject({ name, type }: Pick<Diagnostic, "name" | "type">): Line {
  return name === undefined ? [] : [`${type} `, code(name), ": "];
}
