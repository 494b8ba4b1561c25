import { stripVTControlCharacters } from "node:util";
import { STACK_TYPE } from "../urn";
import { looksOf, type Paint } from "./paint";
import type { Row } from "./rows";
import { plural } from "./summary";

type Cells = [symbol: string, type: string, name: string, status: string, info: string];

/** The table of rows: Type (as a tree), Name, Plan or Status, Info. */
export function treeLines(rows: Row[], dryRun: boolean, paint: Paint): string[] {
  const branches = branchesOf(rows);
  const body = rows.map((row, index) => cellsOf(row, branches[index] ?? "", dryRun, paint));
  // Pulumi leaves out the last column where no row has anything in it.
  const info = body.some((cells) => cells[4] !== "") ? "Info" : "";
  const header = [
    "  ",
    ...["Type", "Name", dryRun ? "Plan" : "Status", info].map((cell) => paint("bold", cell)),
  ] as Cells;
  const table = [header, ...body];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((cells) => widthOf(cells[column] ?? ""))));
  return table.map((cells) =>
    ` ${cells.map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell))).join("  ")}`.trimEnd(),
  );
}

function cellsOf(row: Row, branch: string, dryRun: boolean, paint: Paint): Cells {
  const { symbol, colour } = looksOf(row.op);
  return [paint(colour, symbol), branch + row.type, row.name, statusOf(row, dryRun, paint), infoOf(row, paint)];
}

function statusOf(row: Row, dryRun: boolean, paint: Paint): string {
  const looks = looksOf(row.op);
  if (dryRun) return paint(looks.colour, looks.plan);
  if (row.failed || row.counts.error > 0) return paint("red", `**${looks.failed}**`);
  if (!row.done) return paint("red", `**${looks.plan} not finished**`);
  if (looks.done === "" || row.type === STACK_TYPE) return paint(looks.colour, looks.done);
  return paint(looks.colour, `${looks.done} (${secondsText(row.seconds)})`);
}

function infoOf(row: Row, paint: Paint): string {
  const { error, warning, info } = row.counts;
  const parts = row.diff ? [`[${row.diff}]`] : [];
  if (error > 0) parts.push(`${error} ${paint("red", plural("error", error))}`);
  if (warning > 0) parts.push(`${warning} ${paint("yellow", plural("warning", warning))}`);
  if (info > 0) parts.push(`${info} ${plural("message", info)}`);
  return parts.join("; ");
}

/** For every row the lines that lead to it: `│  ` past an ancestor with later children, then `├─ ` or `└─ `. */
function branchesOf(rows: Row[]): string[] {
  return rows.map((row, index) => {
    let branch = "";
    for (let depth = 1; depth <= row.depth; depth++) {
      const continues = hasLaterSibling(rows, index, depth);
      if (depth === row.depth) branch += continues ? "├─ " : "└─ ";
      else branch += continues ? "│  " : "   ";
    }
    return branch;
  });
}

function hasLaterSibling(rows: Row[], index: number, depth: number): boolean {
  for (const row of rows.slice(index + 1)) {
    if (row.depth < depth) return false;
    if (row.depth === depth) return true;
  }
  return false;
}

/** `0.21s` below a second, whole seconds from there. */
function secondsText(seconds: number): string {
  return seconds < 1 ? `${seconds.toFixed(2)}s` : `${Math.round(seconds)}s`;
}

function widthOf(cell: string): number {
  return stripVTControlCharacters(cell).length;
}
