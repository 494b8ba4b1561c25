import type * as grpc from "@grpc/grpc-js";
import { CHANNEL_OPTIONS, type Sdk } from "./sdk";

/** A gRPC server on a free loopback port. */
export interface RpcServer {
  /** `127.0.0.1:<port>` */
  address: string;
  /** Ends it immediately, with the calls that are still open. */
  close(): void;
}

/** Some calls of a service, by the name of the method as the stubs spell it. */
type Handlers = { [method: string]: grpc.UntypedHandleCall };

/** A service definition and the calls of it that the engine answers. */
export interface ServedService {
  definition: grpc.ServiceDefinition;
  handlers: Handlers;
}

/** A call that is answered by a function; an error it throws becomes the caller's. */
export function unary<Request, Response>(
  sdk: Sdk,
  answer: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      callback({ code: sdk.grpc.status.UNKNOWN, details: error instanceof Error ? error.message : String(error) });
    }
  };
}

/** Serves the given services; calls without a handler are rejected with a text that says so. */
export async function serve(sdk: Sdk, services: ServedService[]): Promise<RpcServer> {
  const server = new sdk.grpc.Server(CHANNEL_OPTIONS);
  for (const { definition, handlers } of services) {
    server.addService(definition, { ...rejections(sdk, definition), ...handlers });
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", sdk.grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error) {
        reject(new Error(`The engine could not open a port on 127.0.0.1: ${error.message}`, { cause: error }));
      } else {
        resolve(bound);
      }
    });
  });
  return { address: `127.0.0.1:${port}`, close: () => server.forceShutdown() };
}

function rejections(sdk: Sdk, definition: grpc.ServiceDefinition): Handlers {
  const rejection = (method: string): grpc.handleUnaryCall<unknown, unknown> => {
    const details = `The local engine does not offer ${method}. Programs that need it run with the Pulumi CLI.`;
    return (_call, callback) => callback({ code: sdk.grpc.status.UNIMPLEMENTED, details });
  };
  return Object.fromEntries(
    Object.entries(definition).map(([name, { path }]) => [name, rejection(path.slice(path.lastIndexOf("/") + 1))]),
  );
}
