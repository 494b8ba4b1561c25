/** Waits no longer than this for a request under way before the next one is sent beside it: it may be stuck. */
const PATIENCE_MS = 5_000;

/**
 * One request for all who ask for the same list at about the same time. A tenant's list can be a megabyte, and a stack
 * of hundreds of creates asks for it before each.
 *
 * An answer is only ever shared among those who asked before its request was sent. So nobody gets a list older than
 * their question, and what a list proves (that a name is free, that a create whose reply was lost did happen) it proves
 * as well as a request of one's own. Nothing is kept once it is delivered.
 */
export class SharedList<T> {
  readonly #underWay = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  /**
   * @param key - who may share: same address, same tenant, same time limit.
   * @param request - sends the request; that of the first who asks is used for all of them.
   */
  ask(key: string, request: () => Promise<T>, sleep: (ms: number) => Promise<void>): Promise<T> {
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const underWay = this.#underWay.get(key);
    if (underWay === undefined) return this.#send(key, request);
    const later = Promise.race([settled(underWay), sleep(PATIENCE_MS)]).then(() => {
      this.#next.delete(key);
      return this.#send(key, request);
    });
    this.#next.set(key, later);
    return later;
  }

  #send(key: string, request: () => Promise<T>): Promise<T> {
    const sent = request();
    this.#underWay.set(key, sent);
    void settled(sent).then(() => {
      if (this.#underWay.get(key) === sent) this.#underWay.delete(key);
    });
    return sent;
  }
}

async function settled(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => undefined);
}
