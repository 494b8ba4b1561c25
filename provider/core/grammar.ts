/**
 * The grammar of delimited text. provider/profile/grammar.ts says what it is and writes both tables; the numbers here are
 * those of its states and actions.
 */

export const kinds: usize = memory.data(256);
export const transitions: usize = memory.data(64);

export function kindsAt(): usize {
  return kinds;
}

export function transitionsAt(): usize {
  return transitions;
}

export namespace State {
  export const recordStart: u32 = 0;
  export const fieldStart: u32 = 1;
  export const unquoted: u32 = 2;
  export const quoted: u32 = 3;
  export const closed: u32 = 4;
  export const crOnEmptyLine: u32 = 5;
  export const cr: u32 = 6;
}

export namespace Action {
  export const none: u32 = 0;
  export const field: u32 = 1;
  export const record: u32 = 2;
  export const recordAfterCr: u32 = 3;
  export const emptyLine: u32 = 4;
  export const openQuote: u32 = 5;
  export const strayQuote: u32 = 6;
  export const newlineInside: u32 = 7;
  /** This and all above are faults. */
  export const textAfterQuote: u32 = 8;
  export const loneCr: u32 = 9;
  export const nul: u32 = 10;
  /** A fault that shows at the end. */
  export const quoteLeftOpen: u32 = 11;
}

/** The state that a byte leads to in the low three bits, the action it asks for above them. */
@inline
export function step(state: u32, byte: u32): u32 {
  return load<u8>(transitions + ((state << 3) | load<u8>(kinds + byte)));
}

export const QUOTE: u32 = 0x22;
export const LF: u32 = 0x0a;
export const CR: u32 = 0x0d;
