import { validateHeaderName, validateHeaderValue } from "node:http";
import { quoted } from "../../engine/message";
import { EmulatorError } from "../domain/errors";
import { ROUTES } from "./routes";

/** What goes wrong. With `commit` the server first does what was asked, and then goes wrong. */
export type FaultAction =
  /** Any status, headers and body instead of the real answer. An object is sent as JSON. */
  | { kind: "reply"; status: number; body?: unknown; headers?: Record<string, string>; commit?: boolean }
  /** Waits before the request is handled, or, with `commit`, between handling and answering. */
  | { kind: "delay"; ms: number; commit?: boolean }
  /** Resets the connection instead of answering. */
  | { kind: "reset"; commit?: boolean }
  /** Handles the request and sends the first half of the answer; `hangUp` promises the whole and resets halfway. */
  | { kind: "truncate"; hangUp?: boolean }
  /** An HTML page, as a proxy would send. */
  | { kind: "html"; status?: number; commit?: boolean }
  /**
   * Handles the request and sends valid JSON of another type: `body`, or the real answer with other values in these
   * `fields`, or the answer wrapped in an array or object.
   */
  | { kind: "wrong-type"; body?: unknown; fields?: Record<string, unknown> }
  /** Takes the request's body slowly: pauses before each piece. */
  | { kind: "slow-read"; pauseMs: number }
  /** Resets the connection after that many bytes of the request's body. */
  | { kind: "reset-after-bytes"; bytes: number }
  /** Answers before the body was read, and closes. */
  | { kind: "early-close"; status?: number; body?: string }
  /** On storage: as if the URL had expired. On the presign call: hands out a URL that has. */
  | { kind: "expire-url" };

/** Which requests a fault is for; what is left out matches all. */
export interface FaultMatch {
  method?: string;
  /** A name from `ROUTES`, or `unknown`. */
  route?: string;
  /** A regular expression on the path (no query). */
  path?: string;
}

/** Something to go wrong on matching requests. */
export type Fault = FaultAction & {
  match?: FaultMatch;
  /** How many matching requests are spared first. Default 0. */
  after?: number;
  /** How often it happens. Default 1. */
  times?: number | "always";
};

/** What a kind requires: a whole number under this name, and what else has to hold. */
interface Requirement<K extends FaultKind> {
  count?: keyof Extract<FaultAction, { kind: K }> & string;
  check?(fault: Extract<FaultAction, { kind: K }>): void;
}

type FaultKind = FaultAction["kind"];

/** Every kind, so that one without its requirements does not compile. */
const REQUIREMENTS: { [K in FaultKind]: Requirement<K> } = {
  reply: { count: "status" },
  delay: { count: "ms" },
  reset: {},
  truncate: {},
  html: {},
  "wrong-type": {},
  "slow-read": { count: "pauseMs" },
  "reset-after-bytes": { count: "bytes" },
  "early-close": {
    check({ body = "" }) {
      if (typeof body !== "string")
        throw new EmulatorError("The body of a fault of kind early-close must be a string.");
    },
  },
  "expire-url": {},
};

/** The kinds, for checking what comes in over the control endpoint. */
export const FAULT_KINDS = Object.keys(REQUIREMENTS) as FaultKind[];

/** The faults that are set, and how often each matched. */
export class Faults {
  private set: { fault: Fault; seen: number; used: number }[] = [];

  /** @throws EmulatorError when the fault makes no sense */
  add(fault: Fault): void {
    assertFault(fault);
    this.set.push({ fault: structuredClone(fault), seen: 0, used: 0 });
  }

  /** @throws EmulatorError when one makes no sense; the old ones stay then */
  replace(faults: Fault[]): void {
    for (const fault of faults) assertFault(fault);
    this.clear();
    for (const fault of faults) this.add(fault);
  }

  clear(): void {
    this.set = [];
  }

  /** The first fault that is due for this request. Every matching fault counts it. */
  due(method: string, route: string, path: string): Fault | undefined {
    let found: Fault | undefined;
    for (const each of this.set) {
      const { match = {}, after = 0, times = 1 } = each.fault;
      if (!matches(match, method, route, path)) continue;
      each.seen += 1;
      if (found || each.seen <= after || (times !== "always" && each.used >= times)) continue;
      each.used += 1;
      found = each.fault;
    }
    return found;
  }
}

function matches(match: FaultMatch, method: string, route: string, path: string): boolean {
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match.route !== undefined && match.route !== route) return false;
  return match.path === undefined || new RegExp(match.path).test(path);
}

function assertFault(fault: Fault): void {
  if (!FAULT_KINDS.includes(fault.kind)) {
    throw new EmulatorError(`Unknown fault kind ${shown(fault.kind)}.`, [`use one of ${FAULT_KINDS.join(", ")}`]);
  }
  // What a kind has no use for is looked at as well: a slip in a test should not pass.
  const fields: Record<string, unknown> = { ...fault };
  const { count, check } = REQUIREMENTS[fault.kind] as Requirement<FaultKind>;
  if (count !== undefined && !isCount(fields[count])) {
    throw new EmulatorError(`A fault of kind ${fault.kind} needs ${count}, a whole number.`);
  }
  const status = fields["status"];
  if (status !== undefined && !(isCount(status) && status >= 200 && status <= 599)) {
    throw new EmulatorError("The status of a fault must be a whole number from 200 to 599.");
  }
  if (fields["after"] !== undefined && !isCount(fields["after"]))
    throw new EmulatorError("The field after of a fault must be a whole number.");
  if (fields["times"] !== undefined && fields["times"] !== "always" && !isCount(fields["times"])) {
    throw new EmulatorError('The field times of a fault must be a whole number or "always".');
  }
  check?.(fault as never);
  assertHeaders(fields["headers"]);
  assertMatch(fault.match);
}

function assertHeaders(headers: unknown): void {
  if (headers === undefined) return;
  if (!isRecord(headers)) throw new EmulatorError("The headers of a fault must be an object of strings.");
  for (const [name, value] of Object.entries(headers)) {
    try {
      if (typeof value !== "string") throw new Error("its value is not a string");
      validateHeaderName(name);
      validateHeaderValue(name, value);
    } catch (error) {
      throw new EmulatorError(
        `The headers of a fault cannot hold ${shown(name)}: ${quoted((error as Error).message)}.`,
      );
    }
  }
}

function assertMatch(match: unknown): void {
  if (match === undefined) return;
  if (!isRecord(match)) throw new EmulatorError("The match of a fault must be an object of method, route and path.");
  for (const [name, value] of Object.entries(match)) {
    if (!["method", "route", "path"].includes(name)) {
      throw new EmulatorError(`The match of a fault has the fields method, route and path, not ${shown(name)}.`);
    }
    if (value !== undefined && typeof value !== "string")
      throw new EmulatorError(`The field match.${name} of a fault must be a string.`);
  }
  const { route, path } = match;
  const known = [...ROUTES.map(({ name }) => name), "unknown"];
  if (route !== undefined && !known.includes(String(route))) {
    const half = Math.ceil(known.length / 2);
    throw new EmulatorError(`Unknown route ${shown(route)}.`, [
      `use one of ${known.slice(0, half).join(", ")}`,
      `or ${known.slice(half).join(", ")}`,
    ]);
  }
  try {
    if (path !== undefined) new RegExp(String(path));
  } catch (error) {
    throw new EmulatorError(
      `The field match.path of a fault is not a regular expression: ${quoted((error as Error).message)}.`,
    );
  }
}

function shown(value: unknown): string {
  return quoted(JSON.stringify(value) ?? "undefined", 40);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
