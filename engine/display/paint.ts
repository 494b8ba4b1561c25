import { styleText } from "node:util";
import type { Op } from "../model";

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "magenta" | "cyan" | "blue";

/** Node looks at its own standard output else, and the decision has been made for the stream that is written to. */
const FOR_ANY_STREAM = { validateStream: false };

/** Colours text, or leaves it alone. */
export type Paint = (colour: Colour, text: string) => string;

/** The painter for a stream: colour only on a terminal, and not when NO_COLOR is set. */
export function paintFor(stream: { isTTY?: boolean }, env: { [name: string]: string | undefined }): Paint {
  const coloured = stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return coloured ? (colour, text) => (text ? styleText(colour, text, FOR_ANY_STREAM) : text) : plain;
}

/** No colour. */
export const plain: Paint = (_colour, text) => text;

const LOOKS: {
  [op in Op]: { symbol: string; colour: Colour; plan: string; doing: string; done: string; failed: string };
} = {
  same: { symbol: "  ", colour: "dim", plan: "", doing: "", done: "", failed: "failed" },
  create: {
    symbol: "+ ",
    colour: "green",
    plan: "create",
    doing: "creating",
    done: "created",
    failed: "creating failed",
  },
  update: {
    symbol: "~ ",
    colour: "yellow",
    plan: "update",
    doing: "updating",
    done: "updated",
    failed: "updating failed",
  },
  delete: {
    symbol: "- ",
    colour: "red",
    plan: "delete",
    doing: "deleting",
    done: "deleted",
    failed: "deleting failed",
  },
  replace: {
    symbol: "+-",
    colour: "magenta",
    plan: "replace",
    doing: "replacing",
    done: "replaced",
    failed: "replacing failed",
  },
  "create-replacement": {
    symbol: "++",
    colour: "green",
    plan: "create replacement",
    doing: "creating replacement",
    done: "created replacement",
    failed: "creating failed",
  },
  "delete-replaced": {
    symbol: "--",
    colour: "red",
    plan: "delete original",
    doing: "deleting original",
    done: "deleted original",
    failed: "deleting failed",
  },
  read: { symbol: "> ", colour: "cyan", plan: "read", doing: "reading", done: "read", failed: "reading failed" },
  "read-replacement": {
    symbol: ">>",
    colour: "cyan",
    plan: "read for replacement",
    doing: "reading for replacement",
    done: "read for replacement",
    failed: "reading failed",
  },
  refresh: {
    symbol: "~ ",
    colour: "yellow",
    plan: "refresh",
    doing: "refreshing",
    done: "refresh",
    failed: "refreshing failed",
  },
  discard: {
    symbol: "< ",
    colour: "red",
    plan: "discard",
    doing: "discarding",
    done: "discarded",
    failed: "discarding failed",
  },
  "discard-replaced": {
    symbol: "<<",
    colour: "red",
    plan: "discard original",
    doing: "discarding original",
    done: "discarded original",
    failed: "discarding failed",
  },
  "remove-pending-replace": { symbol: "~ ", colour: "dim", plan: "", doing: "", done: "", failed: "failed" },
};

/** How an operation is shown: its two-character symbol, its colour and its words before, after and on failure. */
export function looksOf(op: Op): (typeof LOOKS)[Op] {
  return LOOKS[op];
}
