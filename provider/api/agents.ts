import * as http from "node:http";
import * as https from "node:https";
import * as net from "node:net";
import type { Duplex } from "node:stream";
import { TunnelAgent } from "./tunnel";

/**
 * The connections of this package, to the API and to storage alike: kept alive, so that many small requests share a few
 * sockets. One that nobody uses does not keep the process from ending.
 */

/** Shorter than the five seconds after which common servers hang up on an idle connection. */
const OPTIONS = { keepAlive: true, scheduling: "lifo", timeout: 4_000 } as const;

/** The TCP connection below each TLS one: only that can be reset. */
const carriers = new WeakMap<object, net.Socket>();

class CarriedAgent extends https.Agent {
  override createConnection(
    options: https.RequestOptions & net.TcpNetConnectOpts,
    ...rest: [callback?: (error: Error | null, stream: Duplex) => void]
  ): Duplex | null | undefined {
    const carrier = net.connect(options);
    const secure = super.createConnection({ ...options, socket: carrier } as https.RequestOptions, ...rest);
    if (secure) carriers.set(secure, carrier);
    return secure;
  }
}

const direct = { "http:": new http.Agent(OPTIONS), "https:": new CarriedAgent(OPTIONS) };
const proxied = new Map<string, http.Agent>();

/** @param proxy - address of the proxy to go through; every address it serves is https. */
export function agentFor(url: string, proxy: string | undefined): http.Agent {
  if (proxy === undefined) return url.startsWith("https:") ? direct["https:"] : direct["http:"];
  const agent = proxied.get(proxy) ?? new TunnelAgent(proxy, OPTIONS);
  proxied.set(proxy, agent);
  return agent;
}

/** Drops the connection with all that the system has not sent yet. Through a proxy it is closed as usual. */
export function resetConnection(socket: net.Socket): void {
  const carrier = carriers.get(socket) ?? socket;
  try {
    carrier.resetAndDestroy();
  } catch {
    socket.destroy();
  }
}

const UNREACHED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/**
 * Whether no connection was made, so that surely nothing was sent: a route may also break under one, when the request
 * is out. Of an error of axios the cause is looked at, and of many addresses tried the first.
 */
export function wasNeverConnected(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  const { syscall, errors } = (cause ?? {}) as { syscall?: unknown; errors?: { syscall?: unknown }[] };
  const failed = errors?.[0]?.syscall ?? syscall;
  return UNREACHED.has(String(code)) && (failed === "connect" || failed === "getaddrinfo");
}

/** Whether a connection failed since the server's certificate is not trusted; trying again cannot help. */
export function isCertificateFault(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(code);
}
