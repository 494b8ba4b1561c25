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

/**
 * Pulumi loads the TypeScript compiler and npm's reader of package trees into every process, and uses them only to
 * capture functions: two thirds of what loading Pulumi takes. Here they are loaded when they are first used.
 */
function loadWhenUsed(): void {
  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
    if (!SELDOM_USED.test(id) || !SDK.test(this.filename)) return original.call(this, id);
    let loaded: object | undefined;
    const get = (_target: object, name: string | symbol): unknown => {
      // Asked of every module as it is imported; yes means that it is used as it is, and not copied.
      if (name === "__esModule") return true;
      loaded ??= original.call(this, id) as object;
      return Reflect.get(loaded, name);
    };
    return new Proxy({}, { get });
  }, original);
}

/** The file through which the SDK loads the compiler, and the reader's package. */
const SELDOM_USED = /(^|\/)typescript-shim$|^@npmcli\/arborist$/;
const SDK = /[\\/]@pulumi[\\/]pulumi[\\/]/;

if (process.env[LIFELINE_VARIABLE]) {
  endWithEngine();
}
inspectErrorsWithoutColours();
loadWhenUsed();
