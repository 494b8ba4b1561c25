import { addCase, type CaseSketch, LISTED_ROWS, NO_CASE, noCases, type RowSketch } from "./row-sketch";
import { idOf, SketchCells } from "./sketch-cells";

const ORDER_FACTOR = 0x9e3779b97f4a7c15n;

/** Makes the sketch of rows that come one after another, and of their cases. */
export class SketchBuilder {
  private readonly rows = new SketchCells();
  private readonly list: { row: number; caseKey: number }[] = [];
  private count = 0;
  private sum = 0n;
  private ordered = 0n;
  private cases: CaseSketch | undefined;

  /** @param high - and `low`: the halves of the row's hash. */
  addRow(high: number, low: number, caseKey = NO_CASE): void {
    const row = idOf(high);
    this.rows.add({ id: row, payload: 0 }, 1);
    if (this.count++ < LISTED_ROWS) this.list.push({ row, caseKey });
    const hash = (BigInt(high) << 32n) | BigInt(low);
    this.sum = BigInt.asUintN(64, this.sum + hash);
    this.ordered = BigInt.asUintN(64, this.ordered * ORDER_FACTOR + hash);
  }

  /** Says that the rows are an event log. */
  startCases(): void {
    this.cases = noCases();
  }

  /** @param sum - of the ids of the case's rows. */
  addCase(caseKey: number, sum: bigint): void {
    if (this.cases) addCase(this.cases, caseKey, sum);
  }

  sketch(): RowSketch {
    const { sum, ordered, rows, list, cases } = this;
    return { sum, ordered, ...(this.count <= LISTED_ROWS && { list }), rows, ...(cases && { cases }) };
  }
}
