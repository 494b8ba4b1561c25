import type { CheckFailure, DiffAnswer, LogMessage, Properties, Provider } from "../../../engine/model";
import { urnName } from "../../../engine/urn";

/** What a provider was asked, whole. */
export interface Call {
  method: "check" | "diff" | "create" | "read" | "update" | "delete";
  name: string;
  id?: string;
  olds?: Properties;
  oldInputs?: Properties;
  news?: Properties;
  ignoreChanges?: string[];
}

/** Behaviour a test replaces; everything is asked with the call it answers. */
export interface Behaviour {
  check?: (
    call: Call,
  ) => Promise<{ inputs: Properties; failures: CheckFailure[] }> | { inputs: Properties; failures: CheckFailure[] };
  diff?: (call: Call) => DiffAnswer;
  create?: (call: Call) => Promise<{ id: string; outputs: Properties }> | { id: string; outputs: Properties };
  read?: (call: Call) => { id: string; outputs: Properties; inputs?: Properties };
  update?: (call: Call) => Promise<{ outputs: Properties }> | { outputs: Properties };
  delete?: (call: Call) => Promise<void> | void;
}

/** A service in memory: ids are `<name>-1`, `<name>-2`, …; outputs repeat the inputs. */
export class TestService {
  readonly calls: Call[] = [];
  readonly objects = new Map<string, Properties>();
  readonly configurations: { [key: string]: string }[] = [];
  closed = 0;
  canceled = 0;
  behaviour: Behaviour = {};
  private readonly counters = new Map<string, number>();

  start(config: { [key: string]: string }, log: (message: LogMessage) => void): Provider {
    this.configurations.push(config);
    this.log = log;
    return {
      check: async (urn, olds, news) =>
        this.answer({ method: "check", name: urnName(urn), olds, news }, "check", () => ({
          inputs: news,
          failures: [],
        })),
      diff: async (urn, id, olds, oldInputs, news, ignoreChanges) =>
        this.answer({ method: "diff", name: urnName(urn), id, olds, oldInputs, news, ignoreChanges }, "diff", () => ({
          changes: undefined,
          replaces: [],
          deleteBeforeReplace: false,
        })),
      create: async (urn, news) =>
        this.answer({ method: "create", name: urnName(urn), news }, "create", () => {
          const id = this.nextId(urnName(urn));
          this.objects.set(id, news);
          return { id, outputs: news };
        }),
      read: async (urn, id, oldInputs, olds) =>
        this.answer({ method: "read", name: urnName(urn), id, olds, oldInputs }, "read", () => {
          const outputs = this.objects.get(id);
          return outputs === undefined ? { id: "", outputs: {} } : { id, outputs };
        }),
      update: async (urn, id, olds, oldInputs, news) =>
        this.answer({ method: "update", name: urnName(urn), id, olds, oldInputs, news }, "update", () => {
          this.objects.set(id, news);
          return { outputs: news };
        }),
      delete: async (urn, id, olds, oldInputs) =>
        this.answer({ method: "delete", name: urnName(urn), id, olds, oldInputs }, "delete", () => {
          this.objects.delete(id);
        }),
      cancel: async () => {
        this.canceled += 1;
      },
      close: async () => {
        this.closed += 1;
      },
    };
  }

  log: (message: LogMessage) => void = () => undefined;

  /** The calls as `method name`, without check and diff unless asked for. */
  summary(...also: Call["method"][]): string[] {
    const methods: Call["method"][] = ["create", "read", "update", "delete", ...also];
    return this.calls
      .filter((call) => methods.includes(call.method))
      .map((call) => `${call.method} ${call.id ?? call.name}`);
  }

  private nextId(name: string): string {
    const count = (this.counters.get(name) ?? 0) + 1;
    this.counters.set(name, count);
    return `${name}-${count}`;
  }

  private answer<Method extends keyof Behaviour, Result>(
    call: Call,
    method: Method,
    fallback: () => Result,
  ): Promise<Result> | Result {
    this.calls.push(structuredClone(call));
    const replaced = this.behaviour[method] as ((call: Call) => Promise<Result> | Result) | undefined;
    return replaced === undefined ? fallback() : replaced(call);
  }
}
