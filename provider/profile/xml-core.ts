import * as says from "../messages/files";
import type { UnusableFile } from "../messages/message";
import { Core } from "./core";
import { SLOT_BYTES, SLOTS } from "./slots";
import { Utf8Check } from "./utf8";

/** One chunk is one block of the event loop. */
const CHUNK_BYTES = 256 * 1024;
const TOKEN_INTS = 5;
const LIST_TOKENS = 8192;

/** What a token is. An attribute follows the element it is of; text may come in pieces. */
export const Kind = { open: 1, attribute: 2, close: 3, text: 4 } as const;

/** Tokens of XML, valid until the next are made. */
export interface XmlTokens {
  count: number;
  /** Five numbers a token: its kind, the number of its name, its element's depth (1 is the root), and where its value lies. */
  table: Int32Array;
  /** Values are `bytes[from]` to `bytes[to]`, in UTF-8, without entities. */
  bytes: Buffer;
}

/** By provider/core/xml-problem.ts; the texts of the others are in ../messages/files. */
const [ROOT_PROBLEM, NESTED_TRACE, OBJECT_CENTRIC] = [20, 21, 22];

/** The part of the core that parses XML, given bytes in chunks of any size and in any encoding that Node knows. */
export class XmlInput {
  readonly core = new Core();
  private readonly utf8 = new Utf8Check();
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  /** The encoding that the first line names. */
  private encodingName: string | undefined;
  /** What is wrong with that, though the bytes may be UTF-8. */
  private encodingFault: UnusableFile | undefined;
  /** Whether the bytes would be other characters in UTF-8. */
  private hasOtherCharacters = false;
  private hasBegun = false;
  private slots: readonly Buffer[] = [];

  /**
   * @param what - the subject of its faults: `it`, or a part of the file.
   * @param readsAsUtf8 - whether UTF-8 may have a first line that names an encoding it cannot be in.
   * @throws UnusableFile where Node runs without WebAssembly.
   */
  constructor(
    private readonly what: string,
    private readonly readsAsUtf8 = false,
  ) {}

  /** What is odd about the encoding of bytes that were read. */
  get encodingWarning(): string | undefined {
    if (this.encodingName === undefined) return undefined;
    if (this.encodingFault) return says.ignoredEncoding(this.encodingName);
    return this.hasOtherCharacters ? says.notUtf8(this.encodingName) : undefined;
  }

  /** Memory to read into: `push` takes from there at the speed of the core's own copies. */
  reserveSlots(): readonly Buffer[] {
    this.slots = this.core.reserve(SLOTS, SLOT_BYTES);
    return this.slots;
  }

  /**
   * @param isUtf8 - true: all of the bytes are known to be UTF-8.
   * @throws UnusableFile, with the line, when it is not valid XML.
   */
  push(bytes: Uint8Array, isUtf8 = false): void {
    if (!this.hasBegun) this.chooseDecoder(bytes);
    this.hasBegun = true;
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      const part = bytes.subarray(from, from + CHUNK_BYTES);
      if (this.decoder) this.take(this.decode(this.decoder, part), true);
      else this.take(Buffer.from(part.buffer, part.byteOffset, part.length), isUtf8);
    }
  }

  end(): void {
    if (this.utf8.endsInside()) throw this.notUtf8();
    this.run(new Uint8Array(0), true);
  }

  private chooseDecoder(start: Uint8Array): void {
    const { name, decoder, fault } = encodingOf(start);
    if (fault && !this.readsAsUtf8) throw fault;
    this.encodingName = name;
    this.decoder = decoder;
    this.encodingFault = fault;
  }

  private take(bytes: Buffer, isUtf8: boolean): void {
    const valid = this.utf8.push(bytes, isUtf8);
    this.run(bytes.subarray(0, valid ?? bytes.length), false);
    if (valid !== undefined) throw this.notUtf8();
  }

  private run(bytes: Uint8Array, isLast: boolean): void {
    const { core } = this;
    if (bytes.buffer === this.slots[0]?.buffer) core.exports.xmlTake(bytes.byteOffset, bytes.length);
    else {
      const at = core.exports.xmlRoom(bytes.length);
      core.bytesAt(at, at + bytes.length).set(bytes);
      core.exports.xmlRun(bytes.length, isLast);
    }
    const problem = core.read("problem");
    if (problem === 0) return;
    const line = core.read("xmlLine");
    if (problem === NESTED_TRACE) throw says.nestedTrace(line);
    if (problem === OBJECT_CENTRIC) throw says.isObjectCentric();
    if (problem !== ROOT_PROBLEM) throw says.invalidXml(this.what, line, says.XML_PROBLEMS[problem] as string);
    const name = core.bytesAt(core.read("detailFrom"), core.read("detailTo")).toString("utf8").slice(0, 60);
    throw name.toLowerCase() === "html" ? says.isDocument("a web page (HTML)") : says.otherRoot(name);
  }

  private decode(decoder: InstanceType<typeof TextDecoder>, bytes: Uint8Array): Buffer {
    try {
      const text = Buffer.from(decoder.decode(bytes, { stream: true }));
      if (text.length !== bytes.length) this.hasOtherCharacters = true;
      return text;
    } catch {
      throw says.otherBytes(this.what, this.lineAtEnd(), says.notInItsEncoding());
    }
  }

  private notUtf8(): UnusableFile {
    return this.encodingFault ?? says.otherBytes(this.what, this.lineAtEnd(), says.notInUtf8());
  }

  private lineAtEnd(): number {
    return Number(this.core.exports.xmlLineAtEnd());
  }
}

/** Parses XML in constant memory and hands over its elements, attributes and texts as a table of numbers. */
export class XmlCore {
  private readonly input: XmlInput;
  private readonly table: Int32Array;
  private take: (tokens: XmlTokens) => void = () => {};

  /**
   * @param what - the subject of its faults: `it`, or a part of the file.
   * @param names - local names of the elements and attributes to hear about, at most 31: the first has the number 1.
   * @param textIn - elements of these names whose text is wanted.
   */
  constructor(what: string, names: readonly string[], textIn: readonly string[]) {
    this.input = new XmlInput(what);
    const { core } = this.input;
    const at = core.exports.tokensAt();
    const { buffer } = core.bytesAt(at, at);
    this.table = new Int32Array(buffer, at, TOKEN_INTS * LIST_TOKENS);
    core.exports.clearNames();
    const room = core.exports.reserve(256);
    for (const [index, name] of names.entries()) {
      const bytes = Buffer.from(name);
      core.bytesAt(room, room + bytes.length).set(bytes);
      core.exports.nameXml(room, room + bytes.length, index + 1, textIn.includes(name));
    }
    core.takeTokens = () => this.hand();
    core.exports.startXml(false);
  }

  /** The line that is being read. */
  get line(): number {
    return this.input.core.read("xmlLine");
  }

  /** @throws UnusableFile, with the line, when it is not valid XML. */
  push(bytes: Uint8Array, take: (tokens: XmlTokens) => void): void {
    this.take = take;
    // A list must be taken before the next bytes move what its values lie in.
    for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
      this.input.push(bytes.subarray(from, from + CHUNK_BYTES));
      this.hand();
    }
  }

  end(take: (tokens: XmlTokens) => void): void {
    this.take = take;
    this.input.end();
    this.hand();
  }

  private hand(): void {
    const { core } = this.input;
    const count = core.read("tokens");
    if (count > 0) this.take({ count, table: this.table, bytes: core.bytesAt(0, core.sizeBytes) });
    core.exports.clearTokens();
  }
}

/** The first two bytes of XML in UTF-16, with and without a byte order mark, and the encoding. */
const UTF_16 = [
  [0xff, 0xfe, "utf-16le"],
  [0xfe, 0xff, "utf-16be"],
  [0x3c, 0x00, "utf-16le"],
  [0x00, 0x3c, "utf-16be"],
] as const;

interface Encoding {
  /** As the first line names it. */
  name?: string;
  /** None for UTF-8, which needs none. */
  decoder?: InstanceType<typeof TextDecoder>;
  /** Why the bytes cannot be in the encoding of that name. */
  fault?: UnusableFile;
}

/** By the first bytes and the XML declaration. */
function encodingOf(start: Uint8Array): Encoding {
  const wide = UTF_16.find(([first, second]) => start[0] === first && start[1] === second);
  if (wide) return { decoder: new TextDecoder(wide[2], { fatal: true }) };
  const declared = /^[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(
    Buffer.from(start.subarray(0, 256)).toString("latin1"),
  );
  const name = declared?.[1];
  if (name === undefined) return {};
  const decoder = decoderOf(name);
  if (!decoder) return { name, fault: says.unknownEncoding(name) };
  // What names it could not be read before it was decoded. .NET writes so into files of UTF-8.
  if (decoder.encoding.startsWith("utf-16")) return { name, fault: says.otherEncodingNamed(name) };
  return decoder.encoding === "utf-8" ? {} : { name, decoder };
}

function decoderOf(name: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    return undefined;
  }
}
