import * as says from "../messages/files";
import { parseTime, type Time } from "./parse-time";
import { ValueHash } from "./row-hash";
import { refuseLongHeader } from "./sheet-cell";
import type { TokenListener } from "./xml-tokens";

export const TEXT_NAMES = ["si", "rPh", "t"] as const;
export const TEXT_IN = ["t"];
const [SI, RPH] = [1, 2];
/** They take 70 MB. */
const MAX_TEXTS = 4_000_000;
/** Longer is no time. */
const TIME_BYTES = 64;

/**
 * The texts that cells refer to by number: of each its hash and, where a log is wanted, its time; the text itself only
 * of the header. A workbook of a million texts takes 20 MB.
 */
export class SharedTexts implements TokenListener {
  private hashes = new Uint32Array(2 * 1024);
  private times: Float64Array | undefined;
  /** Only where day and month can be either way round. */
  private monthFirstTimes: Float64Array | undefined;
  private flags = new Uint8Array(1024);
  private readonly hash = new ValueHash();
  private readonly start = Buffer.alloc(TIME_BYTES + 1);
  private index = -1;
  private length = 0;
  private isBlank = true;
  private isPhonetic = false;
  private headerLength = 0;

  /** @param texts - the numbers of the texts that are wanted whole. */
  constructor(
    private readonly texts: Map<number, Buffer>,
    wantsTimes: boolean,
  ) {
    if (wantsTimes) this.times = new Float64Array(1024);
  }

  open(name: number): void {
    if (name === SI) this.begin();
    else if (name === RPH) this.isPhonetic = true;
  }

  attribute(): void {}

  text(bytes: Uint8Array, from: number, to: number): void {
    if (this.isPhonetic) return;
    this.hash.addBytes(bytes, from, to);
    for (let i = from; i < to; i++) {
      if ((bytes[i] as number) > 0x20) this.isBlank = false;
      if (this.length <= TIME_BYTES) this.start[this.length] = bytes[i] as number;
      this.length++;
    }
    const before = this.texts.get(this.index);
    if (before === undefined) return;
    this.headerLength += to - from;
    refuseLongHeader(this.headerLength);
    this.texts.set(this.index, Buffer.concat([before, bytes.subarray(from, to)]));
  }

  close(name: number): void {
    if (name === RPH) this.isPhonetic = false;
    else if (name === SI) this.keep();
  }

  /** Whether it holds nothing, or whitespace alone. */
  isBlankAt(index: number): boolean {
    return ((this.flags[index] as number) & BLANK) !== 0;
  }

  /** A number past the texts is a broken reference; programs show it as an empty cell. */
  isEmptyAt(index: number): boolean {
    return index > this.index || ((this.flags[index] as number) & EMPTY) !== 0;
  }

  highAt(index: number): number {
    return this.hashes[2 * index] as number;
  }

  lowAt(index: number): number {
    return this.hashes[2 * index + 1] as number;
  }

  /** Undefined when it is no time. */
  timeAt(index: number): Time | undefined {
    const flags = this.flags[index] as number;
    if (!(flags & IS_TIME)) return undefined;
    const time: Time = { ms: this.times?.[index] as number, hasZone: (flags & HAS_ZONE) !== 0 };
    if (flags & IS_SERIAL) time.isSerial = true;
    if (flags & IS_OPEN) time.monthFirstMs = this.monthFirstTimes?.[index] as number;
    return time;
  }

  private begin(): void {
    this.index++;
    if (this.index >= MAX_TEXTS) {
      throw says.tooManyTexts(MAX_TEXTS);
    }
    this.length = 0;
    this.isBlank = true;
    if (this.index >= this.flags.length) this.grow();
  }

  private keep(): void {
    const { index } = this;
    [this.hashes[2 * index], this.hashes[2 * index + 1]] = this.hash.take();
    let flags = (this.isBlank ? BLANK : 0) | (this.length === 0 ? EMPTY : 0);
    const time = this.times && this.length <= TIME_BYTES ? parseTime(this.start, this.length) : undefined;
    if (time && this.times) {
      flags |= IS_TIME | (time.hasZone ? HAS_ZONE : 0) | (time.isSerial ? IS_SERIAL : 0);
      this.times[index] = time.ms;
      if (time.monthFirstMs !== undefined) {
        flags |= IS_OPEN;
        this.monthFirstTimes ??= new Float64Array(this.times.length);
        this.monthFirstTimes[index] = time.monthFirstMs;
      }
    }
    this.flags[index] = flags;
  }

  private grow(): void {
    const length = 2 * this.flags.length;
    this.flags = copied(this.flags, new Uint8Array(length));
    this.hashes = copied(this.hashes, new Uint32Array(2 * length));
    this.times &&= copied(this.times, new Float64Array(length));
    this.monthFirstTimes &&= copied(this.monthFirstTimes, new Float64Array(length));
  }
}

const [BLANK, EMPTY, IS_TIME, HAS_ZONE, IS_SERIAL, IS_OPEN] = [1, 2, 4, 8, 16, 32];

function copied<T extends Uint8Array | Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** Reads shared texts whole, and none after the last of them. */
export class TextsByNumber implements TokenListener {
  private readonly last: number;
  private index = -1;
  private isPhonetic = false;
  private hasEnded = false;

  /** @param texts - what is wanted, by number; of a text of more than `maxBytes` not all is kept. */
  constructor(
    private readonly texts: Map<number, Buffer>,
    private readonly maxBytes: number,
  ) {
    this.last = Math.max(...texts.keys());
  }

  isDone(): boolean {
    return this.hasEnded;
  }

  open(name: number): void {
    if (name === SI) this.index++;
    else if (name === RPH) this.isPhonetic = true;
  }

  attribute(): void {}

  text(bytes: Uint8Array, from: number, to: number): void {
    const before = this.texts.get(this.index);
    if (this.isPhonetic || before === undefined || before.length > this.maxBytes) return;
    this.texts.set(this.index, Buffer.concat([before, bytes.subarray(from, to)]));
  }

  close(name: number): void {
    if (name === RPH) this.isPhonetic = false;
    else if (name === SI && this.index >= this.last) this.hasEnded = true;
  }
}
