import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";
import { createRequire } from "node:module";

/**
 * What the engine tells Pulumi's dynamic provider process and Pulumi does not hand on: the URN of the resource a call is
 * about, and that the user cancelled the run.
 *
 * This module is loaded within the first call, when the process's gRPC server and its handlers are there already, and
 * neither can be reached from here. What can be is the class of that server, which looks its handler up anew for each call.
 * A version of the library that does so by another name leaves everything as it would be without this: messages name no
 * row, and a cancelled run waits to the end. The first call of a process is never seen.
 */

const SERVICE = "/pulumirpc.ResourceProvider/";

type Unary = (call: { request?: { getUrn?(): unknown } }, callback: unknown) => unknown;
interface Handler {
  type: string;
  func: Unary;
}
interface ServerClass {
  prototype: { _retrieveHandler?(path: string): Handler | null };
}

const urns = new AsyncLocalStorage<string>();
const cancellation = new AbortController();
setMaxListeners(0, cancellation.signal);

/** Aborted once the engine has asked the process to cancel. */
export const cancelled: AbortSignal = cancellation.signal;

/** URN of the resource that the call under way is about; empty when it is not known. */
export function currentUrn(): string {
  return urns.getStore() ?? "";
}

/** Begins to listen, if this is Pulumi's dynamic provider process. Never throws. */
export function listenToEngine(): void {
  try {
    const script = require.main?.filename ?? "";
    if (!script.includes("dynamic-provider")) return;
    // From the script, not from here: a program may have several copies of Pulumi, and this is the one that runs.
    const { Server } = createRequire(script)("@grpc/grpc-js") as { Server: ServerClass };
    const original = Server.prototype._retrieveHandler;
    if (typeof original !== "function") return;
    Server.prototype._retrieveHandler = function (path) {
      const handler = original.call(this, path);
      return handler?.type === "unary" && path.startsWith(SERVICE)
        ? heard(path.slice(SERVICE.length), handler)
        : handler;
    };
  } catch {
    // The calls work all the same.
  }
}

function heard(method: string, handler: Handler): Handler {
  const func: Unary = (call, callback) => {
    if (method === "Cancel") cancellation.abort();
    const urn = call.request?.getUrn?.();
    return urns.run(typeof urn === "string" ? urn : "", () => handler.func(call, callback));
  };
  return { ...handler, func };
}
