/**
 * Loaded (`NODE_OPTIONS=--require`) into the processes the engine starts, before anything else in them.
 */
import Module from "node:module";
import net from "node:net";
import util from "node:util";
import { LIFELINE_FD, LIFELINE_VARIABLE } from "./lifeline";

/**
 * The other end of this pipe is held by the engine and closes when the engine ends, however it ends: then nobody is
 * left to talk to or to save results, so this process and what it started end too.
 */
function endWithEngine(): void {
  // Processes started from here inherit NODE_OPTIONS but not the pipe.
  delete process.env[LIFELINE_VARIABLE];
  const lifeline = new net.Socket({ fd: LIFELINE_FD, readable: true, writable: false });
  lifeline.on("error", die).on("close", die).resume().unref();
}

function die(): void {
  try {
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.exit(1);
  }
}

/**
 * Pulumi reports an uncaught error by `util.inspect(error, { colors: true })`. Colouring stack lines with long
 * node_modules paths can take half a minute on Node 20, and the colours would end in logs.
 */
function inspectErrorsWithoutColours(): void {
  const original = util.inspect;
  const plain = (value: unknown, ...rest: unknown[]): string => {
    const [options] = rest;
    if (util.types.isNativeError(value) && typeof options === "object" && options !== null) {
      return original(value, { ...options, colors: false });
    }
    return Reflect.apply(original, util, [value, ...rest]);
  };
  util.inspect = Object.assign(plain, original);
}

/** Changes what Pulumi's SDK requires, and nothing that others do. */
function adjustSdk(): void {
  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
    if (!SDK.test(this.filename)) return original.call(this, id);
    if (SELDOM_USED.test(id)) return loadedWhenUsed(() => original.call(this, id) as object);
    const loaded = original.call(this, id);
    if (PROMISES.test(id) && !process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) withoutStacks(loaded as Debuggable);
    if (LOG.test(id)) withoutDebugMessages(loaded as Log);
    return loaded;
  }, original);
}

const SDK = /[\\/]@pulumi[\\/]pulumi[\\/](?!node_modules)/;
/** The file through which the SDK loads the compiler, and the reader's package. */
const SELDOM_USED = /(^|\/)typescript-shim$|^@npmcli\/arborist$/;
const PROMISES = /(^|\/)debuggable$/;
const LOG = /(^|\/)log$/;

/**
 * Pulumi loads the TypeScript compiler and npm's reader of package trees into every process, and uses them only to
 * capture functions: two thirds of what loading Pulumi takes. Here they are loaded when they are first used.
 */
function loadedWhenUsed(load: () => object): unknown {
  let loaded: object | undefined;
  const get = (_target: object, name: string | symbol): unknown => {
    // Asked of every module as it is imported; yes means that it is used as it is, and not copied.
    if (name === "__esModule") return true;
    loaded ??= load();
    return Reflect.get(loaded, name);
  };
  return new Proxy({}, { get });
}

interface Debuggable {
  debuggablePromise: (...args: unknown[]) => unknown;
}

const patched = new WeakSet<Debuggable>();

/**
 * Pulumi keeps a stack with each promise, and prints it with PULUMI_DEBUG_PROMISE_LEAKS alone. Formatting those stacks
 * takes a tenth of the time of a program of 200 resources.
 */
function withoutStacks(module: Debuggable): void {
  if (patched.has(module)) return;
  patched.add(module);
  const original = module.debuggablePromise;
  module.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return original(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
}

interface Log {
  debug: () => Promise<void>;
}

/**
 * Pulumi sends three messages about each resource that only its `--debug` shows, each after the answer to the one before:
 * an eighth of the time of a program of 200 resources.
 */
function withoutDebugMessages(log: Log): void {
  log.debug = () => Promise.resolve();
}

if (process.env[LIFELINE_VARIABLE]) {
  endWithEngine();
}
inspectErrorsWithoutColours();
adjustSdk();
