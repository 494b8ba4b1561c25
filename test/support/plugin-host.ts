import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type NodeChild, startNode } from "../../engine/hosts/child";
import { engineService } from "../../engine/hosts/engine-service";
import { createProvider } from "../../engine/hosts/provider";
import { providerCalls } from "../../engine/hosts/provider-calls";
import { serve } from "../../engine/hosts/rpc-server";
import { CHANNEL_OPTIONS, loadSdk, type Sdk } from "../../engine/hosts/sdk";
import { structFrom } from "../../engine/hosts/wire";
import type { LogMessage, Properties, Provider } from "../../engine/model";
import { bundle } from "../../scripts/plugin/bundle";
import type { DynamicHost, DynamicHostOptions, Kind } from "./dynamic-host";

const ROOT = path.resolve(__dirname, "../..");

type Client = InstanceType<Sdk["providerService"]["ResourceProviderClient"]>;

/** The bundled plugin as a process, and the side of Pulumi's engine, over gRPC. */
export interface PluginProcess {
  sdk: Sdk;
  client: Client;
  child: NodeChild;
  /** The folder the process runs in. */
  directory: string;
  /** What the process logged, with URNs. */
  logs: LogMessage[];
  /** The engine's view of resources. */
  provider: Provider;
  /** One call by its name; rejects with what the plugin said. */
  call<Response>(method: keyof Client & string, request: unknown): Promise<Response>;
  handshake(): Promise<unknown>;
  configure(args: Properties, urn?: string): Promise<unknown>;
  /** The engine is there no more. */
  endEngine(): void;
  close(): Promise<void>;
}

let file: Promise<string> | undefined;

/** The bundle, made once for each worker of the tests. */
function pluginFile(): Promise<string> {
  file ??= bundle().then(({ code }) => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-"));
    process.on("exit", () => fs.rmSync(directory, { recursive: true, force: true }));
    fs.writeFileSync(path.join(directory, "plugin.js"), code);
    return path.join(directory, "plugin.js");
  });
  return file;
}

/** Starts it as the engine does, and goes no further than its port. */
export async function startPlugin(options: DynamicHostOptions = {}): Promise<PluginProcess> {
  const script = await pluginFile();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "plugin-program-"));
  for (const [name, content] of Object.entries(options.files ?? {}))
    fs.writeFileSync(path.join(directory, name), content);
  const sdk = loadSdk(ROOT);
  const logs: LogMessage[] = [];
  const engine = await serve(sdk, [engineService(sdk, (message) => logs.push(message))]);
  const { child, port } = spawn(script, engine.address, directory, options.env ?? {});
  const client = new sdk.providerService.ResourceProviderClient(
    `127.0.0.1:${await port}`,
    sdk.grpc.credentials.createInsecure(),
    CHANNEL_OPTIONS,
  );
  const begin = providerCalls(sdk, child);
  const close = async () => {
    client.close();
    await child.stop();
    engine.close();
    fs.rmSync(directory, { recursive: true, force: true });
  };
  const call: PluginProcess["call"] = (method, request) =>
    begin(method, (done) => (client[method] as (request: unknown, done: unknown) => void)(request, done));
  return {
    sdk,
    client,
    child,
    directory,
    logs,
    provider: createProvider(sdk, client, begin, close),
    call,
    handshake: () => call("handshake", new sdk.provider.ProviderHandshakeRequest().setEngineAddress(engine.address)),
    configure: (args, urn = "urn:pulumi:test::test::pulumi:providers:processmind::default") =>
      call("configure", new sdk.provider.ConfigureRequest().setUrn(urn).setArgs(structFrom(sdk, args))),
    endEngine: () => engine.close(),
    close,
  };
}

function spawn(script: string, address: string, cwd: string, env: { [name: string]: string | undefined }) {
  let announce: (line: string) => void = () => undefined;
  const first = new Promise<string>((resolve) => {
    announce = resolve;
  });
  const child = startNode({
    args: [script, address],
    cwd,
    env: { ...process.env, ...env },
    onStdout: (line) => announce(line),
    onStderr: () => undefined,
  });
  const ended = child.ended.then(({ stderrTail }) => {
    throw new Error(`The plugin ended before it told its port.\n${stderrTail.join("\n")}`);
  });
  ended.catch(() => undefined);
  return { child, port: Promise.race([first, ended]) };
}

const TOKENS: { [kind in Kind]: string } = {
  dataset: "processmind:index:Dataset",
  datatable: "processmind:index:Datatable",
  datatableUpload: "processmind:index:DatatableUpload",
};

/** A URN as the engine makes them. */
export function urnOf(kind: Kind, name = "tested"): string {
  return `urn:pulumi:test::test::${TOKENS[kind]}::${name}`;
}

/** The plugin behind the interface that tests of the lifecycles know. */
export async function startPluginHost(options: DynamicHostOptions = {}): Promise<DynamicHost> {
  const plugin = await startPlugin(options);
  const { provider, directory, logs, child } = plugin;
  await plugin.handshake();
  const settings = Object.entries(options.config ?? {}).map(([key, value]) => [key.replace("processmind:", ""), value]);
  await plugin.configure(Object.fromEntries(settings));
  return {
    directory,
    pid: child.pid ?? 0,
    logs,
    check: (kind, olds, news) => provider.check(urnOf(kind), olds, news),
    diff: (kind, id, olds, news) => provider.diff(urnOf(kind), id, olds, {}, news, []),
    create: (kind, inputs) => provider.create(urnOf(kind), inputs),
    read: (kind, id, properties) => provider.read(urnOf(kind), id, {}, properties),
    async update(kind, id, olds, news) {
      return (await provider.update(urnOf(kind), id, olds, {}, news)).outputs;
    },
    delete: (kind, id, outputs) => provider.delete(urnOf(kind), id, outputs, {}),
    cancel: async () => provider.cancel?.(),
    close: plugin.close,
  };
}
