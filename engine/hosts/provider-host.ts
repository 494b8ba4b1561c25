import path from "node:path";
import type { ConfigureResponse } from "@pulumi/pulumi/proto/provider_pb";
import { messageText, quoted } from "../message";
import type { LogMessage, Provider, ProviderConfig, ProviderHost, ProviderOptions } from "../model";
import { type NodeChild, startNode } from "./child";
import { engineService, printedLine } from "./engine-service";
import { createProvider } from "./provider";
import { type Call, providerCalls } from "./provider-calls";
import { type RpcServer, serve } from "./rpc-server";
import { CHANNEL_OPTIONS, loadSdk, type Sdk } from "./sdk";
import { structFrom } from "./wire";

/** Runs dynamic resources in Pulumi's own provider process (`@pulumi/pulumi/cmd/dynamic-provider`), in `env`. */
export function createProviderHost(env: NodeJS.ProcessEnv = process.env): ProviderHost {
  return { start: (options, log) => start(options, env, log) };
}

async function start(
  options: ProviderOptions,
  env: NodeJS.ProcessEnv,
  log: (message: LogMessage) => void,
): Promise<Provider> {
  const sdk = loadSdk(options.programDirectory);
  const server = await serve(sdk, [engineService(sdk, log)]);
  const { child, port } = startProcess(sdk, server, options, env, log);
  try {
    const client = new sdk.providerService.ResourceProviderClient(
      `127.0.0.1:${await port}`,
      sdk.grpc.credentials.createInsecure(),
      CHANNEL_OPTIONS,
    );
    const call = providerCalls(sdk, child);
    await configure(sdk, call, client, await options.config);
    return createProvider(sdk, client, call, async () => {
      client.close();
      await child.stop();
      server.close();
    });
  } catch (error) {
    await child.stop();
    server.close();
    throw error;
  }
}

function startProcess(
  sdk: Sdk,
  server: RpcServer,
  options: ProviderOptions,
  env: NodeJS.ProcessEnv,
  log: (message: LogMessage) => void,
) {
  let announce: (line: string) => void = () => undefined;
  const firstLine = new Promise<string>((resolve) => {
    announce = resolve;
  });
  let announced = false;
  const child = startNode({
    args: [path.join(sdk.directory, "cmd", "dynamic-provider"), server.address],
    cwd: options.programDirectory,
    env: { ...env, PULUMI_NODEJS_PROJECT: options.project },
    // As Pulumi's CLI starts it.
    hasInput: true,
    onStdout: (line) => {
      if (announced) {
        log(printedLine(line));
      } else {
        announced = true;
        announce(line);
      }
    },
    onStderr: (line) => log(printedLine(line)),
  });
  return { child, port: Promise.race([firstLine.then(portFrom), endedEarly(child)]) };
}

function portFrom(line: string): number {
  if (!/^\d+$/.test(line)) {
    throw new Error(
      messageText(`The provider process printed "${quoted(line)}" instead of its port.`, [
        "remove what prints when Node starts, such as a preload in NODE_OPTIONS",
      ]),
    );
  }
  return Number(line);
}

async function endedEarly(child: NodeChild): Promise<never> {
  const { exitCode, signal, stderrTail } = await child.ended;
  throw new Error(
    [`The provider process ended immediately (${exitCode ?? signal}). The end of its stderr:`, ...stderrTail].join(
      "\n",
    ),
  );
}

async function configure(
  sdk: Sdk,
  call: Call,
  client: InstanceType<Sdk["providerService"]["ResourceProviderClient"]>,
  config: ProviderConfig,
): Promise<void> {
  const request = new sdk.provider.ConfigureRequest()
    .setArgs(structFrom(sdk, config))
    .setAcceptsecrets(true)
    .setAcceptresources(true)
    .setSendsOldInputs(true)
    .setSendsOldInputsToDelete(true);
  await call<ConfigureResponse>("configuring the provider", (done) => client.configure(request, done));
}
