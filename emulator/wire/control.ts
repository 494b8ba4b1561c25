import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { quoted } from "../../engine/message";
import type { Behaviour } from "../domain/behaviour";
import { EmulatorError } from "../domain/errors";
import { COLUMN_TYPES } from "../domain/model";
import type { Runtime } from "../runtime";
import type { Fault } from "./faults";
import { MAX_BODY_BYTES, parseJson, readText } from "./json-body";

/** Where the control endpoint lives on the API's port. */
export const CONTROL_PREFIX = "/_control";

const LOOPBACK_ADDRESS = /^(127\.|::1$|::ffff:127\.)/;
const LOOPBACK_NAME = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i;

interface ControlCall {
  runtime: Runtime;
  id: string;
  body: unknown;
}

type ControlHandler = (call: ControlCall) => unknown;

/** `METHOD path`, with `*` for an id. What a handler returns is sent as JSON; undefined becomes `{"ok": true}`. */
const CONTROLS: Readonly<Record<string, ControlHandler>> = {
  "GET ": ({ runtime }) => ({
    tenantId: runtime.tenant.state.tenant.id,
    controls: [...Object.keys(CONTROLS), "GET objects/*"],
  }),
  "POST reset": ({ runtime }) => runtime.reset(),
  "GET journal": ({ runtime }) => runtime.journal.list(),
  "DELETE journal": ({ runtime }) => runtime.journal.clear(),
  "POST faults": ({ runtime, body }) => runtime.faults.add(asObject(body) as unknown as Fault), // Checked by add.
  "PUT faults": ({ runtime, body }) =>
    runtime.faults.replace(asList(body).map((each) => asObject(each) as unknown as Fault)),
  "DELETE faults": ({ runtime }) => runtime.faults.clear(),
  "GET behaviour": ({ runtime }) => runtime.behaviour,
  "PATCH behaviour": ({ runtime, body }) => {
    runtime.setBehaviour(asObject(body) as Partial<Behaviour>);
    return runtime.behaviour;
  },
  "GET state": ({ runtime }) => ({ ...runtime.tenant.state, signingSecret: undefined }),
  "PATCH datasets/*": ({ runtime, id, body }) =>
    runtime.change((state) => edit(state.datasets, id, body, { displayName: isText, treeParentId: isTextOrNull })),
  "PATCH datatables/*": ({ runtime, id, body }) =>
    runtime.change((state) =>
      edit(state.datatables, id, body, { displayName: isText, rowCount: isCount, columns: isColumns }),
    ),
  "DELETE datatables/*": ({ runtime, id }) => runtime.dropDatatable(id),
  "POST settled": ({ runtime }) => runtime.settled(),
  "POST expire-urls": ({ runtime }) => runtime.expireUrls(),
  "POST clock": ({ runtime, body }) => {
    const { advanceSeconds } = asObject(body);
    if (typeof advanceSeconds !== "number") throw new EmulatorError("The field advanceSeconds must be a number.");
    runtime.advanceClock(advanceSeconds);
  },
};

/** Answers a request to the control endpoint: no key, loopback only, not in the journal, out of reach of faults. */
export async function answerControl(runtime: Runtime, req: IncomingMessage, res: ServerResponse): Promise<void> {
  try {
    // A browser is local too. What keeps web pages out is the origin they send and, should their name resolve to this
    // machine, the host.
    const isLocal = LOOPBACK_ADDRESS.test(req.socket.remoteAddress ?? "") && LOOPBACK_NAME.test(req.headers.host ?? "");
    if (!isLocal || req.headers.origin !== undefined) {
      return sendJson(res, 403, {
        message: "the control endpoint responds to loopback addresses only, and to no web page",
      });
    }
    const path = (req.url ?? "").split("?")[0]?.slice(CONTROL_PREFIX.length + 1) ?? "";
    const [noun = "", id = ""] = path.split("/");
    if (req.method === "GET" && noun === "objects") return await sendObject(runtime, decodeURIComponent(id), res);
    const handler = CONTROLS[`${req.method} ${id ? `${noun}/*` : noun}`];
    const body = await readText(req.iterator({ destroyOnReturn: false }));
    if (body === undefined) {
      res.setHeader("connection", "close");
      return sendJson(res, 413, { message: `the body is larger than ${MAX_BODY_BYTES} bytes` });
    }
    if (!handler) return sendJson(res, 404, { message: `no such control: ${req.method} ${path}` });
    const answer = await handler({ runtime, id: decodeURIComponent(id), body: body ? parseJson(body) : undefined });
    return sendJson(res, 200, answer ?? { ok: true });
  } catch (error) {
    if (res.headersSent) res.destroy();
    else sendJson(res, 400, { message: (error as Error).message });
  }
}

async function sendObject(runtime: Runtime, idOrKey: string, res: ServerResponse): Promise<void> {
  const object = runtime.readUpload(idOrKey);
  res.writeHead(200, { "content-type": "application/octet-stream" });
  await pipeline(object, res);
}

function sendJson(res: ServerResponse, status: number, value: unknown): void {
  res.writeHead(status, { "content-type": "application/json" });
  res.end(`${JSON.stringify(value, null, 2)}\n`);
}

type Test = (value: unknown) => boolean;

/** Changes fields of one entry; rejects what the emulator would not accept from its own state file either. */
function edit<T extends { id: string }>(
  list: T[],
  id: string,
  body: unknown,
  allowed: { readonly [field in keyof T]?: Test },
): void {
  const found = list.find((each) => each.id === id);
  if (!found) throw new EmulatorError(`No object has the id ${quoted(id)}.`);
  const changes = asObject(body);
  for (const [name, value] of Object.entries(changes)) {
    const [, accepts] = Object.entries<Test | undefined>(allowed).find(([field]) => field === name) ?? [];
    if (!accepts) {
      throw new EmulatorError(`The field ${quoted(name)} cannot be changed.`, [
        `change one of ${Object.keys(allowed).join(", ")}`,
      ]);
    }
    if (!accepts(value)) throw new EmulatorError(`The field ${name} cannot be ${quoted(JSON.stringify(value))}.`);
  }
  Object.assign(found, changes);
}

const isText: Test = (value) => typeof value === "string" && value !== "";
const isTextOrNull: Test = (value) => value === null || isText(value);
const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isColumns: Test = (value) =>
  Array.isArray(value) && value.every((each) => isText(each?.name) && COLUMN_TYPES.includes(each.type));

function asObject(body: unknown): Record<string, unknown> {
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new EmulatorError("The body must be a JSON object.");
}

function asList(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  throw new EmulatorError("The body must be a JSON array.");
}
