import { Kind, type XmlTokens } from "./xml-core";

/** What a reader of XML hears about: names by their number from 1, values as bytes of UTF-8 that are valid during the call. */
export interface TokenListener {
  open(name: number): void;
  /** Of the element opened last. */
  attribute(name: number, bytes: Uint8Array, from: number, to: number): void;
  /** May come in pieces. */
  text(bytes: Uint8Array, from: number, to: number): void;
  close(name: number): void;
  /** Whether the rest need not be read. */
  isDone?(): boolean;
}

/** Which names and texts a listener wants. */
export interface Wanted {
  /** Local names of elements and attributes. */
  names: readonly string[];
  /** Those of the elements whose text is wanted. */
  textIn: readonly string[];
}

/** Hands tokens to a listener. */
export function takeTokens({ count, table, bytes }: XmlTokens, listener: TokenListener): void {
  for (let at = 0; at < 5 * count; at += 5) {
    const kind = table[at];
    const name = table[at + 1] as number;
    if (kind === Kind.open) listener.open(name);
    else if (kind === Kind.close) listener.close(name);
    else if (kind === Kind.attribute) listener.attribute(name, bytes, table[at + 3] as number, table[at + 4] as number);
    else listener.text(bytes, table[at + 3] as number, table[at + 4] as number);
    if (listener.isDone?.() === true) return;
  }
}
