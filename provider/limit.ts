/** Runs a task once it is its turn; settles as the task does. */
export type Limit = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * At most `most` tasks at the same time, in the order they were given. `p-limit` does the same, and would bring two more
 * packages to everyone who installs the provider.
 */
export function limitTo(most: number): Limit {
  const waiting: (() => void)[] = [];
  let running = 0;
  const turn = () => {
    if (running < most) {
      running++;
      return Promise.resolve();
    }
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  return async (task) => {
    await turn();
    try {
      return await task();
    } finally {
      // Who waits gets the place as it is, so that nobody who comes now is earlier.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
