import type { Settings } from "../config";
import type { Message } from "../messages/message";
import type { DeclaredObjects } from "./declared-objects";

/** What a lifecycle gets from its host besides inputs and state. Nothing of Pulumi: a full plugin can host it too. */
export interface Context {
  /** Reads key and address now; throws `CONFIG_MISSING` when there is no key. */
  settings(timeoutSeconds?: number): Settings;
  /** URL of the API as it is configured; empty where it is unusable, which {@link settings} reports. */
  address(): string;
  /** What the resources of this run declare, known by all calls of the run. */
  declared: DeclaredObjects;
  proxyFor(url: string): string | undefined;
  /** Folder of the user's program, which relative paths start from. */
  programDirectory: string;
  /** Settles once the user will see it; never rejects. */
  warn(message: Message): Promise<void>;
  /** The same for what is no cause for concern. */
  info(message: Message): Promise<void>;
  /** What goes on now, on the resource's own row: replaces the last status there and is not kept. */
  status(message: string): void;
  /** Whether a person watches rows that change in place; elsewhere each status is a line of a log. */
  isLive(): boolean;
  /** Aborted once the user has cancelled the run: waits end, and what was done is recorded. */
  cancelled: AbortSignal;
  /** Aborted once the engine has ended: nothing can be recorded any more, so nothing may be changed. */
  engineGone: AbortSignal;
  /** Asks whether the engine is there, before what only it can record. Rejects when it has ended. */
  verifyEngine(): Promise<void>;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** One sentence without a full stop, and what can be done, a line each. */
export interface CheckFailure {
  property: string;
  reason: string;
  options?: readonly string[];
  /** The names that may be meant, where the property is not known. */
  candidates?: readonly string[];
}

export interface Difference {
  changes: boolean;
  /** Inputs whose change needs a new object. */
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** What a refresh found. */
interface Found<I, S> {
  id: string;
  state: S;
  /** Left out where ProcessMind cannot tell them: the stored ones stay, which are newer than those in `state`. */
  inputs?: I;
}

/** Inputs or state as a host hands them over: nothing about them is certain until `check` has passed them. */
export type Loose<T> = { [K in keyof T]?: unknown };

/**
 * The behaviour of one kind of resource: what Pulumi calls, in the order it calls it. `check` and `diff` send no
 * request and meet unknown values; the others never do.
 */
export interface Lifecycle<I extends object, S extends I> {
  /** Whether its id is that of an object which another resource of the program may have, too. */
  hasObject: boolean;
  /** @param old - inputs of the last run; empty for a new or replaced resource. */
  check(context: Context, old: Loose<I>, wanted: Loose<I>): Promise<{ inputs: Loose<I>; failures: CheckFailure[] }>;
  diff(id: string, state: Loose<S>, wanted: Loose<I>): Difference;
  create(context: Context, inputs: I): Promise<{ id: string; state: S }>;
  read(context: Context, id: string, state: S): Promise<Found<I, S> | undefined>;
  update(context: Context, id: string, state: S, inputs: I): Promise<S>;
  delete(context: Context, id: string, state: S): Promise<void>;
}
