import { SaxesParser, type SaxesTagPlain } from "saxes";
import { UnusableFile } from "./source-file";

/** Deeper or longer than any log or workbook; they bound what the parser holds in memory. */
const MAX_DEPTH = 256;
const MAX_ELEMENT_BYTES = 16 * 1024 * 1024;

export type Tag = SaxesTagPlain;

/** What a reader of XML wants to hear about. Names come without a namespace prefix. */
export interface XmlListener {
  /** @param depth - 1 for the root. */
  open(name: string, tag: Tag, depth: number): void;
  close?(name: string, depth: number): void;
  text?(text: string): void;
}

/** Parses XML that arrives in chunks, in constant memory. Declared entities are not expanded: using one is an error. */
export class XmlReader {
  private readonly parser = new SaxesParser();
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private depth = 0;
  private sinceTagBytes = 0;

  /** @param what - the subject of its refusals: `it`, or a part of the file. */
  constructor(
    private readonly what: string,
    listener: XmlListener,
  ) {
    const { parser } = this;
    parser.on("error", ({ message }) => {
      throw this.refusal(message.replace(/^\d+:\d+: /, "").replace(/\.$/, ""));
    });
    parser.on("opentag", (tag) => {
      this.depth++;
      this.sinceTagBytes = 0;
      if (this.depth > MAX_DEPTH) throw this.refusal(`elements are nested more than ${MAX_DEPTH} deep`);
      listener.open(localName(tag.name), tag, this.depth);
    });
    parser.on("closetag", (tag) => {
      this.sinceTagBytes = 0;
      listener.close?.(localName(tag.name), this.depth);
      this.depth--;
    });
    if (listener.text) parser.on("text", (text) => listener.text?.(text));
  }

  /** The line that is being read. */
  get line(): number {
    return this.parser.line;
  }

  push(bytes: Uint8Array): void {
    this.decoder ??= decoderFor(bytes);
    this.write(() => this.decoder?.decode(bytes, { stream: true }));
    this.sinceTagBytes += bytes.length;
    if (this.sinceTagBytes > MAX_ELEMENT_BYTES) throw this.refusal("one element is longer than 16 MiB");
  }

  end(): void {
    this.write(() => this.decoder?.decode());
    this.parser.close();
  }

  private write(decode: () => string | undefined): void {
    let text: string;
    try {
      text = decode() ?? "";
    } catch {
      throw this.refusal("bytes are not valid in its encoding");
    }
    this.parser.write(text);
  }

  private refusal(problem: string): UnusableFile {
    return new UnusableFile(`${this.what} is not sound XML: line ${this.parser.line}: ${problem}. Export it again`);
  }
}

/** By the XML declaration, UTF-8 without one. */
function decoderFor(start: Uint8Array): InstanceType<typeof TextDecoder> {
  const declared = /^[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(
    Buffer.from(start.subarray(0, 256)).toString("latin1"),
  );
  const name = declared?.[1] ?? "utf-8";
  try {
    return new TextDecoder(name, { fatal: true });
  } catch {
    throw new UnusableFile(`its encoding "${name}" is not known. Save it as UTF-8`);
  }
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
