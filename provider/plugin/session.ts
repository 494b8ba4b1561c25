import { setMaxListeners } from "node:events";
import { status } from "@grpc/grpc-js";
import type { ConfigSource } from "../config";
import { type EngineWatch, NO_ENGINE, watchEngine } from "../engine-watch";
import { hostContext, type Properties } from "../host";
import type { Context } from "../lifecycles/context";
import { DeclaredObjects } from "../lifecycles/declared-objects";
import { configSource } from "./configuration";
import { type Engine, engineAt } from "./engine";
import { BadCall } from "./wire";

/**
 * An engine that ends closes its own port first and its plugins' processes after. It calls one that was faster a bug of
 * the provider.
 */
const GRACE_MS = 5_000;

/** What one process remembers between calls: its engine, its configuration, and whether the run was cancelled. */
export class Session {
  private engine: Engine | undefined;
  private configured: { urn: string; config: ConfigSource } | undefined;
  private cancellation = cancellable();
  private readonly watch: EngineWatch = NO_ENGINE;
  private shookHands = false;
  private declared = new DeclaredObjects();

  /** @param engineAddress - of the engine that started this process; undefined where a developer did. */
  constructor(private readonly engineAddress: string | undefined) {
    if (engineAddress === undefined) return;
    this.engine = engineAt(engineAddress);
    // Nobody is left who could record what this process does.
    this.watch = watchEngine(engineAddress, () => setTimeout(() => process.exit(1), GRACE_MS));
  }

  /** Engines attach to a process that a developer started (PULUMI_DEBUG_PROVIDERS) again and again; else there is one. */
  shakeHands(engineAddress: string): void {
    if (this.shookHands && this.engineAddress !== undefined) {
      throw new BadCall(status.FAILED_PRECONDITION, "there was a Handshake already");
    }
    this.shookHands = true;
    this.attach(engineAddress);
  }

  attach(engineAddress: string): void {
    if (this.engineAddress !== undefined) return;
    this.engine = engineAt(engineAddress);
    this.cancellation = cancellable();
    this.declared = new DeclaredObjects();
  }

  /** One process serves one provider, since calls do not name theirs: two could have two tenants and two keys. */
  configure(urn: string, args: Properties): void {
    if (this.configured !== undefined && this.configured.urn !== urn) {
      const why = `this process serves ${this.configured.urn} already; another provider needs a process of its own`;
      throw new BadCall(status.FAILED_PRECONDITION, why);
    }
    this.configured = { urn, config: configSource(args) };
  }

  /** @throws BadCall before `Configure`. */
  config(): ConfigSource {
    if (this.configured !== undefined) return this.configured.config;
    throw new BadCall(status.FAILED_PRECONDITION, "the provider is not configured yet: Configure comes first");
  }

  /** The context of a call about this resource, in whose row of the display its messages appear. */
  context(urn: string): Context {
    return hostContext({
      config: this.config(),
      log: async (severity, message) => {
        if (this.engine === undefined) process.stderr.write(`${severity}: ${message}\n`);
        else await this.engine.log(severity, message, urn);
      },
      status: (message) => this.engine?.status(message, urn),
      cancelled: this.cancellation.signal,
      engine: this.watch,
      declared: this.declared,
    });
  }

  /** What runs stops waiting and is recorded; nothing new begins. */
  cancel(): void {
    this.cancellation.abort();
  }

  /** @throws BadCall after `Cancel`. */
  refuseIfCancelled(): void {
    if (this.cancellation.signal.aborted)
      throw new BadCall(status.CANCELLED, "the run was cancelled before this began; nothing was sent");
  }
}

/** As many calls listen to it as run at the same time. */
function cancellable(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
