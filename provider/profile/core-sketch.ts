import { setImmediate as nextTurn } from "node:timers/promises";
import type { Core } from "./core";
import { type CaseSketch, LISTED_ROWS, PRESENCE_BUCKETS, type RowSketch } from "./row-sketch";
import { CELLS, CHECK_PRIME, ID_PRIME, SketchCells } from "./sketch-cells";

/** As provider/core/row-sketch.ts keeps a cell: sums of counts, ids, checks and payloads. */
const CELL_BYTES = 32;

/** What the core has made of the rows of a text, once it has taken its end. */
export async function readSketch(core: Core): Promise<RowSketch> {
  const { exports } = core;
  const count = core.read("rowCount");
  const list = Array.from({ length: count <= LISTED_ROWS ? count : 0 }, (_, i) => {
    const at = exports.rowListAt() + 8 * i;
    const entry = core.bytesAt(at, at + 8);
    return { row: entry.readUInt32LE(0), caseKey: entry.readUInt32LE(4) };
  });
  const cases = exports.startCaseSketch() === 0 ? undefined : await readCases(core);
  return {
    sum: unsigned(exports.rowSum.value),
    ordered: unsigned(exports.rowOrdered.value),
    ...(count <= LISTED_ROWS && { list }),
    rows: readCells(core, exports.rowCellsAt()),
    ...(cases && { cases }),
  };
}

async function readCases(core: Core): Promise<CaseSketch> {
  while (core.exports.sketchCases() !== 0) await nextTurn();
  const at = core.exports.presenceAt();
  const bytes = core.bytesAt(at, at + 4 * PRESENCE_BUCKETS);
  const presence = Int32Array.from({ length: PRESENCE_BUCKETS }, (_, i) => bytes.readInt32LE(4 * i));
  return { contents: readCells(core, core.exports.caseCellsAt()), presence };
}

function readCells(core: Core, at: number): SketchCells {
  const bytes = core.bytesAt(at, at + CELL_BYTES * CELLS);
  const cells = new SketchCells();
  for (let i = 0; i < CELLS; i++) {
    const sum = (lane: number) => bytes.readBigInt64LE(CELL_BYTES * i + 8 * lane);
    cells.counts[i] = Number(BigInt.asIntN(32, sum(0)));
    cells.ids[i] = modulo(sum(1), ID_PRIME);
    cells.checks[i] = modulo(sum(2), CHECK_PRIME);
    cells.payloads[i] = modulo(sum(3), ID_PRIME);
  }
  return cells;
}

function modulo(sum: bigint, prime: number): number {
  const rest = Number(sum % BigInt(prime));
  return rest < 0 ? rest + prime : rest;
}

function unsigned(value: number | bigint): bigint {
  return BigInt.asUintN(64, BigInt(value));
}
