import { MAX_NAMES, NAME_BYTES } from "./activity-names";
import { CaseContents } from "./case-contents";
import { excelText } from "./excel-text";

/** Reads shared texts whole, by their numbers: the bytes go into the map. */
export type TextLookup = (wanted: Map<number, Buffer>) => Promise<void>;

/** The activities of a sheet: how many there are, and their names where all can be named. */
export class SheetActivities {
  private readonly all = new CaseContents();
  /** By the activity's number: its name, the number of the shared text that it is, or nothing where it is too long. */
  private readonly names: (string | number | undefined)[] = [];

  /** The number of the activity that was added last. */
  last = 0;

  get count(): number {
    return this.all.count;
  }

  /** Takes the activity of one row. Returns whether its name is to follow, as this row is the first that has it. */
  add(high: number, low: number): boolean {
    this.last = this.all.addNumbered(high, low);
    return this.last === this.names.length && this.last < MAX_NAMES;
  }

  /** @param text - the name's bytes, or its first ones. */
  name(text: Buffer, length: number): void {
    this.names.push(length > NAME_BYTES ? undefined : excelText(text.subarray(0, length)));
  }

  nameShared(index: number): void {
    this.names.push(index);
  }

  /** In the order of their first rows; undefined where there are too many, or one is too long. */
  async allNames(readTexts: TextLookup): Promise<string[] | undefined> {
    if (this.count > MAX_NAMES) return undefined;
    const shared = this.names.filter((name) => typeof name === "number");
    const texts = new Map(shared.map((index) => [index, Buffer.alloc(0)]));
    if (texts.size > 0) await readTexts(texts);
    const names = this.names.map((name) => (typeof name === "number" ? textOf(texts.get(name)) : name));
    return names.every((name) => name !== undefined) ? names : undefined;
  }
}

function textOf(bytes: Buffer | undefined): string | undefined {
  return bytes === undefined || bytes.length > NAME_BYTES ? undefined : excelText(bytes);
}
