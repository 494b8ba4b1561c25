/**
 * The words the parts of the local engine share: what a stack's state is, what a program asks for, what a
 * provider answers, what the display gets. No behaviour here.
 *
 *   cli.ts ─▶ commands ─▶ deployment (decides) ─▶ provider process, program process (hosts)
 *                └─▶ state (checkpoint, secrets, lock)        └─▶ events ─▶ display
 */

/**
 * A property value in the engine's memory: JSON, with three kinds of marker that Pulumi's wire format uses too:
 * the string {@link UNKNOWN}; a secret, `{[SIGNATURE]: SECRET, value}`, at any depth; and a resource reference.
 */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

/** Stands for a value that is not known yet (only ever in a preview). Pulumi's own constant. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Key that marks an object as a special value. Pulumi's own constant. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** One entry of a stack's state; the property names are those of Pulumi's checkpoint, version 3. */
export interface ResourceState {
  urn: string;
  custom: boolean;
  type: string;
  /** Condemned: replaced already, to be deleted at the end of the run. */
  delete?: boolean;
  id?: string;
  inputs?: Properties;
  outputs?: Properties;
  parent?: string;
  protect?: boolean;
  external?: boolean;
  dependencies?: string[];
  initErrors?: string[];
  /** `<provider URN>::<provider id>` */
  provider?: string;
  propertyDependencies?: { [property: string]: string[] };
  /** Deleted by a delete-first replacement whose new object does not exist yet. */
  pendingReplacement?: boolean;
  additionalSecretOutputs?: string[];
  aliases?: string[];
  retainOnDelete?: boolean;
  deletedWith?: string;
  created?: string;
  modified?: string;
  sourcePosition?: string;
  ignoreChanges?: string[];
  replaceOnChanges?: string[];
  /** Paths whose difference is not printed. */
  hideDiff?: string[];
}

export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading";
}

/** A stack's state in memory: secrets decrypted, in the `{[SIGNATURE]: SECRET, value}` form. */
export interface Snapshot {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}

/** Stack configuration: namespaced keys (`processmind:tenantId`), string values in plain, and which are secret. */
export interface StackConfig {
  values: { [key: string]: string };
  secretKeys: string[];
}

// ── What a program asks for ─────────────────────────────────────────────────────────────────────────────────

export interface Alias {
  /** A whole URN; when set the other fields are absent. */
  urn?: string;
  name?: string;
  type?: string;
  stack?: string;
  project?: string;
  parentUrn?: string;
  noParent?: boolean;
}

export interface Registration {
  type: string;
  name: string;
  custom: boolean;
  parent: string;
  inputs: Properties;
  dependencies: string[];
  propertyDependencies: { [property: string]: string[] };
  /** Explicit provider reference `<urn>::<id>`, or "" for the default one. */
  provider: string;
  /** Absent: inherited from the parent. The same holds for the next two. */
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith?: string;
  /** Absent: the provider decides. */
  deleteBeforeReplace?: boolean;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  /** Paths whose changes are not printed. */
  hideDiffs: string[];
  additionalSecretOutputs: string[];
  aliases: Alias[];
  /** Options this engine leaves out (import, remote, hooks, …), by name, when the program used one. */
  unsupported: string[];
  sourcePosition?: string;
}

/** A registration without any option. */
export const NO_OPTIONS = {
  dependencies: [],
  propertyDependencies: {},
  provider: "",
  ignoreChanges: [],
  replaceOnChanges: [],
  hideDiffs: [],
  additionalSecretOutputs: [],
  aliases: [],
  unsupported: [],
} satisfies Partial<Registration>;

export interface ReadRequest {
  type: string;
  name: string;
  id: string;
  parent: string;
  properties: Properties;
  dependencies: string[];
  provider: string;
  additionalSecretOutputs: string[];
  sourcePosition?: string;
}

export interface Registered {
  urn: string;
  /** "" in a preview when it is not known. */
  id: string;
  outputs: Properties;
}

export type Severity = "debug" | "info" | "warning" | "error";

export interface LogMessage {
  severity: Severity;
  message: string;
  /** Whose row it belongs to; "" for the stack's. */
  urn: string;
  streamId: number;
  /** Only shown while it happens, not among the final diagnostics. */
  ephemeral: boolean;
}

/** What the gRPC server calls. Implemented by the deployment. */
export interface Monitor {
  /** After a failed step the returned promise never settles, as in Pulumi: the host ends the program instead. */
  registerResource(request: Registration): Promise<Registered>;
  readResource(request: ReadRequest): Promise<Registered>;
  registerResourceOutputs(urn: string, outputs: Properties): Promise<void>;
  log(message: LogMessage): void;
}

// ── Hosts: Pulumi's own processes ───────────────────────────────────────────────────────────────────────────

export interface ProgramOptions {
  /** Folder of Pulumi.yaml. */
  rootDirectory: string;
  /** Folder the program runs in: rootDirectory, or its `main`. */
  programDirectory: string;
  organization: string;
  project: string;
  stack: string;
  config: StackConfig;
  dryRun: boolean;
  parallel: number;
}

export interface ProgramResult {
  /** True only if: exit code 0, and the program signalled its own clean end. Exit code 0 alone is not success. */
  ok: boolean;
  exitCode: number | null;
  /** What to report when not ok and nothing was logged (for example the tail of stderr). */
  reason?: string;
}

export interface ProgramHost {
  /** Runs the program to its end. Rejects only on a fault of the engine itself. `abort` kills it. */
  run(options: ProgramOptions, monitor: Monitor, abort: AbortSignal): Promise<ProgramResult>;
}

export interface CheckFailure {
  property: string;
  reason: string;
}

export interface DiffAnswer {
  /** undefined: the provider has no answer, the engine compares the inputs itself. */
  changes: boolean | undefined;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/**
 * One configured provider process. It gets plain values: secret wrappers are taken off on the way in (the
 * deployment puts them back on the results). Its calls reject with an Error whose message is what the provider
 * said, or with an {@link InitError}.
 */
export interface Provider {
  check(urn: string, olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(
    urn: string,
    id: string,
    olds: Properties,
    oldInputs: Properties,
    news: Properties,
    ignoreChanges: string[],
  ): Promise<DiffAnswer>;
  create(urn: string, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  /** `inputs` undefined: the provider returned none. An empty id: the object was deleted. */
  read(
    urn: string,
    id: string,
    inputs: Properties,
    properties: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs?: Properties }>;
  update(
    urn: string,
    id: string,
    olds: Properties,
    oldInputs: Properties,
    news: Properties,
  ): Promise<{ outputs: Properties }>;
  delete(urn: string, id: string, outputs: Properties, inputs: Properties): Promise<void>;
  /** Asks it to end early what it is doing; its running calls still answer. Rejects where it knows no such call. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** The object exists but is not ready: Pulumi's partial failure. Recorded with its id and its errors. */
export class InitError extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
    readonly reasons: string[],
  ) {
    super(message);
    this.name = "InitError";
  }
}

export interface ProviderHost {
  /**
   * Starts Pulumi's dynamic-provider process in the program's folder, and configures it once `config` is known; when
   * that rejects, the process is ended. What it prints, and what its code sends to Engine.Log, goes to `log` line by
   * line.
   */
  start(options: ProviderOptions, log: (message: LogMessage) => void): Promise<Provider>;
}

export interface ProviderOptions {
  programDirectory: string;
  project: string;
  stack: string;
  config: ProviderConfig | Promise<ProviderConfig>;
}

export interface ProviderConfig {
  [key: string]: string;
}

// ── What happened: for the display, the JSON output and the tests ───────────────────────────────────────────

export type Op =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "read-replacement"
  | "refresh"
  | "discard"
  | "discard-replaced"
  | "remove-pending-replace";

export interface PropertyDiff {
  kind: "add" | "delete" | "update" | "add-replace" | "delete-replace" | "update-replace";
  inputDiff: boolean;
}

export interface Step {
  op: Op;
  urn: string;
  type: string;
  /** Reference `<urn>::<id>`, "" for components. */
  provider: string;
  old?: ResourceState;
  /** In a preview: outputs = inputs, ids may be missing. */
  new?: ResourceState;
  /** Top-level input keys that differ; null when not computed. */
  diffKeys: string[] | null;
  replaceKeys: string[] | null;
  detailedDiff: { [path: string]: PropertyDiff } | null;
}

export type Verb = "preview" | "up" | "refresh" | "destroy";

export type EngineEvent =
  | { kind: "start"; verb: Verb; dryRun: boolean; config: StackConfig }
  /** A step is decided (preview) or begins (run). */
  | { kind: "step"; step: Step }
  /** It ended; `step.new` now holds the final state. Follows every "step" (in a preview immediately). */
  | { kind: "done"; step: Step; seconds: number }
  | { kind: "failed"; step: Step; message: string; seconds: number }
  /** A component or the stack has got its outputs: those of the step's new state. */
  | { kind: "outputs"; step: Step }
  | { kind: "diagnostic"; diagnostic: LogMessage }
  | { kind: "end"; result: DeploymentResult };

export interface DeploymentResult {
  ok: boolean;
  /** Counts as Pulumi's changeSummary: same, create, update, delete, replace, read, refresh … without the default provider. */
  changes: { [op in Op]?: number };
  /** Stack outputs after the run (secrets wrapped). */
  outputs: Properties;
  seconds: number;
  /** Steps or registrations that failed. */
  errors: number;
}

export interface DeploymentOptions {
  verb: Verb;
  /** Read everything first, as `--refresh` on preview, up and destroy. */
  refresh: boolean;
  /** `refresh` and `destroy` shown only, as their `--preview-only`; always true for the verb preview. */
  dryRun: boolean;
  organization: string;
  project: string;
  stack: string;
  rootDirectory: string;
  programDirectory: string;
  config: StackConfig;
  parallel: number;
  snapshot: Snapshot;
  /** Called after every step that changed the state; never in a dry run. Calls do not overlap. */
  save(snapshot: Snapshot): Promise<void>;
  emit(event: EngineEvent): void;
  programHost: ProgramHost;
  providerHost: ProviderHost;
  /** Ctrl-C: providers are asked to cancel, running steps finish and are saved, nothing new starts. */
  abort: AbortSignal;
  /** The second Ctrl-C: aborted just before the process ends. What is cut short by that is reported. */
  terminate?: AbortSignal;
  now(): Date;
}
