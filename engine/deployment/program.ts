import { messageText, quoted } from "../message";
import {
  type Monitor,
  NO_OPTIONS,
  type Properties,
  type ReadRequest,
  type Registered,
  type Registration,
  type ResourceState,
  SECRET,
  SIGNATURE,
  UNKNOWN,
} from "../model";
import { isProviderType, makeUrn, PACKAGE, PROVIDER_TYPE, STACK_TYPE, urnName } from "../urn";
import { equal } from "../values";
import { type Action, errorMessage } from "./action";
import { Aliases } from "./aliases";
import { decide } from "./decide";
import type { Executor } from "./executor";
import { Invalid } from "./invalid";
import { newState, readState } from "./new-state";
import type { Run } from "./run";
import { noCause, readAction, replaceAction } from "./steps";
import { SaveFailure } from "./unsaved";

/** What the program's registrations lead to. Deciding is serial, the decided steps run in parallel. */
export class Program implements Monitor {
  /** Outputs of the stack, kept until it is known whether the run succeeded. */
  stackOutputs: { urn: string; outputs: Properties } | undefined;
  readonly aliases: Aliases;
  private readonly goals = new Map<string, Registration>();
  private deciding: Promise<unknown> = Promise.resolve();
  private defaultProvider: Promise<string> | undefined;

  constructor(
    private readonly run: Run,
    private readonly executor: Executor,
  ) {
    this.aliases = new Aliases(run);
  }

  /** @inheritdoc */
  async registerResource(request: Registration): Promise<Registered> {
    const goal = this.inherit({ ...request, propertyDependencies: dependenciesByProperty(request) });
    const urn = this.urn(goal);
    if (needsDefaultProvider(goal)) goal.provider = await this.defaultProviderReference();
    return registered(await this.enact(urn, (done) => this.decideRegistration(urn, goal, done)));
  }

  /** Settles when nothing is being decided any more: providers may be asked until then. */
  async idle(): Promise<void> {
    await this.deciding;
  }

  /** @inheritdoc */
  async readResource(request: ReadRequest): Promise<Registered> {
    const urn = this.urn(request);
    const provider = request.provider === "" ? await this.defaultProviderReference() : request.provider;
    return registered(await this.enact(urn, (done) => this.decideRead(urn, { ...request, provider }, done)));
  }

  /** @inheritdoc */
  async registerResourceOutputs(urn: string, outputs: Properties): Promise<void> {
    const step = this.run.completed.get(urn);
    if (step?.new === undefined) {
      if (this.run.stopped) return forever();
      this.run.bail(urn, `cannot complete a resource '${urn}' whose registration isn't pending`);
      return forever();
    }
    if (step.type === STACK_TYPE) {
      this.stackOutputs = { urn, outputs };
      return;
    }
    try {
      await setOutputs(this.run, urn, outputs);
    } catch (error) {
      if (!(error instanceof SaveFailure)) throw error;
      // The run has stopped; the program is ended instead of getting a response.
      return forever();
    }
  }

  /** @inheritdoc */
  log(message: Parameters<Monitor["log"]>[0]): void {
    this.run.log(message);
  }

  private urn({ parent, type, name }: { parent: string; type: string; name: string }): string {
    return makeUrn(this.run.options.stack, this.run.options.project, parent, type, name);
  }

  /** Decides in turn, then lets the chain run. After a failure the program gets no answer: it is ended instead. */
  private enact(
    urn: string,
    plan: (done: (state: ResourceState) => void) => Promise<Action[]>,
  ): Promise<ResourceState> {
    return new Promise((resolve) => {
      const turn = this.deciding.then(async () => {
        if (this.run.stopped) return;
        try {
          const chain = await plan(resolve);
          void this.executor.execute(chain, () => this.run.stop());
        } catch (error) {
          this.run.errors += 1;
          this.run.bail(urn, error instanceof Invalid ? undefined : errorMessage(error));
        }
      });
      this.deciding = turn;
    });
  }

  private async decideRegistration(
    urn: string,
    goal: Registration,
    done: (state: ResourceState) => void,
  ): Promise<Action[]> {
    rejectUnsupported(urn, goal);
    this.claim(urn, goal.parent);
    this.goals.set(urn, goal);
    const { old, alias, valid } = this.aliases.find({ urn, ...goal });
    if (old !== undefined) this.run.met.add(old);
    return decide(this.run, { goal, old, next: newState(goal, urn, old, alias), valid, done });
  }

  private async decideRead(urn: string, request: ReadRequest, done: (state: ResourceState) => void): Promise<Action[]> {
    rejectOtherPackages(urn, request.type);
    this.claim(urn, request.parent);
    if (request.id === "") throw new Error(`Expected an ID for ${urn}`);
    const { old, alias } = this.aliases.find({ urn, ...request, aliases: [] });
    if (old !== undefined) this.run.met.add(old);
    const next = readState(request, urn, alias);
    if (old !== undefined && !old.external && old.id !== request.id) {
      this.run.decide(urn, "replace");
      return [readAction(this.run, old, next, true, done), replaceAction(old, next, noCause)];
    }
    this.run.decide(urn, "read");
    return [readAction(this.run, old, next, false, done)];
  }

  private claim(urn: string, parent: string): void {
    if (parent !== "" && !this.run.registered.has(parent)) throw new Error(`could not find parent resource ${parent}`);
    if (this.run.registered.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    this.run.registered.add(urn);
  }

  private inherit(goal: Registration): Registration {
    const parent = this.goals.get(goal.parent);
    if (parent === undefined) return goal;
    const inherited: Registration = { ...goal };
    if (!goal.deletedWith && parent.deletedWith) inherited.deletedWith = parent.deletedWith;
    if (goal.protect === undefined && parent.protect !== undefined) inherited.protect = parent.protect;
    if (goal.retainOnDelete === undefined && parent.retainOnDelete !== undefined) {
      inherited.retainOnDelete = parent.retainOnDelete;
    }
    if (goal.custom && goal.provider === "" && !isProviderType(goal.type)) inherited.provider = parent.provider;
    return inherited;
  }

  private defaultProviderReference(): Promise<string> {
    this.defaultProvider ??= this.registerDefaultProvider();
    return this.defaultProvider;
  }

  private async registerDefaultProvider(): Promise<string> {
    const { values, secretKeys } = this.run.options.config;
    const inputs = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        secretKeys.includes(key) ? { [SIGNATURE]: SECRET, value } : value,
      ]),
    );
    const goal: Registration = {
      type: PROVIDER_TYPE,
      name: "default",
      custom: true,
      parent: "",
      inputs,
      ...NO_OPTIONS,
    };
    const urn = this.urn(goal);
    const state = await this.enact(urn, (done) => this.decideRegistration(urn, goal, done));
    return `${state.urn}::${state.id}`;
  }
}

/** Gives a component or the stack its outputs, once its registration is done. */
export async function setOutputs(run: Run, urn: string, outputs: Properties): Promise<void> {
  const step = run.completed.get(urn);
  if (step?.new === undefined) return;
  run.completed.delete(urn);
  step.new.outputs = outputs;
  run.options.emit({ kind: "outputs", step });
  if (step.old !== undefined && equal(step.old.outputs ?? {}, outputs)) run.state.postpone();
  else await run.state.save();
}

function registered(state: ResourceState): Registered {
  return { urn: state.urn, id: state.id === UNKNOWN ? "" : (state.id ?? ""), outputs: state.outputs ?? {} };
}

function needsDefaultProvider(goal: Registration): boolean {
  return goal.custom && goal.provider === "" && !isProviderType(goal.type);
}

const RUN_ELSEWHERE = ["remove it from the program", "run the program with the Pulumi CLI"];

function rejectUnsupported(urn: string, goal: Registration): void {
  if (goal.custom) rejectOtherPackages(urn, goal.type);
  if (goal.unsupported.length === 0) return;
  throw new Error(
    messageText(
      `resource "${urnName(urn)}" uses what pulumi-offline does not support: ${quoted(goal.unsupported.join(", "))}.`,
      RUN_ELSEWHERE,
    ),
  );
}

function rejectOtherPackages(urn: string, type: string): void {
  const name = isProviderType(type) ? type.slice("pulumi:providers:".length) : type.split(":")[0];
  if (name === PACKAGE) return;
  throw new Error(
    messageText(
      `resource "${urnName(urn)}" needs the provider '${name}'; pulumi-offline runs dynamic resources only.`,
      RUN_ELSEWHERE,
    ),
  );
}

/** A program that does not say which property needs what gets every property needing everything. */
function dependenciesByProperty(request: Registration): { [property: string]: string[] } {
  if (Object.keys(request.propertyDependencies).length > 0) return request.propertyDependencies;
  return Object.fromEntries(Object.keys(request.inputs).map((key) => [key, [...request.dependencies]]));
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
