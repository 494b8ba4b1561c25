import fs from "node:fs";

/**
 * The calls that Pulumi's engine made to the plugin, as data: what its PULUMI_DEBUG_GRPC log says, without anything of
 * the machine and the run that made it. Ids and times are placeholders, numbered by their first appearance.
 */

export interface RecordedCall {
  /** As the service names it: `Create`. */
  method: string;
  request: { [field: string]: unknown };
  response?: { [field: string]: unknown };
  /** What the plugin said instead of a response. */
  error?: string;
}

/** Addresses, folders, seeds and tokens of one run. */
const OF_THE_RUN = [
  "engineAddress",
  "rootDirectory",
  "programDirectory",
  "mapperTarget",
  "loaderTarget",
  "resolverTarget",
  "randomSeed",
  "resourceStatusAddress",
  "resourceStatusToken",
];
const SERVICE = "/pulumirpc.ResourceProvider/";
/** Pulumi's mark of a value that is not known yet; the rest are ids that somebody made. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const MADE = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

interface LogLine {
  method: string;
  progress: string;
  request: RecordedCall["request"];
  response?: RecordedCall["response"];
  errors?: string[];
}

/** Reads the logs of several commands, one after the other, so that an id has one number in all of them. */
export function callReader(): (logFile: string) => RecordedCall[] {
  const numbers = new Map<string, string>();
  const placeholder = (made: string) => {
    if (made === UNKNOWN) return made;
    const kind = made.includes("T") ? "time" : "id";
    const known = [...numbers.values()].filter((name) => name.startsWith(`<${kind}`)).length;
    if (!numbers.has(made)) numbers.set(made, `<${kind} ${known + 1}>`);
    return numbers.get(made) ?? "";
  };
  return (logFile) => {
    const lines = fs.readFileSync(logFile, "utf8").split("\n").filter(Boolean);
    const calls = lines
      .map((line): LogLine => JSON.parse(line))
      .filter(({ method, progress }) => method.startsWith(SERVICE) && progress === "response_completed")
      // The schema is checked in, and whoever reads it caches it.
      .filter(({ method }) => !/GetSchema|GetMapping/.test(method));
    return calls.map((line) => JSON.parse(JSON.stringify(callOf(line)).replaceAll(MADE, placeholder)));
  };
}

function callOf({ method, request, response, errors }: LogLine): RecordedCall {
  const kept = Object.entries(request).filter(([field]) => !OF_THE_RUN.includes(field));
  return {
    method: method.slice(SERVICE.length),
    request: Object.fromEntries(kept),
    ...(errors === undefined || errors.length === 0
      ? { response: response ?? {} }
      : { error: errors.join("; ").replace(/^rpc error: code = \w+ desc = /, "") }),
  };
}

/** What the placeholders of a recording stand for in a replay. */
export class Bindings {
  private readonly values = new Map<string, string>();

  /** The recorded value with what is known put in. */
  fill<T>(recorded: T): T {
    const text = JSON.stringify(recorded).replaceAll(PLACEHOLDER, (name) => this.values.get(name) ?? name);
    return JSON.parse(text);
  }

  /** Learns what stands in the place of placeholders that are new. */
  learn(recorded: unknown, found: unknown): void {
    if (typeof recorded === "string" && typeof found === "string") this.learnText(recorded, found);
    if (typeof recorded !== "object" || recorded === null || typeof found !== "object" || found === null) return;
    for (const [key, value] of Object.entries(recorded)) this.learn(value, (found as Record<string, unknown>)[key]);
  }

  private learnText(recorded: string, found: string): void {
    const names = recorded.match(PLACEHOLDER) ?? [];
    if (names.length === 0) return;
    const pattern = recorded.split(PLACEHOLDER).map(escaped).join(`(${MADE.source})`);
    const values = new RegExp(`^${pattern}$`).exec(found)?.slice(1) ?? [];
    for (const [index, name] of names.entries()) {
      const value = values[index];
      if (value !== undefined && !this.values.has(name)) this.values.set(name, value);
    }
  }
}

const PLACEHOLDER = /<(?:id|time) \d+>/g;

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^$()|[\]{}\\]/g, "\\$&");
}
