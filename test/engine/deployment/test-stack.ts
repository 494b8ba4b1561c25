import { deploy } from "../../../engine/deployment";
import {
  type Alias,
  type DeploymentOptions,
  type DeploymentResult,
  type EngineEvent,
  type Monitor,
  NO_OPTIONS,
  type ProgramHost,
  type ProgramResult,
  type Properties,
  type Registered,
  type Registration,
  type ResourceState,
  SECRET,
  SIGNATURE,
  type Snapshot,
  type Value,
} from "../../../engine/model";
import { TestService } from "./test-provider";

/** Options of a registration a test sets; the rest is empty. */
export type Options = Partial<Omit<Registration, "aliases" | "type" | "name" | "inputs" | "custom">> & {
  aliases?: Alias[];
};

export const STACK_URN = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
export const DEFAULT_PROVIDER = "urn:pulumi:dev::shop::pulumi:providers:pulumi-nodejs::default";
export const thing = "pulumi-nodejs:dynamic:Thing";

/** The URN of a top-level thing, or of one below `chain`. */
export function urnOf(name: string, type = thing): string {
  return `urn:pulumi:dev::shop::${type}::${name}`;
}

/** Wraps a secret. */
export function secret(value: Value): Value {
  return { [SIGNATURE]: SECRET, value };
}

/** What a program of a test does its work with. */
export class TestProgram {
  constructor(
    readonly monitor: Monitor,
    readonly dryRun: boolean,
  ) {}

  /** Registers a dynamic resource below the stack. */
  thing(name: string, inputs: Properties = {}, options: Options = {}): Promise<Registered> {
    return this.register(thing, name, true, inputs, options);
  }

  component(name: string, inputs: Properties = {}, options: Options = {}): Promise<Registered> {
    return this.register("my:index:Component", name, false, inputs, options);
  }

  register(
    type: string,
    name: string,
    custom: boolean,
    inputs: Properties,
    options: Options = {},
  ): Promise<Registered> {
    return this.monitor.registerResource({
      type,
      name,
      custom,
      inputs,
      parent: STACK_URN,
      ...NO_OPTIONS,
      ...options,
    });
  }

  read(name: string, id: string, properties: Properties = {}, parent = STACK_URN): Promise<Registered> {
    return this.monitor.readResource({
      type: thing,
      name,
      id,
      parent,
      properties,
      dependencies: [],
      provider: "",
      additionalSecretOutputs: [],
    });
  }

  outputs(outputs: Properties, urn = STACK_URN): Promise<void> {
    return this.monitor.registerResourceOutputs(urn, outputs);
  }
}

export type Script = (program: TestProgram) => Promise<void>;

/** Everything one deployment did. */
export interface Deployed {
  result: DeploymentResult;
  events: EngineEvent[];
  saves: Snapshot[];
  /** The state afterwards. */
  snapshot: Snapshot;
}

/** A stack in memory: each deployment starts from what the last one saved. */
export class TestStack {
  snapshot: Snapshot = { resources: [], pendingOperations: [] };
  service = new TestService();
  config: DeploymentOptions["config"] = { values: {}, secretKeys: [] };
  parallel = 16;
  time = "2026-01-01T00:00:00.000Z";

  preview(script: Script, more: Partial<DeploymentOptions> = {}): Promise<Deployed> {
    return this.deploy("preview", script, { dryRun: true, ...more });
  }

  up(script: Script, more: Partial<DeploymentOptions> = {}): Promise<Deployed> {
    return this.deploy("up", script, more);
  }

  destroy(more: Partial<DeploymentOptions> = {}): Promise<Deployed> {
    return this.deploy("destroy", async () => undefined, more);
  }

  refresh(more: Partial<DeploymentOptions> = {}): Promise<Deployed> {
    return this.deploy("refresh", async () => undefined, more);
  }

  /** The saved entries, by name, or by type and name where two share one. */
  entry(name: string): ResourceState | undefined {
    return this.snapshot.resources.find((state) => state.urn.endsWith(`::${name}`) && !state.delete);
  }

  private async deploy(
    verb: DeploymentOptions["verb"],
    script: Script,
    more: Partial<DeploymentOptions>,
  ): Promise<Deployed> {
    const events: EngineEvent[] = [];
    const saves: Snapshot[] = [];
    const result = await deploy({
      verb,
      refresh: false,
      dryRun: false,
      organization: "organization",
      project: "shop",
      stack: "dev",
      rootDirectory: "/program",
      programDirectory: "/program",
      config: this.config,
      parallel: this.parallel,
      snapshot: this.snapshot,
      save: async (snapshot) => {
        saves.push(structuredClone(snapshot));
      },
      emit: (event) => {
        events.push(structuredClone(event));
      },
      programHost: host(script),
      providerHost: { start: async ({ config }, log) => this.service.start(await config, log) },
      abort: new AbortController().signal,
      now: () => new Date(this.time),
      ...more,
    });
    this.snapshot = saves.at(-1) ?? this.snapshot;
    return { result, events, saves, snapshot: this.snapshot };
  }
}

/** Runs a script as the program: registers the stack first, and is killed by the signal. */
function host(script: Script): ProgramHost {
  return {
    async run({ dryRun }, monitor, abort): Promise<ProgramResult> {
      const killed = new Promise<ProgramResult>((resolve) => {
        const kill = () => resolve({ ok: false, exitCode: null });
        if (abort.aborted) kill();
        abort.addEventListener("abort", kill);
      });
      const program = new TestProgram(monitor, dryRun);
      const finished = (async (): Promise<ProgramResult> => {
        try {
          await program.register("pulumi:pulumi:Stack", "shop-dev", false, {}, { parent: "" });
          await script(program);
          return { ok: true, exitCode: 0 };
        } catch (error) {
          return { ok: false, exitCode: 32, reason: String(error) };
        }
      })();
      return Promise.race([finished, killed]);
    },
  };
}

/** Shown steps as `op name`, in the order they ended. */
export function ops({ events }: Deployed): string[] {
  return events.flatMap((event) =>
    event.kind === "done" ? [`${event.step.op} ${event.step.urn.split("::").at(-1)}`] : [],
  );
}

/** Errors, warnings and infos as `severity: message`. */
export function told({ events }: Deployed): string[] {
  return events.flatMap((event) =>
    event.kind === "diagnostic" ? [`${event.diagnostic.severity}: ${event.diagnostic.message}`] : [],
  );
}

/** Makes random ids comparable. */
export function stable<Anything>(value: Anything): Anything {
  return JSON.parse(
    JSON.stringify(value).replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, "uuid"),
  );
}
