import type { Core } from "./core";
import type { EventTimes } from "./event-times";
import { parseTime, type Time } from "./parse-time";

/** As provider/core/times.ts keeps an entry: its line, its length, its bytes, whether it is a date, the number of its event. */
const ENTRY_BYTES = 80;
const LENGTH_AT = 8;
const BYTES_AT = 9;
const IS_DATE_AT = 75;
const EVENT_AT = 76;
const LIST_ENTRIES = 1024;

/** Hands the times that the core does not read itself to those who do, and adds up the others. */
export class UnreadTimes {
  private readonly list: Buffer;
  /** Made once: making one for each time would take longer than reading it. */
  private readonly texts: Buffer[];
  /** Called for each that is a time, with the number of its event. */
  onTime: ((event: number, time: Time) => void) | undefined;

  constructor(
    private readonly core: Core,
    private readonly times: EventTimes,
  ) {
    const at = core.exports.unreadTimesAt();
    this.list = core.bytesAt(at, at + ENTRY_BYTES * LIST_ENTRIES);
    this.texts = Array.from({ length: LIST_ENTRIES }, (_, i) =>
      this.list.subarray(i * ENTRY_BYTES + BYTES_AT, (i + 1) * ENTRY_BYTES),
    );
    core.takeUnreadTimes = () => this.take();
  }

  /** The text is complete. */
  end(): void {
    this.takeAll();
    const { core } = this;
    const zoned = core.read("zonedTimes");
    const unzoned = core.read("unzonedTimes");
    if (zoned + unzoned > 0) this.times.addIso(core.read("firstMs"), core.read("lastMs"), zoned, unzoned);
  }

  /** Takes what waits now. */
  takeAll(): void {
    this.take();
    this.core.exports.clearUnreadTimes();
  }

  private take(): void {
    const { list } = this;
    for (let i = 0; i < this.core.read("unreadTimes"); i++) {
      const entry = i * ENTRY_BYTES;
      const line = list.readUInt32LE(entry) + list.readUInt32LE(entry + 4) * 2 ** 32;
      const text = this.texts[i] as Buffer;
      const length = list[entry + LENGTH_AT] as number;
      const mayBeTime = list[entry + IS_DATE_AT] === 0 || isIsoTime(text.toString("latin1", 0, length));
      const time = mayBeTime ? parseTime(text, length) : undefined;
      this.times.addTime(time, line);
      if (time) this.onTime?.(list.readUInt32LE(entry + EVENT_AT), time);
    }
  }
}

/** The dates of XES are those of XML Schema: its readers drop all that is not ISO 8601. */
function isIsoTime(text: string): boolean {
  return /^\d{4}(?:-?\d\d-?\d\d|-?W\d\d(?:-?\d)?)(?:[T ]\d\d[\d:.,]*(?:\s*(?:Z|[+-][\d:]+))?)?$/i.test(text);
}
