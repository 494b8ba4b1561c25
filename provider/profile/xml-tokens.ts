import type { XmlListener } from "./xml-reader";

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
  /** Elements whose text is wanted. */
  textIn: readonly string[];
}

/** Turns what {@link XmlReader} says into tokens. */
export function tokensFor(listener: TokenListener, { names, textIn }: Wanted): XmlListener & { isDone?(): boolean } {
  const numbers = new Map(names.map((name, i) => [name, i + 1]));
  const open: boolean[] = [];
  return {
    open(name, { attributes }) {
      open.push(textIn.includes(name));
      const number = numbers.get(name);
      if (number === undefined) return;
      listener.open(number);
      for (const key in attributes) {
        const attribute = numbers.get(key.slice(key.indexOf(":") + 1));
        if (attribute === undefined) continue;
        const bytes = Buffer.from(attributes[key] as string);
        listener.attribute(attribute, bytes, 0, bytes.length);
      }
    },
    close(name) {
      open.pop();
      const number = numbers.get(name);
      if (number !== undefined) listener.close(number);
    },
    text(text) {
      if (!open.at(-1)) return;
      const bytes = Buffer.from(text);
      listener.text(bytes, 0, bytes.length);
    },
    isDone: () => listener.isDone?.() ?? false,
  };
}
