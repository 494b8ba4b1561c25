import { connectivityState, credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Pulumi's engine, which shows messages to the user and whose end is the end of this process. */
export interface Engine {
  /** Settles once the engine has the message; never rejects: a lost message is not worth a failed run. */
  log(severity: "info" | "warning", message: string, urn: string): Promise<void>;
  /** Calls back once, when the engine no longer answers at its address. */
  whenGone(callback: () => void): void;
}

/** An engine that does not take a message within this time does not get it. */
const LIMIT_MS = 30_000;

/**
 * An engine that ends closes its own port first and its plugins' processes after. It calls one that was faster a bug of
 * the provider.
 */
const GRACE_MS = 5_000;

export function engineAt(address: string): Engine {
  // A proxy of the environment must not see what stays on this machine.
  const client = new EngineClient(address, credentials.createInsecure(), { "grpc.enable_http_proxy": 0 });
  return {
    log(severity, message, urn) {
      const request = new LogRequest();
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn);
      return new Promise((resolve) => {
        client.log(request, new Metadata(), { deadline: Date.now() + LIMIT_MS }, (error) => {
          if (error !== null) process.stderr.write(`${severity}: ${message}\n`);
          resolve();
        });
      });
    },
    whenGone(callback) {
      const channel = client.getChannel();
      const watch = () => {
        const state = channel.getConnectivityState(true);
        if (state === connectivityState.TRANSIENT_FAILURE) setTimeout(judge, GRACE_MS);
        else channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, watch);
      };
      const judge = () => {
        const isBack = channel.getConnectivityState(true) === connectivityState.READY;
        return isBack ? watch() : callback();
      };
      watch();
    },
  };
}
