import { createProviderHost } from "../../engine/hosts";
import { InitError, type LogMessage, type Properties } from "../../engine/model";
import { createProgramFolder } from "./engine-driver-program";

/** A resource kind, by the name under which `pulumi-processmind/lifecycle` has it. */
export type Kind = "dataset" | "datatable" | "datatableUpload";

/** The lifecycles in Pulumi's own provider process, with plain values in and out. */
export interface DynamicHost {
  /** The folder the process runs in: relative paths in inputs start here. */
  directory: string;
  /** The id of the process. */
  pid: number;
  /** What the process printed or sent to the engine, in order. */
  logs: LogMessage[];
  check(
    kind: Kind,
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    kind: Kind,
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: boolean | undefined; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(kind: Kind, inputs: Properties): Promise<{ id: string; outputs: Properties }>;
  read(
    kind: Kind,
    id: string,
    properties: Properties,
  ): Promise<{ id: string; outputs: Properties; inputs?: Properties }>;
  update(kind: Kind, id: string, olds: Properties, news: Properties): Promise<Properties>;
  delete(kind: Kind, id: string, outputs: Properties): Promise<void>;
  /** What the engine does at the first Ctrl-C. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

/** What the process is started with. */
export interface DynamicHostOptions {
  /** Namespaced: `processmind:apiKey`. */
  config?: { [key: string]: string };
  /** Added to this process's environment; undefined takes a variable away. */
  env?: { [name: string]: string | undefined };
  /** Files of the folder the process runs in. */
  files?: { [name: string]: string };
}

/** A provider whose one answer is the id of the process it runs in. */
const PID_PROVIDER = "exports.handler = () => ({ create: async () => ({ id: String(process.pid), outs: {} }) });";

/** Of whatever resource is called. */
export const URN = "urn:pulumi:test::test::pulumi-nodejs:dynamic/processmind:Resource::tested";

/**
 * Starts Pulumi's dynamic provider process in a temporary project that uses the built package (`npm run build`
 * first). Calls reject as the engine would see it: with the message, or with an `InitError`.
 */
export async function startDynamicHost(options: DynamicHostOptions = {}): Promise<DynamicHost> {
  const folder = await createProgramFolder(options.files ?? {}, "test");
  const logs: LogMessage[] = [];
  const provider = await createProviderHost({ ...process.env, ...options.env }).start(
    { programDirectory: folder.directory, project: "test", stack: "test", config: options.config ?? {} },
    (message) => logs.push(message),
  );
  return {
    directory: folder.directory,
    pid: Number((await provider.create(URN, { __provider: PID_PROVIDER })).id),
    logs,
    async check(kind, olds, news) {
      const { inputs, failures } = await provider.check(URN, olds, shelled(kind, news));
      return { inputs: bare(inputs), failures };
    },
    diff: (kind, id, olds, news) =>
      provider.diff(URN, id, shelled(kind, olds), shelled(kind, {}), shelled(kind, news), []),
    async create(kind, inputs) {
      const { id, outputs } = await bareInitError(provider.create(URN, shelled(kind, inputs)));
      return { id, outputs: bare(outputs) };
    },
    async read(kind, id, properties) {
      const read = await provider.read(URN, id, shelled(kind, {}), shelled(kind, properties));
      const answer = { id: read.id, outputs: bare(read.outputs) };
      return read.inputs ? { ...answer, inputs: bare(read.inputs) } : answer;
    },
    async update(kind, id, olds, news) {
      const call = provider.update(URN, id, shelled(kind, olds), shelled(kind, {}), shelled(kind, news));
      return bare((await bareInitError(call)).outputs);
    },
    delete: (kind, id, outputs) => provider.delete(URN, id, shelled(kind, outputs), shelled(kind, {})),
    cancel: async () => provider.cancel?.(),
    async close() {
      await provider.close();
      await folder.remove();
    },
  };
}

/** Properties that bring a `__provider` along, as recorded states do, keep theirs. */
function shelled(kind: Kind, properties: Properties): Properties {
  return { __provider: `exports.handler = () => require("pulumi-processmind/lifecycle").${kind};`, ...properties };
}

function bare({ __provider, ...properties }: Properties): Properties {
  return properties;
}

async function bareInitError<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof InitError)) {
      throw error;
    }
    // The state of a half-made object must name its provider too, or the next run could not load it.
    if (error.outputs["__provider"] === undefined) {
      throw new Error(`The partial failure of ${error.id} lost __provider: ${error.message}`);
    }
    throw new InitError(error.message, error.id, bare(error.outputs), error.reasons);
  }
}
