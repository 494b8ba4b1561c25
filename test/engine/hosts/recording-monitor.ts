import { randomUUID } from "node:crypto";
import type { LogMessage, Monitor, Properties, ReadRequest, Registration } from "../../../engine/model";

/** A deployment that accepts everything, answers inputs as outputs, and keeps what it was told. */
export class RecordingMonitor implements Monitor {
  readonly registrations: Registration[] = [];
  readonly reads: ReadRequest[] = [];
  readonly outputs: { urn: string; outputs: Properties }[] = [];
  readonly logs: LogMessage[] = [];

  /** What a registration answers beside its inputs. */
  extraOutputs: Properties = {};

  async registerResource(request: Registration) {
    this.registrations.push(request);
    const id = request.custom ? randomUUID() : "";
    return { urn: urnOf(request), id, outputs: { ...request.inputs, ...this.extraOutputs } };
  }

  async readResource(request: ReadRequest) {
    this.reads.push(request);
    return { urn: urnOf(request), id: request.id, outputs: { ...request.properties, ...this.extraOutputs } };
  }

  async registerResourceOutputs(urn: string, outputs: Properties) {
    this.outputs.push({ urn, outputs });
  }

  log(message: LogMessage) {
    this.logs.push(message);
  }

  named(name: string): Registration {
    const found = this.registrations.find((registration) => registration.name === name);
    if (!found) {
      throw new Error(`No registration of ${name}, only of ${this.registrations.map((r) => r.name).join(", ")}`);
    }
    return found;
  }

  messages(severity: LogMessage["severity"]): string[] {
    return this.logs.filter((log) => log.severity === severity).map((log) => log.message);
  }
}

function urnOf(request: { type: string; name: string }): string {
  return `urn:pulumi:dev::demo::${request.type}::${request.name}`;
}
