/**
 * The grammar of delimited text, as a table: RFC 4180 with any delimiter, LF or CRLF at record ends, and a quote inside
 * an unquoted field taken as an ordinary character. What readers disagree about is a fault, so that no count is a guess.
 */

const State = {
  recordStart: 0,
  fieldStart: 1,
  unquoted: 2,
  quoted: 3,
  /** A quote inside a quoted field: it has ended, or the next byte is the second of a pair. */
  closed: 4,
  /** CR as the first byte of a line. */
  crOnEmptyLine: 5,
  cr: 6,
} as const;

export const Action = {
  none: 0,
  field: 1,
  record: 2,
  recordAfterCr: 3,
  emptyLine: 4,
  openQuote: 5,
  strayQuote: 6,
  newlineInside: 7,
  /** This and all above are faults. */
  textAfterQuote: 8,
  loneCr: 9,
  nul: 10,
} as const;

const Kind = { other: 0, delimiter: 1, quote: 2, lf: 3, cr: 4, nul: 5 } as const;

/** A table's entry holds the next state in its low three bits and the action above them. */
const STATE_BITS = 3;

type Step = readonly [state: keyof typeof State, action?: keyof typeof Action];

const LONE_CR: Step = ["cr", "loneCr"];
const NUL: Step = ["quoted", "nul"];
const FIELD: Step = ["fieldStart", "field"];
const RECORD: Step = ["recordStart", "record"];
const OPEN: Step = ["quoted", "openQuote"];

/** Per state: what another byte, the delimiter, a quote, LF, CR and NUL lead to. */
const STEPS: Record<keyof typeof State, readonly [Step, Step, Step, Step, Step, Step]> = {
  recordStart: [["unquoted"], FIELD, OPEN, ["recordStart", "emptyLine"], ["crOnEmptyLine"], NUL],
  fieldStart: [["unquoted"], FIELD, OPEN, RECORD, ["cr"], NUL],
  unquoted: [["unquoted"], FIELD, ["unquoted", "strayQuote"], RECORD, ["cr"], NUL],
  quoted: [["quoted"], ["quoted"], ["closed"], ["quoted", "newlineInside"], ["quoted"], NUL],
  closed: [["closed", "textAfterQuote"], FIELD, ["quoted"], RECORD, ["cr"], NUL],
  crOnEmptyLine: [LONE_CR, LONE_CR, LONE_CR, ["recordStart", "emptyLine"], LONE_CR, NUL],
  cr: [LONE_CR, LONE_CR, LONE_CR, ["recordStart", "recordAfterCr"], LONE_CR, NUL],
};

/** Indexed by state << 3 | kind of byte. */
export const TRANSITIONS: Uint8Array = transitions();

/** The kind of each of the 256 bytes, given the delimiter. */
export function kindsOf(delimiter: number): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds[0x00] = Kind.nul;
  kinds[0x0a] = Kind.lf;
  kinds[0x0d] = Kind.cr;
  kinds[0x22] = Kind.quote;
  kinds[delimiter] = Kind.delimiter;
  return kinds;
}

function transitions(): Uint8Array {
  const table = new Uint8Array(8 << STATE_BITS);
  for (const [name, steps] of Object.entries(STEPS)) {
    steps.forEach(([state, action = "none"], kind) => {
      table[(State[name as keyof typeof State] << STATE_BITS) | kind] = State[state] | (Action[action] << STATE_BITS);
    });
  }
  return table;
}
