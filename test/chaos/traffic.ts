import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** Requests to the emulator in this process, seen as they arrive and as they end. */
export interface Traffic {
  /** A new round: counts start again, and what was to happen in the last one does not. */
  begin(): void;
  /** Calls this when the n-th request of the round arrives, before it is handled. */
  at(request: number, act: () => void): void;
  /** Calls this when the first upload address for a file of that name is asked for, before it is given. */
  atAddressFor(fileName: string, act: () => void): void;
  /** Calls this when the first request to storage arrives, before it is handled. */
  atStorage(act: () => void): void;
  /** The most requests to the API that were open at once in this round. */
  mostAtOnce(): number;
  /** Resolves when no request is open that a client still waits for. */
  idle(): Promise<void>;
  /** Resolves when no client is connected any more, nor comes back: an engine was killed, and its processes die. */
  abandoned(): Promise<void>;
  end(): void;
}

/** What outlives a killed engine has noticed by then. */
const COMES_BACK_MS = 300;
const CHANNEL = "http.server.request.start";

/** Watches the two ports through Node's own diagnostics channel. */
export function watchTraffic(apiUrl: string, storageUrl: string): Traffic {
  const [apiPort, storagePort] = [apiUrl, storageUrl].map((url) => Number(new URL(url).port));
  const plans = new Map<number, () => void>();
  const addressPlans = new Map<string, () => void>();
  const connected = new Set<Socket>();
  let storagePlan: (() => void) | undefined;
  let count = 0;
  let openAtApi = 0;
  let openAtAll = 0;
  let most = 0;
  const seen = (message: unknown): void => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const port = request.socket.localPort;
    if (port !== apiPort && port !== storagePort) return;
    const { socket } = request;
    if (!connected.has(socket)) connected.add(socket.once("close", () => connected.delete(socket)));
    count += 1;
    openAtAll += 1;
    if (port === apiPort) most = Math.max(most, ++openAtApi);
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      openAtAll -= 1;
      if (port === apiPort) openAtApi -= 1;
    };
    response.once("finish", over).once("close", over);
    plans.get(count)?.();
    if (port === storagePort) {
      storagePlan?.();
      storagePlan = undefined;
    }
    const fileName = new URLSearchParams(request.url?.split("?")[1]).get("filename") ?? "";
    addressPlans.get(fileName)?.();
    addressPlans.delete(fileName);
  };
  subscribe(CHANNEL, seen);
  return {
    begin() {
      count = 0;
      most = openAtApi;
      plans.clear();
      addressPlans.clear();
      storagePlan = undefined;
    },
    at(request, act) {
      const before = plans.get(request);
      plans.set(request, () => {
        before?.();
        act();
      });
    },
    atAddressFor: (fileName, act) => void addressPlans.set(fileName, act),
    atStorage: (act) => {
      storagePlan = act;
    },
    mostAtOnce: () => most,
    async idle() {
      while (openAtAll > 0) await wait(5);
    },
    async abandoned() {
      do {
        while (connected.size > 0) await wait(5);
        await wait(COMES_BACK_MS);
      } while (connected.size > 0);
    },
    end() {
      unsubscribe(CHANNEL, seen);
    },
  };
}
