import { setMaxListeners } from "node:events";
import { fstatSync } from "node:fs";
import * as net from "node:net";

/**
 * Watches the engine that started this provider process. Pulumi does not end its provider processes when it is killed:
 * one in the middle of an upload would store its file after a later run has stored a newer one, and nobody would know.
 *
 * Two signs, both of the operating system, hold for every way an engine can end: the pipe that Pulumi's CLI opens as the
 * process's standard input ends, and the port of the engine's own server refuses connections. The parent process does
 * not tell: under the CLI it is a shell, which lives on.
 */
export interface EngineWatch {
  /** Aborted once the engine has ended. */
  gone: AbortSignal;
  /** Asks now. Rejects when the engine has ended; an engine that only hesitates counts as alive. */
  verify(): Promise<void>;
}

/** Where there is no pipe to watch, the port is tried this often. */
const TRY_EVERY_MS = 2_000;
/** A stopped or busy engine answers late, but is not dead. */
const ANSWERS_WITHIN_MS = 5_000;

/** `HOST:PORT` of the engine, which Pulumi passes to its provider processes. Other arguments may come before it. */
export function engineAddress(): string | undefined {
  return process.argv.slice(2).find((argument) => /^[^\s:]+:\d+$/.test(argument));
}

/** @param onGone - called once, after `gone` was aborted. */
export function watchEngine(address: string, onGone: () => void): EngineWatch {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  const end = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    onGone();
  };
  const verify = async () => {
    if (!controller.signal.aborted && (await isRefused(address))) end();
    controller.signal.throwIfAborted();
  };
  if (isPipe(0)) watchInput(end);
  else setInterval(() => void verify().catch(() => undefined), TRY_EVERY_MS).unref();
  return { gone: controller.signal, verify };
}

/** For a host that was not started by an engine: nothing to watch. */
export const NO_ENGINE: EngineWatch = { gone: new AbortController().signal, verify: async () => undefined };
setMaxListeners(0, NO_ENGINE.gone);

function isPipe(descriptor: number): boolean {
  try {
    const stat = fstatSync(descriptor);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

function watchInput(end: () => void): void {
  process.stdin.once("end", end).once("close", end).once("error", end).resume();
  // The process has its own reasons to live on; a pipe that nobody writes to is none.
  if ("unref" in process.stdin) process.stdin.unref();
}

function isRefused(address: string): Promise<boolean> {
  const colon = address.lastIndexOf(":");
  const socket = net.connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
  return new Promise((resolve) => {
    const settle = (refused: boolean) => {
      socket.destroy();
      resolve(refused);
    };
    socket.once("connect", () => settle(false));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(error.code === "ECONNREFUSED"));
    socket.setTimeout(ANSWERS_WITHIN_MS, () => settle(false));
  });
}
