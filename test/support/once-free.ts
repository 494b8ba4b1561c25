import { setTimeout as wait } from "node:timers/promises";

const PAUSE_MS = 200;
const TRIES = 300;

/** Starts what listens on a port it had before: another process may have got it meanwhile, and is given a minute. */
export async function onceFree<T>(start: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await start();
    } catch (error) {
      const { code, cause } = error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException };
      if (left === 0 || (code ?? cause?.code) !== "EADDRINUSE") throw error;
      await wait(PAUSE_MS);
    }
  }
}
