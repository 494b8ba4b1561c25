import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** What Pulumi's engine shows to the user, on the row of the resource that the URN names. */
export interface Engine {
  /** Settles once the engine has the message; never rejects: a lost message is not worth a failed run. */
  log(severity: "info" | "warning", message: string, urn: string): Promise<void>;
  /** What goes on now: the next one replaces it, and the engine does not keep it. A lost one is not missed. */
  status(message: string, urn: string): void;
}

/** An engine that does not take a message within this time does not get it. */
const LIMIT_MS = 30_000;

export function engineAt(address: string): Engine {
  // A proxy of the environment must not see what stays on this machine.
  const client = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  const send = (request: LogRequest, onError: () => void) =>
    new Promise<void>((resolve) => {
      client.log(request, new Metadata(), { deadline: Date.now() + LIMIT_MS }, (error) => {
        if (error !== null) onError();
        resolve();
      });
    });
  return {
    log(severity, message, urn) {
      const request = requestOf(message, urn);
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      return send(request, () => process.stderr.write(`${severity}: ${message}\n`));
    },
    status(message, urn) {
      const request = requestOf(message, urn);
      request.setSeverity(LogSeverity.INFO);
      request.setEphemeral(true);
      void send(request, () => undefined);
    },
  };
}

function requestOf(message: string, urn: string): LogRequest {
  const request = new LogRequest();
  request.setMessage(message);
  request.setUrn(urn);
  return request;
}
