import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { profileFile } from "../../../provider/profile/profile-file";
import {
  compareCases,
  compareRows,
  decodeSketch,
  encodeSketch,
  LISTED_ROWS,
  type RowSketch,
} from "../../../provider/profile/row-sketch";
import { SketchBuilder } from "../../../provider/profile/sketch-builder";
import { CHECK_PRIME, ID_PRIME, idOf } from "../../../provider/profile/sketch-cells";
import { SourceFile } from "../../../provider/profile/source-file";
import { oneOf, seeded } from "./random";

const folder = mkdtempSync(join(tmpdir(), "sketch-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  id: string;
  activity: string;
}

async function sketchOf(rows: Row[], isPlaced = true): Promise<{ sketch: RowSketch; cases: number }> {
  const lines = rows.map(({ id, activity }, i) => {
    const place = isPlaced ? i : 0;
    return `${id},${activity},2024-01-${(place % 28) + 1},"x${place % 7}"\n`;
  });
  writeFileSync(join(folder, "file"), `case,activity,time,other\n${lines.join("")}`);
  const eventLog = { caseId: "case", activity: "activity", timestamp: "time" };
  const { sketch, eventLog: log } = await profileFile({
    source: new SourceFile(folder, "file"),
    format: "csv",
    eventLog,
  });
  if (!sketch || !log) throw new Error("no sketch");
  const kept = encodeSketch(sketch);
  expect(kept.length).toBeLessThanOrEqual(4096);
  return { sketch: decodeSketch(kept) as RowSketch, cases: log.cases };
}

const plain = (count: number): Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: `C${i >> 2}`, activity: `A${i % 4}` }));
const edited = (rows: Row[], places: number[]): Row[] =>
  rows.map((row, i) => (places.includes(i) ? { ...row, activity: `edited ${i}` } : row));

test.each([1, 2, 7, LISTED_ROWS - 1, LISTED_ROWS, LISTED_ROWS + 1, 900, 20_000])(
  "counts the rows that differ exactly in %i rows",
  async (count) => {
    const rows = plain(count);
    const old = await sketchOf(rows);
    const few = [0, 1, 5, 31].filter((amount) => amount <= count);
    for (const amount of few) {
      const places = Array.from({ length: amount }, (_, i) => Math.floor((i * count) / amount));
      const now = await sketchOf(edited(rows, places));
      expect(compareRows(old.sketch, now.sketch, count)).toEqual({
        other: { count: amount, isEstimate: false },
        isSameOrder: amount === 0,
      });
      const cases = compareCases(old.sketch.cases as never, now.sketch.cases as never, now.cases - old.cases);
      const changed = new Set(places.map((place) => place >> 2)).size;
      expect(cases).toEqual({
        added: { count: 0, isEstimate: false },
        removed: { count: 0, isEstimate: false },
        changed: { count: changed, isEstimate: false },
      });
    }
  },
);

test.each([10, 900])("tells other rows from another order of %i rows", async (count) => {
  const rows = plain(count).map((row, i) => ({ ...row, activity: `A${i}` }));
  const old = await sketchOf(rows);
  // Seven apart, so that the rest of the row is the same.
  const moved = [...rows.slice(7), ...rows.slice(0, 7)];
  const now = await sketchOf(moved);
  expect(compareRows(old.sketch, now.sketch, count).isSameOrder).toBe(false);
  const builder = (order: number[]) => {
    const made = new SketchBuilder();
    for (const i of order) made.addRow(i * 0x9e3779b1, i);
    return decodeSketch(encodeSketch(made.sketch())) as RowSketch;
  };
  const order = Array.from({ length: count }, (_, i) => i);
  expect(compareRows(builder(order), builder([...order].reverse()), count)).toEqual({
    other: { count: 0, isEstimate: false },
    isSameOrder: false,
  });
});

test("counts rows that occur several times", async () => {
  for (let seed = 0; seed < 30; seed++) {
    const random = seeded(seed);
    const count = 2 + Math.floor(random() * 800);
    const rows = Array.from({ length: count }, () => Math.floor(random() * 6));
    const now = rows.map((row) => (random() < 0.3 ? oneOf(random, [0, 1, 2, 3, 4, 5]) : row));
    const sketch = (values: number[]) => {
      const builder = new SketchBuilder();
      for (const value of values) builder.addRow((value + 1) * 0x10a3d70b, value);
      return decodeSketch(encodeSketch(builder.sketch())) as RowSketch;
    };
    const amount = (values: number[], value: number) => values.filter((other) => other === value).length;
    const other = [0, 1, 2, 3, 4, 5].reduce(
      (sum, value) => sum + Math.max(0, amount(now, value) - amount(rows, value)),
      0,
    );
    expect(compareRows(sketch(rows), sketch(now), count).other).toEqual({ count: other, isEstimate: false });
  }
});

test("counts millions of rows as it counts one", async () => {
  const sketchOfRows = async (count: number) => {
    writeFileSync(join(folder, "many"), `a,b\n${"1,2\n".repeat(count)}`);
    const { sketch } = await profileFile({ source: new SourceFile(folder, "many"), format: "csv" });
    return sketch?.rows;
  };
  const count = 2 * 2 ** 22 + 1234;
  const [one, many] = [await sketchOfRows(1), await sketchOfRows(count)];
  const times = (value: number, prime: number) => Number((BigInt(value) * BigInt(count)) % BigInt(prime));
  expect(one?.counts.filter((each) => each !== 0).length).toBe(4);
  expect(many?.counts).toEqual(one?.counts.map((each) => each * count));
  expect(many?.ids).toEqual(one?.ids.map((id) => times(id, ID_PRIME)));
  expect(many?.checks).toEqual(one?.checks.map((check) => times(check, CHECK_PRIME)));
});

test("estimates what differs beyond what it holds", async () => {
  const rows = plain(20_000);
  const old = await sketchOf(rows);
  const now = await sketchOf(rows.map((row, i) => (i % 4 === 0 ? { ...row, activity: `other ${i}` } : row)));
  const { other } = compareRows(old.sketch, now.sketch, 20_000);
  expect(other.isEstimate).toBe(true);
  expect(Math.abs(other.count / 5_000 - 1)).toBeLessThan(0.5);
  const { changed, added } = compareCases(old.sketch.cases as never, now.sketch.cases as never, 0);
  expect({ isEstimate: changed.isEstimate, added: added.count }).toEqual({ isEstimate: true, added: 0 });
  expect(Math.abs(changed.count / 5_000 - 1)).toBeLessThan(0.5);
});

/** Cases by their number, each with what its rows come to, which `edit` changes. */
function casesOf(numbers: readonly number[], edit: (number: number) => boolean = () => false) {
  const builder = new SketchBuilder();
  builder.startCases();
  for (let row = 0; row <= LISTED_ROWS; row++) builder.addRow(row, row);
  for (const number of numbers) {
    builder.addCase(idOf(Math.imul(number + 1, 0x9e3779b1)), BigInt(number) + (edit(number) ? 77n : 1n));
  }
  return decodeSketch(encodeSketch(builder.sketch()))?.cases as never;
}

const numbersFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

test("names no change of cases that did not happen when more came than the sketch holds", () => {
  const none = { count: 0, isEstimate: true };
  for (let seed = 0; seed < 200; seed++) {
    const random = seeded(seed);
    const first = Math.floor(random() * 1e6);
    const [before, came] = [300 + Math.floor(random() * 1_000), 150 + Math.floor(random() * 2_000)];
    const old = casesOf(numbersFrom(first, before));
    const now = casesOf(numbersFrom(first, before + came));
    expect(compareCases(old, now, came, true)).toEqual({
      added: { count: came, isEstimate: false },
      removed: { count: 0, isEstimate: false },
      changed: none,
    });
    expect(compareCases(old, now, came)).toEqual({
      added: { count: came, isEstimate: true },
      removed: none,
      changed: none,
    });
    const changed = compareCases(
      old,
      casesOf(numbersFrom(first, before), () => true),
      0,
    );
    expect(changed).toMatchObject({ added: none, removed: none });
    expect(Math.abs(changed.changed.count / before - 1)).toBeLessThan(0.6);
  }
});

test.each([40, 900])("counts the cases that came, went and changed exactly, of %i rows", async (count) => {
  const rows = plain(count);
  const old = await sketchOf(rows, false);
  const news = ["new 1", "new 2", "new 3", "C3"].map((id) => ({ id, activity: "late" }));
  const now = await sketchOf([...rows.slice(8).reverse(), ...news], false);
  const exactly = (amount: number) => ({ count: amount, isEstimate: false });
  expect(compareCases(old.sketch.cases as never, now.sketch.cases as never, now.cases - old.cases)).toEqual({
    added: exactly(3),
    removed: exactly(2),
    changed: exactly(1),
  });
});

test("reads back what it keeps, and nothing else", async () => {
  const { sketch } = await sketchOf(plain(1_000));
  const again = await sketchOf(plain(1_000));
  expect(again.sketch).toEqual(sketch);
  expect(decodeSketch("AAAA")).toBeUndefined();
  expect(decodeSketch(encodeSketch(sketch).slice(0, 400))).toBeUndefined();
  expect(decodeSketch(17)).toBeUndefined();
  expect(idOf(0xffff_ffff)).toBe(0);
});
