import type { EventLogColumns } from "./file-profile";
import { Action, kindsOf, STATE_BITS, STATE_MASK, State, TRANSITIONS } from "./grammar";
import { UnusableFile } from "./source-file";

/** Longer is a text without record ends, or with an open quote; it bounds what is held in memory. */
export const MAX_HEADER_BYTES = 1024 * 1024;
/** What a sheet can hold. Event logs have tens; more is rows written as columns, or a wrong delimiter. */
export const MAX_COLUMNS = 16_384;
/** A name in a message is shown this far. */
const SHOWN_NAME = 60;
const SHOWN_COLUMNS = 20;

/**
 * The column names of a header record.
 *
 * @param bytes - the text up to the header's end, without a byte order mark.
 * @throws UnusableFile when a name is empty or occurs twice, or there are too many.
 */
export function headerNames(bytes: Uint8Array, delimiter: number): string[] {
  const { fields, line } = firstRecord(bytes, delimiter);
  refuseBadNames(fields, `the header on line ${line}`);
  return fields;
}

/** @throws UnusableFile as {@link headerNames} does. `header` names it in the message. */
export function refuseBadNames(names: readonly string[], header: string): void {
  if (names.length > MAX_COLUMNS) {
    throw new UnusableFile(`${header} has ${names.length} columns, and the limit is ${MAX_COLUMNS}. Leave columns out`);
  }
  const seen = new Map<string, number>();
  for (const [i, name] of names.entries()) {
    const number = i + 1;
    if (name.trim() === "") throw new UnusableFile(`column ${number} of ${header} has no name. Give it one`);
    const first = seen.get(name);
    if (first !== undefined) {
      const shown = shortened(name);
      throw new UnusableFile(`${header} names columns ${first} and ${number} "${shown}". Rename or remove one of them`);
    }
    seen.set(name, number);
  }
}

/** @throws UnusableFile naming the columns there are, when one that the event log needs is missing. */
export function requireColumns(wanted: EventLogColumns, columns: readonly string[]): void {
  for (const property of ["caseId", "activity", "timestamp"] as const) {
    if (columns.includes(wanted[property])) continue;
    const names = columns.slice(0, SHOWN_COLUMNS).map((name) => `"${shortened(name)}"`);
    const more = columns.length > names.length ? ` and ${columns.length - names.length} more` : "";
    const missing = `it has no column "${shortened(wanted[property])}", which eventLog.${property} names`;
    throw new UnusableFile(`${missing}. Its columns: ${names.join(", ")}${more}`);
  }
}

/** A name for a message: one line, not too long. */
function shortened(name: string): string {
  const line = name.replace(/\s+/g, " ");
  return line.length > SHOWN_NAME ? `${line.slice(0, SHOWN_NAME)}…` : line;
}

/** The fields of the first record that is not an empty line, and the line it is on. */
function firstRecord(bytes: Uint8Array, delimiter: number): { fields: string[]; line: number } {
  const kinds = kindsOf(delimiter);
  const content = Buffer.alloc(bytes.length);
  const fields: string[] = [];
  let state: number = State.recordStart;
  let from = 0;
  let to = 0;
  let line = 1;
  for (const byte of bytes) {
    const step = TRANSITIONS[(state << STATE_BITS) | (kinds[byte] as number)] as number;
    const action = step >> STATE_BITS;
    state = step & STATE_MASK;
    if (action === Action.emptyLine) line++;
    else if (action === Action.field) {
      fields.push(content.toString("utf8", from, to));
      from = to;
    } else if (isContent(state, action)) content[to++] = byte;
  }
  fields.push(content.toString("utf8", from, to));
  return { fields, line };
}

/** Whether the byte that led to this state belongs to a field's value; of a pair of quotes, the second does. */
export function isContent(state: number, action: number): boolean {
  return state === State.unquoted || (state === State.quoted && action !== Action.openQuote);
}
