/**
 * Makes data/orders.csv: an order-to-cash event log, the same on every machine.
 *
 *   npx ts-node generate.ts               writes the file anew
 *   npx ts-node generate.ts --append 320  adds the next 320 events to it
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Event, eventsOfCase } from "./order-to-cash";

/** Events in the committed file. */
export const ROWS = 4600;

const HEADER = "case_id,activity,timestamp,resource,customer,country,amount";
const FIRST_ORDER = Date.UTC(2025, 0, 6, 6, 30);
const MINUTES_BETWEEN_ORDERS = 190;

/** The file's text: a header, then events `from` up to `to` of the log, in order of time. Without a header if `from` is not 0. */
export function ordersCsv(from: number, to: number): string {
  const rows = eventLog(to).slice(from).map(csvRow);
  return [...(from === 0 ? [HEADER] : []), ...rows].map((line) => `${line}\n`).join("");
}

/** The first `count` events. As many cases suffice: the last of them begins after the last event that is wanted. */
function eventLog(count: number): Event[] {
  const cases = Array.from({ length: count }, (_, index) => index + 1);
  const events = cases.flatMap((number) => eventsOfCase(number, FIRST_ORDER, MINUTES_BETWEEN_ORDERS));
  // The sort is stable: events of one second keep their order.
  return events.sort((a, b) => a.at - b.at).slice(0, count);
}

function csvRow(event: Event): string {
  const time = new Date(event.at).toISOString().replace(".000Z", "Z");
  const { caseId, activity, resource, customer, country, amount } = event;
  return [caseId, activity, time, resource, customer, country, amount.toFixed(2)].map(quoted).join(",");
}

function quoted(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** In one step: a file that a full disk cut short would be uploaded like any other. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.new`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

function main(): void {
  const { values } = parseArgs({ options: { append: { type: "string" } } });
  const file = join(__dirname, "data", "orders.csv");
  if (values.append === undefined) {
    replaceFile(file, ordersCsv(0, ROWS));
    return;
  }
  if (!/^[1-9]\d{0,4}$/.test(values.append))
    throw new Error(`--append takes a number of rows, not "${values.append}".`);
  const before = readFileSync(file, "utf8");
  const rows = before.trimEnd().split("\n").length - 1;
  replaceFile(file, before + ordersCsv(rows, rows + Number(values.append)));
  console.log(`Appended ${values.append} rows to data/orders.csv, which had ${rows}.`);
}

if (require.main === module) main();
