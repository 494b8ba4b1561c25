import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";
import { readSketch } from "./core-sketch";
import { EventLogCounter } from "./event-log";
import type { ContentReader, EventLogColumns, Findings } from "./file-profile";
import { type Header, MAX_HEADER_BYTES, readHeader, requireColumns } from "./header";
import { layoutOf } from "./layout";
import type { EventTaker } from "./log-events";
import { fieldsOf, splitSample } from "./sample";
import type { Counts, Fault, Scanner } from "./scanner";
import { borrowScanner, returnScanner } from "./scanner-pool";
import { documentFault, signatureFault } from "./signature";
import { namedDelimiter, nameOf, SAMPLE_BYTES, type Sniffed, sniffDelimiter } from "./sniff";
import { Utf8Check } from "./utf8";

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LF = 0x0a;
/** What shows whether there is a header. */
const FIRST_ROWS = 20;
const FIRST_ROWS_BYTES = 16 * 1024;
/** Reads csv, tsv and txt: checks every byte, counts rows, learns the columns. Refuses what cannot be counted for sure. */
export class DelimitedReader implements ContentReader {
  private readonly scanner: Scanner = borrowScanner();
  readonly slots = this.scanner.slots;
  private readonly utf8 = new Utf8Check();
  /** What was read before the header was complete. */
  private beginning: Buffer[] = [];
  private sniffed: Sniffed | undefined;
  private header: Header | undefined;
  /** Its last bytes: an end-of-file character among them is no text. */
  private lastBytes = Buffer.alloc(0);
  /** The text's start, while it is in memory. */
  private sample: { text: Buffer; isAll: boolean } | undefined;
  private hasBom = false;
  /** Whether line 1 names the delimiter. */
  private isNamed = false;
  private events: EventLogCounter | undefined;

  constructor(
    private readonly isTabbed: boolean,
    private readonly wantedLog?: EventLogColumns,
    private readonly taker?: EventTaker,
  ) {}

  /** Known once the header has been read. */
  get columns(): readonly string[] | undefined {
    return this.header?.names;
  }

  push(chunk: Buffer, isUtf8 = false): void {
    this.checkText(chunk, isUtf8);
    this.lastBytes = Buffer.from(chunk.subarray(-LAST_BYTES));
    if (this.sniffed) this.scan(chunk);
    else if (this.beginningBytes() + chunk.length >= SAMPLE_BYTES) this.begin(chunk, false);
    else this.beginning.push(Buffer.from(chunk));
  }

  async end(): Promise<Findings> {
    if (!this.sniffed) this.begin(Buffer.alloc(0), true);
    if (this.utf8.endsInside()) throw says.invalidUtf8(this.scanner.counts().line);
    const { line } = this.scanner.counts();
    refuseEndOfFile(this.lastBytes, this.lastBytes.at(-1) === LF ? line - 1 : line);
    this.scanner.end();
    this.refuseFault();
    this.learnHeader();
    const { header, sniffed } = this;
    if (!header || !sniffed) throw says.onlyEmptyLines();
    const counts = this.scanner.counts();
    const events = this.events?.end();
    const columns = header.names;
    return {
      table: {
        rows: counts.records - 1,
        columns,
        ...(columns.length > 1 && { delimiter: sniffed.delimiter }),
        encoding: this.hasBom ? "UTF-8 with BOM" : "UTF-8",
        lineEnding: lineEnding(counts),
      },
      ...(events && { eventLog: events.eventLog }),
      sketch: await readSketch(this.scanner.core),
      warnings: [
        ...(this.isNamed ? [says.namedDelimiter()] : []),
        ...warningsOf(counts, sniffed),
        ...header.warnings,
        ...this.repeatedHeader(),
        ...(events?.warnings ?? []),
      ],
    };
  }

  close(): void {
    returnScanner(this.scanner);
  }

  /** Everything there is so far decides about the delimiter; then it is scanned. */
  private begin(chunk: Buffer, isAll: boolean): void {
    const { beginning } = this;
    const start = beginning.length === 0 ? chunk : Buffer.concat([...beginning, chunk]);
    this.beginning = [];
    throwIfAny(signatureFault(start) ?? documentFault(start));
    this.hasBom = start.subarray(0, BOM.length).equals(BOM);
    const whole = this.hasBom ? start.subarray(BOM.length) : start;
    const named = namedDelimiter(whole);
    // Its line end stays, as an empty line, so that the lines keep their numbers.
    const text = named ? whole.subarray(named.bytes) : whole;
    const sample = text.subarray(0, SAMPLE_BYTES);
    const isAllOfIt = isAll && sample.length === text.length;
    this.sniffed = sniffDelimiter(sample, isAllOfIt, this.isTabbed, named?.delimiter);
    const layout = layoutOf(sample, this.sniffed.delimiter);
    throwIfAny(layout.fault ?? this.sniffed.fault);
    this.sniffed.warnings.push(...layout.warnings);
    this.isNamed = named !== undefined;
    this.scanner.start(this.sniffed.delimiter.charCodeAt(0), { hashesRows: true });
    this.sample = { text: sample, isAll: isAllOfIt };
    this.scan(text);
    this.sample = undefined;
  }

  private scan(text: Buffer): void {
    let from = 0;
    if (!this.header) {
      from = this.scanner.pushToHeader(text);
      this.refuseFault();
      this.beginning.push(text.subarray(0, from));
      this.learnHeader();
      // The memory of a chunk is read into again.
      if (!this.header) this.beginning[this.beginning.length - 1] = Buffer.from(text);
    }
    this.scanner.push(text.subarray(from));
    this.refuseFault();
  }

  private learnHeader(): void {
    if (this.header || !this.sniffed) return;
    const { headerEnd } = this.scanner.counts();
    if ((headerEnd || this.beginningBytes()) > MAX_HEADER_BYTES) {
      throw says.longHeader();
    }
    if (headerEnd === 0) return;
    const text = this.beginning.length === 1 ? (this.beginning[0] as Buffer) : Buffer.concat(this.beginning);
    const delimiter = this.sniffed.delimiter.charCodeAt(0);
    const around = { wantedLog: this.wantedLog, firstRows: () => this.firstRows(delimiter) };
    this.header = readHeader(text.subarray(0, headerEnd), delimiter, around);
    this.requireColumns(this.header, this.sniffed);
    if (this.wantedLog) this.events = new EventLogCounter(this.scanner, this.wantedLog, this.header.names, this.taker);
    this.beginning = [];
  }

  /** Some of them, unless the header is longer than the sample. */
  private firstRows(delimiter: number): string[][] {
    if (!this.sample) return [];
    const { text, isAll } = this.sample;
    const start = text.subarray(0, FIRST_ROWS_BYTES);
    const { records } = splitSample(start, delimiter, isAll && start.length === text.length);
    return records.slice(1, 1 + FIRST_ROWS).map((record) => fieldsOf(start, record, delimiter));
  }

  private requireColumns(header: Header, sniffed: Sniffed): void {
    const [cause] = [...sniffed.warnings, ...header.warnings];
    if (this.wantedLog) requireColumns(this.wantedLog, header.names, cause);
  }

  private beginningBytes(): number {
    return this.beginning.reduce((sum, { length }) => sum + length, 0);
  }

  private checkText(chunk: Buffer, isUtf8: boolean): void {
    const valid = this.utf8.push(chunk, isUtf8);
    if (valid === undefined) return;
    const before = this.sniffed ? [] : this.beginning;
    if (!this.sniffed) throwIfAny(signatureFault(Buffer.concat([...before, chunk.subarray(0, SAMPLE_BYTES)])));
    const reached = this.sniffed ? this.scanner.counts().line : 1;
    const line = before.reduce((sum, part) => sum + linesIn(part), reached);
    throw says.invalidUtf8(line + linesIn(chunk.subarray(0, valid)));
  }

  private repeatedHeader(): string[] {
    const count = this.scanner.core.read("repeatedHeaders");
    if (count === 0) return [];
    const line = this.scanner.core.read("repeatedHeaderLine");
    const isMost = count > 1 && count * 2 > this.scanner.counts().records - 1;
    return [isMost ? says.mostlyHeaders(count, line) : says.repeatedHeader(count, line)];
  }

  private refuseFault(): void {
    if (!this.scanner.hasFault) return;
    const counts = this.scanner.counts();
    if (counts.fault) refuseEndOfFile(this.lastBytes, counts.fault.line);
    if (counts.fault) throw unusable(counts.fault, counts);
  }
}

function throwIfAny(fault: UnusableFile | undefined): void {
  if (fault !== undefined) throw fault;
}

/** CP/M and MS-DOS end a text with this character; readers of today take it for a row, or for the end of a value. */
const END_OF_FILE = 0x1a;
/** It, and a line end after it. */
const LAST_BYTES = 3;

function refuseEndOfFile(lastBytes: Buffer, line: number): void {
  const at = lastBytes.lastIndexOf(END_OF_FILE);
  if (at < 0 || !/^[\r\n]*$/.test(lastBytes.toString("latin1", at + 1))) return;
  throw says.endOfFileCharacter(line);
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}

function unusable(fault: Fault, { width, strayQuotes, strayQuoteLine }: Counts): UnusableFile {
  const { line } = fault;
  switch (fault.kind) {
    case "ragged":
      // Often the cause: a blank before an opening quote.
      return says.raggedLine(line, fault.fields, width, strayQuotes === 0 ? undefined : strayQuoteLine);
    case "openQuote":
      return says.openQuote(line);
    case "textAfterQuote":
      return says.textAfterQuote(line, fault.openedOnLine);
    case "loneCr":
      return says.loneCr(line);
    case "nul":
      return says.nulByte(line);
  }
}

function lineEnding({ lf, crlf }: Counts): "LF" | "CRLF" | "mixed" | "none" {
  if (lf > 0) return crlf > 0 ? "mixed" : "LF";
  return crlf > 0 ? "CRLF" : "none";
}

function warningsOf(counts: Counts, { delimiter, rivals, warnings: ofItsStart }: Sniffed): string[] {
  const { strayQuotes, strayQuoteLine, lf, crlf, emptyLines } = counts;
  const warnings = [...ofItsStart];
  if (counts.records === 1) warnings.push(says.noRows());
  if (rivals.length > 0) warnings.push(says.otherDelimiters(nameOf(delimiter), rivals.map(nameOf)));
  if (strayQuotes > 0) warnings.push(says.strayQuotes(strayQuotes, strayQuoteLine));
  if (lf > 0 && crlf > 0) warnings.push(says.mixedLineEnds(lf, crlf));
  if (counts.width === 1 && emptyLines > 0) warnings.push(says.emptyLines(emptyLines));
  return warnings;
}
