import { randomUUID, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { RequestError } from "../domain/errors";
import type { Runtime } from "../runtime";
import { answerControl, CONTROL_PREFIX } from "./control";
import { bodyOf, type Exchange, type Reply, serve } from "./exchange";
import { MAX_BODY_BYTES, parseJson, readText } from "./json-body";
import { presignPut } from "./presign";
import { findRoute, type Outcome, type Route } from "./routes";

/** The API under `/tenant/…`, and the control endpoint under `/_control/`. */
export function createApiServer(runtime: Runtime): Server {
  const receive = (req: IncomingMessage, res: ServerResponse, expectsContinue: boolean) => {
    const method = req.method ?? "";
    const path = (req.url ?? "").split("?")[0] ?? "";
    if (path === CONTROL_PREFIX || path.startsWith(`${CONTROL_PREFIX}/`)) {
      if (expectsContinue) res.writeContinue();
      runtime.track(answerControl(runtime, req, res));
      return;
    }
    const found = findRoute(method, path);
    const name = found?.route.name ?? "unknown";
    const entry = runtime.journal.open("api", name, req);
    const fault = runtime.faults.due(method, name, path);
    const exchange: Exchange = { req, res, entry, fault, expectsContinue, closing: runtime.closing.signal };
    runtime.track(serve(exchange, () => answer(runtime, exchange, found)));
  };
  const server = createServer((req, res) => receive(req, res, false));
  server.on("checkContinue", (req: IncomingMessage, res: ServerResponse) => receive(req, res, true));
  return server;
}

type Found = { route: Route; params: Record<string, string> };

async function answer(runtime: Runtime, exchange: Exchange, found: Found | undefined): Promise<Reply> {
  // Outside the try: a connection that breaks here is not answered.
  const text = await readText(bodyOf(exchange));
  try {
    const rejection = reject(runtime, exchange, found, text);
    if (rejection || !found) return rejection ?? json(404, "no such route");
    const outcome = handle(runtime, exchange, found, parseBody(runtime, exchange, text));
    exchange.entry.committed = outcome.changed && exchange.req.method !== "GET";
    if (outcome.changed) await runtime.saved(outcome.freedObjectIds ?? []);
    return json(outcome.created ? runtime.behaviour.createStatus : 200, outcome.reply);
  } catch (error) {
    if (error instanceof RequestError) return json(statusOf(error, runtime), { message: error.message });
    return json(500, { message: `the emulator failed: ${String(error)}` });
  }
}

/** What is rejected before any route is looked at: key, path, tenant, size. */
function reject(runtime: Runtime, { req }: Exchange, found: Found | undefined, text: string | undefined) {
  const { wrongKeyStatus, unknownRouteStatus, missingStatus, datatableDelete } = runtime.behaviour;
  if (!isSameText(String(req.headers["x-api-key"] ?? ""), runtime.apiKey)) {
    return json(wrongKeyStatus, { message: wrongKeyStatus === 401 ? "Unauthorized" : "Forbidden" });
  }
  const unknown = { message: `no such route: ${req.method} ${(req.url ?? "").split("?")[0]}` };
  if (!found) return json(unknownRouteStatus, unknown);
  if (found.params["tenantId"] !== runtime.tenant.state.tenant.id) {
    return json(missingStatus, { message: `no tenant has the id ${found.params["tenantId"]}` });
  }
  const isAbsentDelete = found.route.name === "datatables.delete" && !/^(works|pretends)$/.test(datatableDelete);
  if (isAbsentDelete) return json(Number(datatableDelete), unknown);
  if (text !== undefined) return undefined;
  return json(413, { message: `the body is larger than ${MAX_BODY_BYTES} bytes` }, { connection: "close" });
}

function handle(runtime: Runtime, exchange: Exchange, { route, params }: Found, body: unknown): Outcome {
  const { req, fault } = exchange;
  const ids = { datasetId: params["datasetId"] ?? "", datatableId: params["datatableId"] ?? "" };
  const query = new URL(req.url ?? "", "http://emulator").searchParams;
  const presign = (datatableId: string) => {
    const { key, expiresAt } = runtime.tenant.requestUpload(datatableId, query);
    const now = runtime.now();
    const validForSeconds = Math.round((Date.parse(expiresAt) - now) / 1000);
    return presignPut({
      host: runtime.storageHost(req.headers.host),
      key,
      validForSeconds,
      nowMs: fault?.kind === "expire-url" ? now - (validForSeconds + 1) * 1000 : now,
      secret: runtime.tenant.state.signingSecret,
      contentType: runtime.behaviour.signedContentType,
    });
  };
  if (!route.handle) throw new RequestError("MISSING", "no such route");
  return route.handle({ tenant: runtime.tenant, ids, body, presign });
}

function parseBody(runtime: Runtime, { req, entry }: Exchange, text = ""): unknown {
  // The vendor's client may send a body with DELETE; nothing reads it.
  if (req.method !== "POST") return undefined;
  const body = parseJson(text);
  runtime.journal.keepBody(entry, body);
  return body;
}

function statusOf({ code }: RequestError, { behaviour }: Runtime): number {
  if (code === "MISSING") return behaviour.missingStatus;
  return code === "CONFLICT" ? 409 : 400;
}

function json(status: number, value: unknown, more: Record<string, string> = {}): Reply {
  const headers = { "content-type": "application/json", "x-amzn-requestid": randomUUID(), ...more };
  return { status, headers, body: JSON.stringify(value) };
}

function isSameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
