import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { providerService } from "./service";
import { Session } from "./session";

/**
 * `pulumi-resource-processmind`: the process that Pulumi's engine starts for programs in every language. It prints its
 * port and serves until the engine ends it, or has ended itself.
 */

// Other arguments may come before it; there is none where a developer starts the process, for PULUMI_DEBUG_PROVIDERS.
const engineAddress = process.argv.slice(2).find((argument) => /^[^\s:]+:\d+$/.test(argument));
// On Windows Ctrl-C reaches every process of the console; what to do about it the engine decides. Elsewhere SIGINT comes
// from the engine itself, which waits for the end: other providers of its run are cut off when that takes long.
if (engineAddress !== undefined && process.platform === "win32") process.on("SIGINT", () => undefined);

/** Pulumi's own limits. */
const server = new Server({
  "grpc.max_receive_message_length": 400 * 1024 * 1024,
  "grpc.max_send_message_length": -1,
});
server.addService(ResourceProviderService, providerService(new Session(engineAddress)));
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) {
    process.stderr.write(`pulumi-resource-processmind cannot open a port on 127.0.0.1: ${error.message}\n`);
    process.exit(1);
  }
  process.stdout.write(`${port}\n`);
});
