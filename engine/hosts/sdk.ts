import { createRequire } from "node:module";
import path from "node:path";
import { messageText } from "../message";

/** The parts of the program's own `@pulumi/pulumi` that the engine's side of the conversation is built from. */
export interface Sdk {
  /** Folder of the package. */
  directory: string;
  grpc: typeof import("@grpc/grpc-js");
  struct: typeof import("google-protobuf/google/protobuf/struct_pb");
  empty: typeof import("google-protobuf/google/protobuf/empty_pb");
  engine: typeof import("@pulumi/pulumi/proto/engine_pb");
  engineService: typeof import("@pulumi/pulumi/proto/engine_grpc_pb");
  resource: typeof import("@pulumi/pulumi/proto/resource_pb");
  resourceService: typeof import("@pulumi/pulumi/proto/resource_grpc_pb");
  provider: typeof import("@pulumi/pulumi/proto/provider_pb");
  providerService: typeof import("@pulumi/pulumi/proto/provider_grpc_pb");
  status: typeof import("@pulumi/pulumi/proto/status_pb");
}

/**
 * Loads the SDK that the program in `programDirectory` uses, never the engine's own: the versions on both ends of the
 * wire are then the same, and messages of one copy of google-protobuf cannot be serialised by another.
 */
export function loadSdk(programDirectory: string): Sdk {
  const directory = path.dirname(findPackage(programDirectory));
  const load = createRequire(path.join(directory, "index.js"));
  return {
    directory,
    grpc: load("@grpc/grpc-js"),
    struct: load("google-protobuf/google/protobuf/struct_pb.js"),
    empty: load("google-protobuf/google/protobuf/empty_pb.js"),
    engine: load("./proto/engine_pb.js"),
    engineService: load("./proto/engine_grpc_pb.js"),
    resource: load("./proto/resource_pb.js"),
    resourceService: load("./proto/resource_grpc_pb.js"),
    provider: load("./proto/provider_pb.js"),
    providerService: load("./proto/provider_grpc_pb.js"),
    status: load("./proto/status_pb.js"),
  };
}

function findPackage(programDirectory: string): string {
  try {
    return createRequire(path.join(programDirectory, "package.json")).resolve("@pulumi/pulumi/package.json");
  } catch (error) {
    throw new Error(
      messageText(`@pulumi/pulumi is not installed for the program in ${programDirectory}.`, [
        `run npm install in ${programDirectory}`,
      ]),
      { cause: error },
    );
  }
}

/** Pulumi's own limits, on both sides of every connection. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": -1,
  "grpc.server_max_unrequested_time_in_server": 30 * 60,
  // Everything is on the loopback interface; a proxy of the environment must not see it.
  "grpc.enable_http_proxy": 0,
};
