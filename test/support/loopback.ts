import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Connection } from "../../provider/api/http";

/** A request as it arrived. */
interface Arrived {
  method: string;
  /** Path and query, not decoded. */
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export type Answer = (response: http.ServerResponse, arrived: Arrived) => void;

/** A real HTTP server on this machine that answers as each test says. */
export interface Loopback {
  url: string;
  arrived: Arrived[];
  answer: Answer;
  close(): Promise<void>;
}

export async function startLoopback(): Promise<Loopback> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const arrived = { method, url, headers, body: Buffer.concat(chunks).toString() };
      loopback.arrived.push(arrived);
      loopback.answer(response, arrived);
    });
  });
  // Longer than clients keep theirs, so that no request meets a connection that is being closed.
  server.keepAliveTimeout = 60_000;
  const loopback: Loopback = {
    url: "",
    arrived: [],
    answer: json(200, {}),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  await once(server.listen(0, "127.0.0.1"), "listening");
  loopback.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return loopback;
}

export function json(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Answer {
  return (response) => {
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** One answer for each request, the last one for all that follow. */
export function inTurn(...answers: [Answer, ...Answer[]]): Answer {
  let turn = 0;
  return (response, arrived) => {
    const answer = answers[Math.min(turn++, answers.length - 1)] ?? answers[0];
    answer(response, arrived);
  };
}

/** A connection whose clock moves only while it sleeps, and whose sleeps take no time. */
export interface TestConnection extends Connection {
  sleeps: number[];
}

export function testConnection(apiUrl: string, settings: Partial<Connection> = {}): TestConnection {
  const startedMs = Date.UTC(2024, 0, 1);
  const sleeps: number[] = [];
  const slept = () => sleeps.reduce((sum, ms) => sum + ms, 0);
  return {
    apiUrl,
    apiKey: "pm-test-key-1",
    timeoutSeconds: 60,
    proxyFor: () => undefined,
    now: () => startedMs + slept(),
    sleep: async (ms) => {
      sleeps.push(ms);
    },
    random: () => 0,
    sleeps,
    ...settings,
  };
}
