import type { Core } from "./core";
import type { EventTimes } from "./event-times";

/** As provider/core/times.ts keeps an entry: its line, its length, its bytes. */
const ENTRY_BYTES = 80;
const LENGTH_AT = 8;
const BYTES_AT = 9;
const LIST_ENTRIES = 1024;

/** Hands the times that the core does not read itself to those who do, and adds up the others. */
export class UnreadTimes {
  private readonly list: Buffer;
  /** Made once: making one for each time would take longer than reading it. */
  private readonly texts: Buffer[];

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
    this.take();
    const { core } = this;
    core.exports.clearUnreadTimes();
    const zoned = core.read("zonedTimes");
    const unzoned = core.read("unzonedTimes");
    if (zoned + unzoned > 0) this.times.addIso(core.read("firstMs"), core.read("lastMs"), zoned, unzoned);
  }

  private take(): void {
    const { list } = this;
    for (let i = 0; i < this.core.read("unreadTimes"); i++) {
      const entry = i * ENTRY_BYTES;
      const line = list.readUInt32LE(entry) + list.readUInt32LE(entry + 4) * 2 ** 32;
      this.times.add(this.texts[i] as Buffer, list[entry + LENGTH_AT] as number, line);
    }
  }
}
