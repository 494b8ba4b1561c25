import { status } from "@grpc/grpc-js";
import type { ConfigSource } from "../config";
import { hostContext, type Properties } from "../host";
import type { Context } from "../lifecycles/context";
import { configSource } from "./configuration";
import { type Engine, engineAt } from "./engine";
import { BadCall } from "./wire";

/** What one process remembers between calls: its engine, its configuration, and whether the run was cancelled. */
export class Session {
  private engine: Engine | undefined;
  private configured: { urn: string; config: ConfigSource } | undefined;
  private cancelled = false;
  private shookHands = false;

  /** @param engineAddress - of the engine that started this process; undefined where a developer did. */
  constructor(private readonly engineAddress: string | undefined) {
    if (engineAddress === undefined) return;
    this.engine = engineAt(engineAddress);
    // Nobody is left who could record what this process does.
    this.engine.whenGone(() => process.exit(1));
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
    this.cancelled = false;
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
    });
  }

  /** What runs goes on to its end, so that it is recorded; nothing new begins. */
  cancel(): void {
    this.cancelled = true;
  }

  /** @throws BadCall after `Cancel`. */
  refuseIfCancelled(): void {
    if (this.cancelled)
      throw new BadCall(status.CANCELLED, "the run was cancelled before this began; nothing was sent");
  }
}
