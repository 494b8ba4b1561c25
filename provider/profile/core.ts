import { inflateRawSync } from "node:zlib";
import * as says from "../messages/files";
import { CORE_BINARY } from "./core-binary";

/** A number of the core that can be read as it runs. */
type Cell = { readonly value: number | bigint };

/** What provider/core/index.ts exports. Addresses and lengths are numbers of bytes in `memory`. */
export interface CoreExports {
  /** Memory that is never freed: at least 64 bytes before it may be written, and 64 behind it read. */
  reserve(bytes: number): number;
  kindsAt(): number;
  transitionsAt(): number;
  start(delimiter: number, firstLine: number, withRows: boolean): void;
  push(at: number, length: number): number;
  end(): void;
  clearLog(): void;
  startLog(exactCases: number, exactActivities: number): void;
  giveRole(column: number, role: number): void;
  caseCount(): number;
  areCasesEstimated(): number;
  activityCount(): number;
  areActivitiesEstimated(): number;
  activityNamesAt(): number;
  rowListAt(): number;
  rowCellsAt(): number;
  caseCellsAt(): number;
  presenceAt(): number;
  startCaseSketch(): number;
  sketchCases(): number;
  unreadTimesAt(): number;
  clearUnreadTimes(): void;
  keepEvents(): void;
  eventCount(): number;
  eventCasesAt(): number;
  eventActivitiesAt(): number;
  eventTimesAt(): number;
  dropEvents(): void;
  startXml(isXes: boolean): void;
  startXes(): void;
  traceNames(): number;
  clearNames(): void;
  nameXml(from: number, to: number, id: number, isText: boolean): void;
  xmlRoom(bytes: number): number;
  xmlRun(bytes: number, isLast: boolean): void;
  xmlTake(from: number, bytes: number): void;
  xmlLineAtEnd(): bigint;
  tokensAt(): number;
  clearTokens(): void;
  readonly state: Cell;
  readonly fault: Cell;
  readonly records: Cell;
  readonly width: Cell;
  readonly fields: Cell;
  readonly lf: Cell;
  readonly crlf: Cell;
  readonly emptyLines: Cell;
  readonly strayQuotes: Cell;
  readonly strayQuoteLine: Cell;
  readonly line: Cell;
  readonly recordLine: Cell;
  readonly quoteLine: Cell;
  readonly headerEnd: Cell;
  readonly repeatedHeaders: Cell;
  readonly repeatedHeaderLine: Cell;
  readonly rowCount: Cell;
  readonly rowSum: Cell;
  readonly rowOrdered: Cell;
  readonly withoutCase: Cell;
  readonly withoutCaseLine: Cell;
  readonly withoutActivity: Cell;
  readonly withoutActivityLine: Cell;
  readonly firstMs: Cell;
  readonly lastMs: Cell;
  readonly zonedTimes: Cell;
  readonly unzonedTimes: Cell;
  readonly unreadTimes: Cell;
  readonly traces: Cell;
  readonly events: Cell;
  readonly withoutTime: Cell;
  readonly withoutTimeLine: Cell;
  readonly withoutName: Cell;
  readonly withoutNameLine: Cell;
  readonly repeatedKeys: Cell;
  readonly repeatedKeysLine: Cell;
  readonly misplacedEvents: Cell;
  readonly misplacedEventsLine: Cell;
  readonly unnamedTraces: Cell;
  readonly unnamedTracesLine: Cell;
  readonly namedTraces: Cell;
  readonly problem: Cell;
  readonly xmlLine: Cell;
  readonly detailFrom: Cell;
  readonly detailTo: Cell;
  readonly tokens: Cell;
}

type CellName = { [Name in keyof CoreExports]: CoreExports[Name] extends Cell ? Name : never }[keyof CoreExports];

/** Node has it, and only the browser's type library describes it. */
declare const WebAssembly: {
  Module: new (binary: Uint8Array) => object;
  Memory: new (limits: { initial: number; maximum: number; shared: true }) => { buffer: SharedArrayBuffer };
  Instance: new (module: object, imports: object) => { exports: CoreExports };
};

/** Pages of 64 KiB, as scripts/build-wasm.js has them. */
const PAGES = { initial: 16, maximum: 2048, shared: true } as const;

let compiled: object | undefined;

/** The scanning core: a WebAssembly instance with a memory of its own, which other threads can read. */
export class Core {
  readonly exports: CoreExports;
  /** Called when the core's list of unread times is full. */
  takeUnreadTimes: () => void = () => {};
  /** Called when the core's lists of events are full. */
  takeEvents: () => void = () => {};
  /** Called when the core's list of tokens is nearly full. */
  takeTokens: () => void = () => {};
  private readonly memory: { buffer: SharedArrayBuffer };

  /** @throws UnusableFile where Node runs without WebAssembly. */
  constructor() {
    try {
      compiled ??= new WebAssembly.Module(inflateRawSync(Buffer.from(CORE_BINARY, "base64")));
      this.memory = new WebAssembly.Memory(PAGES);
      const host = {
        takeUnreadTimes: () => this.takeUnreadTimes(),
        takeEvents: () => this.takeEvents(),
        takeTokens: () => this.takeTokens(),
      };
      const imports = { env: { memory: this.memory, abort: outOfMemory }, host };
      this.exports = new WebAssembly.Instance(compiled, imports).exports;
    } catch (error) {
      throw says.noWebAssembly((error as Error).message);
    }
  }

  /** So many pieces of memory to read a file into; they lie in one buffer. */
  reserve(pieces: number, bytes: number): Buffer[] {
    const at = Array.from({ length: pieces }, () => this.exports.reserve(bytes));
    const { buffer } = this.memory;
    return at.map((from) => Buffer.from(buffer, from, bytes));
  }

  get sizeBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** The memory between two addresses. It is the core's: what runs next may write to it. */
  bytesAt(from: number, to: number): Buffer {
    return Buffer.from(this.memory.buffer, from, to - from);
  }

  read(name: CellName): number {
    return Number(this.exports[name].value);
  }
}

/** The only way the core fails by itself. */
function outOfMemory(): never {
  throw new Error("the scanning core has no memory left");
}
