import type * as http from "node:http";
import type * as net from "node:net";
import { HttpsProxyAgent } from "https-proxy-agent";

/** What a proxy said instead of opening a tunnel. Nothing of the request itself has left by then. */
export class RefusedTunnel extends Error {
  /** @param proxyHost - without the user and password the proxy's address may hold. */
  constructor(
    readonly proxyHost: string,
    readonly status: number,
  ) {
    super(`${proxyHost}: ${status}`);
  }

  /** A gateway may come back; a wrong password, or what is no proxy, stays. */
  get mayRetry(): boolean {
    return this.status >= 500;
  }
}

/** What a failed request met, if it was that; axios has it as the cause of its own error. */
export function refusedTunnel(error: unknown): RefusedTunnel | undefined {
  const { cause = error } = (error ?? {}) as { cause?: unknown };
  return cause instanceof RefusedTunnel ? cause : undefined;
}

/**
 * Without this, the library hands on whatever a proxy answers to CONNECT as the answer to the request: plain text of
 * the proxy's would count as what the API or storage said over TLS.
 */
export class TunnelAgent extends HttpsProxyAgent<string> {
  override async connect(...parameters: Parameters<HttpsProxyAgent<string>["connect"]>): Promise<net.Socket> {
    const [request] = parameters;
    let status = 0;
    request.once("proxyConnect", (answer: Pick<http.IncomingMessage, "statusCode">) => {
      status = Number(answer.statusCode);
    });
    const socket = await super.connect(...parameters);
    if (status === 200) return socket;
    socket.destroy();
    throw new RefusedTunnel(this.proxy.host, status);
  }
}
