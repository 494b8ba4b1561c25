import { createRequire } from "node:module";
import type { Client } from "@grpc/grpc-js";
import { currentUrn } from "./engine-calls";
import { engineAddress } from "./engine-watch";

/**
 * Warnings and progress from the provider process to the user. Pulumi has no call for it, but passes its engine's address to the
 * process, and the engine shows what its Log call gets: on the row of the resource, where the URN of the call is known.
 */

/** Severities of Pulumi's Engine.Log; an error would fail the run. */
const SEVERITY = { info: 1, warning: 2 } as const;

/** What is told of now, and replaced by the next one, is `ephemeral`: the engine does not keep it. */
type Send = (severity: number, message: string, ephemeral: boolean) => Promise<void>;
let send: Send | undefined;

/** An engine that does not take a message within this time does not get it. */
const LIMIT_MS = 30_000;

/**
 * Settles once the engine has the message: the process may be ended right after the operation that warned. Never
 * rejects: a lost message is not worth a failed run. Falls back to stderr, which Pulumi shows as information.
 */
export async function log(severity: keyof typeof SEVERITY, message: string): Promise<void> {
  try {
    send ??= connect();
    await send(SEVERITY[severity], message, false);
  } catch {
    process.stderr.write(`${severity}: ${message}\n`);
  }
}

/** Shows what goes on now; one that the engine does not take is lost. */
export function logStatus(message: string): void {
  try {
    send ??= connect();
    send(SEVERITY.info, message, true).catch(() => undefined);
  } catch {
    // Not in a provider process: nobody has a row for it.
  }
}

interface LogRequest {
  setSeverity(severity: number): void;
  setMessage(message: string): void;
  setUrn(urn: string): void;
  setEphemeral(isEphemeral: boolean): void;
}
type EngineClient = Client & {
  log(request: LogRequest, options: { deadline: number }, done: (error: Error | null) => void): void;
};

function connect(): Send {
  const address = engineAddress();
  if (address === undefined) throw new Error("not in Pulumi's provider process");
  // Pulumi's own copies: a client of one gRPC library does not take the credentials of another.
  const fromPulumi = createRequire(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
  const grpc = fromPulumi("@grpc/grpc-js") as typeof import("@grpc/grpc-js");
  const { EngineClient } = fromPulumi("./proto/engine_grpc_pb.js") as {
    EngineClient: new (...args: ConstructorParameters<typeof Client>) => EngineClient;
  };
  const { LogRequest } = fromPulumi("./proto/engine_pb.js") as { LogRequest: new () => LogRequest };
  const client = new EngineClient(address, grpc.credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  return (severity, message, ephemeral) => {
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(currentUrn());
    request.setEphemeral(ephemeral);
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + LIMIT_MS;
      client.log(request, { deadline }, (error) => (error === null ? resolve() : reject(error)));
    });
  };
}
