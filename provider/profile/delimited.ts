import { readSketch } from "./core-sketch";
import { EventLogCounter } from "./event-log";
import type { ContentReader, EventLogColumns, Findings } from "./file-profile";
import { type Header, MAX_HEADER_BYTES, readHeader } from "./header";
import { layoutOf } from "./layout";
import type { Counts, Fault, Scanner } from "./scanner";
import { borrowScanner, returnScanner } from "./scanner-pool";
import { documentRefusal, signatureRefusal } from "./signature";
import { namedDelimiter, nameOf, SAMPLE_BYTES, type Sniffed, sniffDelimiter } from "./sniff";
import { UnusableFile } from "./source-file";
import { Utf8Check } from "./utf8";

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
const LF = 0x0a;
/** Reads csv, tsv and txt: checks every byte, counts rows, learns the columns. Refuses what cannot be counted for sure. */
export class DelimitedReader implements ContentReader {
  private readonly scanner: Scanner = borrowScanner();
  readonly slots = this.scanner.slots;
  private readonly utf8 = new Utf8Check();
  /** What was read before the header was complete. */
  private held: Buffer[] = [];
  private sniffed: Sniffed | undefined;
  private header: Header | undefined;
  /** Its last bytes: an end-of-file character among them is no text. */
  private lastBytes = Buffer.alloc(0);
  private hasBom = false;
  private events: EventLogCounter | undefined;

  constructor(
    private readonly isTabbed: boolean,
    private readonly wantedLog?: EventLogColumns,
  ) {}

  push(chunk: Buffer): void {
    this.checkText(chunk);
    this.lastBytes = Buffer.from(chunk.subarray(-LAST_BYTES));
    if (this.sniffed) this.scan(chunk);
    else if (this.heldBytes() + chunk.length >= SAMPLE_BYTES) this.begin(chunk, false);
    else this.held.push(Buffer.from(chunk));
  }

  async end(): Promise<Findings> {
    if (!this.sniffed) this.begin(Buffer.alloc(0), true);
    if (this.utf8.endsInside()) throw invalidUtf8(this.scanner.counts().line);
    const { line } = this.scanner.counts();
    refuseEndOfFile(this.lastBytes, this.lastBytes.at(-1) === LF ? line - 1 : line);
    this.scanner.end();
    this.refuseFault();
    this.learnHeader();
    const { header, sniffed } = this;
    if (!header || !sniffed) throw new UnusableFile("it holds only empty lines. An upload needs at least a header row");
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
    const held = this.held;
    const start = held.length === 0 ? chunk : Buffer.concat([...held, chunk]);
    this.held = [];
    refuse(signatureRefusal(start) ?? documentRefusal(start));
    this.hasBom = start.subarray(0, BOM.length).equals(BOM);
    const whole = this.hasBom ? start.subarray(BOM.length) : start;
    const named = namedDelimiter(whole);
    // Its line end stays, as an empty line, so that the lines keep their numbers.
    const text = named ? whole.subarray(named.bytes) : whole;
    const sample = text.subarray(0, SAMPLE_BYTES);
    const isAllOfIt = isAll && sample.length === text.length;
    this.sniffed = sniffDelimiter(sample, isAllOfIt, this.isTabbed, named?.delimiter);
    const layout = layoutOf(sample, this.sniffed.delimiter);
    refuse(layout.refusal ?? this.sniffed.refusal);
    this.sniffed.warnings.push(...layout.warnings);
    if (named) this.sniffed.warnings.push(NAMED_DELIMITER);
    this.scanner.start(this.sniffed.delimiter.charCodeAt(0), { hashesRows: true });
    this.scan(text);
  }

  private scan(text: Buffer): void {
    let from = 0;
    if (!this.header) {
      from = this.scanner.pushToHeader(text);
      this.refuseFault();
      this.held.push(text.subarray(0, from));
      this.learnHeader();
      // The memory of a chunk is read into again.
      if (!this.header) this.held[this.held.length - 1] = Buffer.from(text);
    }
    this.scanner.push(text.subarray(from));
    this.refuseFault();
  }

  private learnHeader(): void {
    if (this.header || !this.sniffed) return;
    const { headerEnd } = this.scanner.counts();
    if ((headerEnd || this.heldBytes()) > MAX_HEADER_BYTES) {
      throw new UnusableFile("its header row is longer than 1 MiB. Check its line ends and quotes");
    }
    if (headerEnd === 0) return;
    const text = this.held.length === 1 ? (this.held[0] as Buffer) : Buffer.concat(this.held);
    this.header = readHeader(text.subarray(0, headerEnd), this.sniffed.delimiter.charCodeAt(0));
    if (this.wantedLog) this.events = new EventLogCounter(this.scanner, this.wantedLog, this.header.names);
    this.held = [];
  }

  private heldBytes(): number {
    return this.held.reduce((sum, { length }) => sum + length, 0);
  }

  private checkText(chunk: Buffer): void {
    const valid = this.utf8.push(chunk);
    if (valid === undefined) return;
    const before = this.sniffed ? [] : this.held;
    const refusal = signatureRefusal(Buffer.concat([...before, chunk.subarray(0, SAMPLE_BYTES)]));
    if (refusal && !this.sniffed) throw new UnusableFile(refusal);
    const reached = this.sniffed ? this.scanner.counts().line : 1;
    const line = before.reduce((sum, part) => sum + linesIn(part), reached);
    throw invalidUtf8(line + linesIn(chunk.subarray(0, valid)));
  }

  private repeatedHeader(): string[] {
    const count = this.scanner.core.read("repeatedHeaders");
    if (count === 0) return [];
    const line = this.scanner.core.read("repeatedHeaderLine");
    const rows = count === 1 ? "1 row repeats" : `${count} rows repeat`;
    return [`${rows} the header, the first on line ${line}; files put one after another? Delete it`];
  }

  private refuseFault(): void {
    if (!this.scanner.hasFault) return;
    const counts = this.scanner.counts();
    if (counts.fault) refuseEndOfFile(this.lastBytes, counts.fault.line);
    if (counts.fault) throw new UnusableFile(faultText(counts.fault, counts));
  }
}

const NAMED_DELIMITER =
  "line 1 names the delimiter (sep=) and is not counted; readers other than Excel take it for the header. Leave it out";

function refuse(refusal: string | undefined): void {
  if (refusal !== undefined) throw new UnusableFile(refusal);
}

/** CP/M and MS-DOS end a text with this character; readers of today take it for a row, or for the end of a value. */
const END_OF_FILE = 0x1a;
/** It, and a line end after it. */
const LAST_BYTES = 3;

function refuseEndOfFile(lastBytes: Buffer, line: number): void {
  const at = lastBytes.lastIndexOf(END_OF_FILE);
  if (at < 0 || !/^[\r\n]*$/.test(lastBytes.toString("latin1", at + 1))) return;
  throw new UnusableFile(
    `line ${line} ends the file with an end-of-file character (0x1A), which is read as a value. Delete it`,
  );
}

function invalidUtf8(line: number): UnusableFile {
  return new UnusableFile(`line ${line} is not valid UTF-8. Save the file as UTF-8`);
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines++;
  return lines;
}

function faultText(fault: Fault, counts: Counts): string {
  const { line } = fault;
  switch (fault.kind) {
    case "ragged":
      return `line ${line} has ${amount(fault.fields, "field")} and the header has ${counts.width}. ${fault.fields === 1 ? "Delete it if it is a note; else give" : "Give"} all rows the same number, and put values that hold the delimiter in quotes${strayHint(counts)}`;
    case "openQuote":
      return `the quote that opens on line ${line} is never closed. Close it; a quote inside a quoted value is written twice ("")`;
    case "textAfterQuote":
      return `line ${line} has text after a closing quote${opening(line, fault.openedOnLine)}. A quote inside a quoted value is written twice ("")`;
    case "loneCr":
      return `line ${line} holds a carriage return (CR) without a line feed, and readers disagree whether a row ends there. Save the file with LF or CRLF line ends`;
    case "nul":
      return `line ${line} holds a NUL byte, so this is not text. Export the file again, as UTF-8`;
  }
}

/** Often the cause: a quote that was left open, lines before. */
function opening(line: number, openedOnLine: number): string {
  return openedOnLine === line ? "" : `; its value opens on line ${openedOnLine}`;
}

/** Often the cause: a blank before an opening quote. */
function strayHint({ strayQuotes, strayQuoteLine }: Counts): string {
  return strayQuotes === 0 ? "" : `; line ${strayQuoteLine} has a quote that is not at the start of its field`;
}

function lineEnding({ lf, crlf }: Counts): "LF" | "CRLF" | "mixed" | "none" {
  if (lf > 0) return crlf > 0 ? "mixed" : "LF";
  return crlf > 0 ? "CRLF" : "none";
}

function warningsOf(counts: Counts, { delimiter, rivals, warnings: ofItsStart }: Sniffed): string[] {
  const warnings = [...ofItsStart];
  if (counts.records === 1) warnings.push("it has a header and no rows");
  if (rivals.length > 0) {
    const others = rivals.map(nameOf).join(" and ");
    warnings.push(`${nameOf(delimiter)} was taken as the delimiter; ${others} would split its first lines evenly too`);
  }
  if (counts.strayQuotes > 0) {
    const fields = amount(counts.strayQuotes, "quote");
    warnings.push(
      `${fields} inside unquoted fields, the first on line ${counts.strayQuoteLine}, counted as ordinary characters; some readers take them for the start of a quoted value`,
    );
  }
  if (counts.lf > 0 && counts.crlf > 0) {
    warnings.push(`its rows end in LF (${counts.lf}) and in CRLF (${counts.crlf}); some readers accept only one kind`);
  }
  if (counts.width === 1 && counts.emptyLines > 0) {
    warnings.push(`${amount(counts.emptyLines, "empty line")} not counted as rows`);
  }
  return warnings;
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
