import { excelText } from "./excel-text";
import { booleanText, CellType, type HeaderCell, numberText, sharedNumber } from "./sheet-cell";
import { dateText, type SheetDates } from "./sheet-dates";

/** The names in the cells of a header, as programs show them. */
export function namesOf(
  cells: readonly HeaderCell[],
  sharedTexts: ReadonlyMap<number, Buffer>,
  dates: SheetDates,
): string[] {
  const names: string[] = [];
  for (const cell of cells) {
    const name = nameIn(cell, sharedTexts, dates);
    if (name === undefined) continue;
    while (names.length < cell.column) names.push("");
    names[cell.column] = name;
  }
  return names;
}

/** Undefined for an empty cell. */
function nameIn(
  { type, style, text }: HeaderCell,
  sharedTexts: ReadonlyMap<number, Buffer>,
  { isDate, is1904 }: SheetDates,
): string | undefined {
  switch (type) {
    case CellType.shared: {
      const shared = sharedTexts.get(sharedNumber(text));
      return shared === undefined || shared.length === 0 ? undefined : excelText(shared);
    }
    case CellType.error:
      return "";
    case CellType.boolean:
      return booleanText(text[0] as number);
    case CellType.number: {
      const written = text.toString("latin1");
      return (isDate[style] ? dateText(Number(written), is1904) : undefined) ?? numberText(written);
    }
    default:
      return excelText(text);
  }
}
