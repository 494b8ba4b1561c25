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
 * Pulumi loads the TypeScript compiler into every process, and uses it only to capture functions: a quarter of the time
 * of a run that captures none. Here it is loaded when it is first used.
 */
function loadCompilerWhenUsed(): void {
  const original = Module.prototype.require;
  Module.prototype.require = Object.assign(function (this: Module, id: string): unknown {
    if (!COMPILER_SHIM.test(id)) return original.call(this, id);
    let compiler: object | undefined;
    const get = (_target: object, name: string | symbol): unknown => {
      compiler ??= original.call(this, id) as object;
      return Reflect.get(compiler, name);
    };
    return new Proxy({}, { get });
  }, original);
}

/** The one file of the SDK through which it loads the compiler. */
const COMPILER_SHIM = /(^|\/)typescript-shim$/;

if (process.env[LIFELINE_VARIABLE]) {
  endWithEngine();
}
inspectErrorsWithoutColours();
loadCompilerWhenUsed();
