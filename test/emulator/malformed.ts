import { FAULT_KINDS } from "../../emulator/wire/faults";
import type { Random } from "../chaos/random";
import type { Address } from "./bin-process";
import { BROKEN_JSON, FAULT_FIELDS, METHODS, NOUNS, SEGMENTS, TEXTS, VALUES } from "./garbage";

/** Requests no sane client sends: the same ones for the same seed. */

/** One attempt on the emulator, byte for byte. */
export interface Attempt {
  /** What it tries, for the message of a failure. */
  about: string;
  to: "api" | "storage";
  bytes: Buffer;
  /** The request may be incomplete, so the client ends its half of the connection to get an answer. */
  isCut: boolean;
}

/** What attempts may aim at: all of it may be changed or gone afterwards. */
export interface Target extends Address {
  datasetId: string;
  datatableId: string;
  /** An upload URL that is good as it stands. */
  uploadUrl: string;
}

type Maker = (random: Random, target: Target) => Attempt;

/** Every kind of attempt: which one, and on what, the seed decides. */
export function attempt(random: Random, target: Target): Attempt {
  return (random.any(MAKERS) ?? wrongBody)(random, target);
}

const wrongBody: Maker = (random, target) => {
  const field = random.pick(["displayName", "treeNodeType", "treeParentId", "id", "__proto__"]);
  const body = { displayName: "fuzz", [field]: random.any(VALUES) };
  const path = random.pick(["/datasets", `/datasets/${target.datasetId}/datatables`]);
  return apiRequest(target, `wrong ${field}`, "POST", path, JSON.stringify(body));
};

const noJson: Maker = (random, target) => {
  const body = random.any(BROKEN_JSON) ?? "";
  const path = random.pick(["/datasets", `/datasets/${target.datasetId}/datatables`]);
  return apiRequest(target, "no JSON", "POST", path, body);
};

const wrongPath: Maker = (random, target) => {
  const templates = [
    "/datasets/*",
    "/datasets/*/datatables",
    "/datatable/*",
    "/datatable/*/uploads/presignedurl?datasetid=x",
    "/*",
    "*",
  ];
  const path = (random.any(templates) ?? "").replace("*", random.any(SEGMENTS) ?? "");
  const whole = random.chance(0.2)
    ? (random.any(SEGMENTS) ?? "")
    : `/tenant/${random.chance(0.2) ? random.any(SEGMENTS) : target.tenantId}${path}`;
  return request(target, "garbage path", random.any(METHODS) ?? "", whole.startsWith("/") ? whole : `/${whole}`, {});
};

const wrongQuery: Maker = (random, { datasetId, datatableId, tenantId, ...target }) => {
  const good: Record<string, string> = {
    datasetid: datasetId,
    filename: "a.csv",
    filesize: "1",
    filelastmodified: "1",
    validforseconds: "60",
  };
  const name = random.pick(["datasetid", "filename", "filesize", "filelastmodified", "validforseconds"]);
  good[name] = random.any(TEXTS) ?? "";
  const encode = random.chance(0.7) ? encodeURIComponent : (text: string) => text.replace(/[\r\n\0 ]/g, "");
  const query = Object.entries(good).map(([key, value]) => `${key}=${encode(value)}`);
  const path = `/tenant/${tenantId}/datatable/${datatableId}/uploads/presignedurl?${query.join("&")}`;
  return request(target, `wrong ${name}`, "GET", path, {});
};

const control: Maker = (random, target) => {
  const noun = random.any(NOUNS) ?? "";
  const id = random.pick(["", "/", `/${target.datasetId}`, `/${target.datatableId}`, `/${random.any(SEGMENTS)}`]);
  const method = random.any(METHODS) ?? "";
  const body = random.chance(0.2) ? random.any(BROKEN_JSON) : JSON.stringify(controlBody(random, noun));
  return request(target, "control", method, `/_control/${noun}${id}`, {}, body);
};

const fault: Maker = (random, target) => {
  const body = controlBody(random, "faults");
  const isList = random.chance(0.3);
  return request(
    target,
    "fault",
    isList ? "PUT" : "POST",
    "/_control/faults",
    {},
    JSON.stringify(isList ? [body] : body),
  );
};

function controlBody(random: Random, noun: string): unknown {
  if (random.chance(0.1)) return random.any(VALUES);
  if (noun === "faults") {
    const fields = FAULT_FIELDS.filter((name) => name !== "match" && random.chance(0.3)).map((name) => [
      name,
      random.any(VALUES),
    ]);
    const names = ["method", "route", "path"].filter(() => random.chance(0.5));
    const inner = Object.fromEntries(names.map((name) => [name, random.any(VALUES)]));
    const match = random.chance(0.5) ? { match: random.chance(0.5) ? inner : random.any(VALUES) } : {};
    const numbers = { status: 418, ms: 1, pauseMs: 1, bytes: 3 };
    return { ...numbers, kind: random.any(FAULT_KINDS), ...Object.fromEntries(fields), ...match };
  }
  const names = [
    "displayName",
    "treeParentId",
    "rowCount",
    "columns",
    "advanceSeconds",
    "ingestion",
    "hiddenFields",
    "createStatus",
    "id",
    "__proto__",
  ];
  const fields = names.filter(() => random.chance(0.3)).map((name) => [name, random.any(VALUES)]);
  return Object.fromEntries(fields);
}

const presigned: Maker = (random, target) => {
  const [path = "", search = ""] = target.uploadUrl.replace(/^http:\/\/[^/]*/, "").split("?");
  const parameters = search.split("&");
  const at = random.integer(0, parameters.length - 1);
  const [name = ""] = (parameters[at] ?? "").split("=");
  const value = random.any(SEGMENTS) ?? "";
  const changes: [() => void, ...(() => void)[]] = [
    () => parameters.splice(at, 1),
    () => parameters.push(`${name}=${value}`),
    () => parameters.splice(at, 1, `${name}=${value}`),
    () => parameters.push(`${value}=${value}`),
    () => parameters.push(...Array.from({ length: 900 }, (_, i) => `p${i}=1`)),
    () => parameters.splice(0),
    () => undefined,
  ];
  random.pick(changes)();
  const key = path.split("/");
  if (random.chance(0.4)) key.splice(random.integer(1, key.length - 1), 1, value.replace(/[?#]/g, ""));
  const headers = random.chance(0.5)
    ? {
        [random.pick(["Content-MD5", "x-amz-acl", "Content-Type", "Authorization", "Expect"])]:
          random.any(TEXTS)?.replace(/[^ -~]/g, "") ?? "",
      }
    : {};
  const query = parameters.length > 0 ? `?${parameters.join("&")}` : "";
  const method = random.chance(0.8) ? "PUT" : (random.any(METHODS) ?? "");
  return request(target, "presigned", method, `${key.join("/")}${query}`, headers, "a\n1\n", "storage");
};

const framing: Maker = (random, target) => {
  const to = random.pick<Attempt["to"]>(["api", "storage"]);
  const line =
    to === "api"
      ? `POST /tenant/${target.tenantId}/datasets HTTP/1.1`
      : `PUT ${target.uploadUrl.replace(/^http:\/\/[^/]*/, "")} HTTP/1.1`;
  const head = `${line}\r\nHost: ${hostOf(target, to)}\r\nx-api-key: ${target.apiKey}\r\n`;
  const body = '{"displayName":"fuzz"}';
  const broken = random.any([
    `${head}Content-Length: 1000\r\n\r\n${body}`,
    `${head}Content-Length: 3\r\n\r\n${body}`,
    `${head}Content-Length: -1\r\n\r\n${body}`,
    `${head}Content-Length: 99999999999999999999\r\n\r\n${body}`,
    `${head}Content-Length: 9007199254740993\r\n\r\n${body}`,
    `${head}Content-Length: 0x16\r\n\r\n${body}`,
    `${head}Content-Length: 22\r\nContent-Length: 5\r\n\r\n${body}`,
    `${head}Content-Length: 22\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n${body}\r\n0\r\n\r\n`,
    `${head}Transfer-Encoding: gzip\r\n\r\n${body}`,
    `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${body}\r\n0\r\n\r\n`,
    `${head}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n${body}`,
    `${head}Transfer-Encoding: chunked\r\n\r\n16;${"x".repeat(40_000)}\r\n${body}`,
    `${head}Transfer-Encoding: chunked\r\n\r\n16\r\n${body}`,
    `${head}Expect: 100-continue\r\nContent-Length: 22\r\n\r\n`,
    `${head}Expect: the-worst\r\nContent-Length: 22\r\n\r\n${body}`,
    `${head}Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 22\r\n\r\n${body}`,
    `${head}X-Long: ${"x".repeat(100_000)}\r\n\r\n`,
    `${head}${"X-Many: 1\r\n".repeat(3_000)}\r\n`,
    `${head}no colon here\r\n\r\n`,
    `${head}X: a\0b\r\n\r\n`,
    `${head} folded: 1\r\n\r\n`,
    `${head.replaceAll("\r\n", "\n")}\n`,
    `${head.replace(/Host: .*\r\n/, "Host: a b\r\n")}\r\n`,
    `${head.replace(/Host: .*\r\n/, "")}\r\n`,
    `${head.replace("HTTP/1.1", "HTTP/9.9")}\r\n`,
    `${head.replace("HTTP/1.1", "HTTP/1.0")}\r\n`,
    `${head.replace(" HTTP/1.1", "")}\r\n`,
    `${head.replace(" /", " http://elsewhere.example/")}\r\n`,
    `GET / HTTP/1.1\r\n\r\n`.repeat(50),
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "\r\n".repeat(5_000),
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    Array.from({ length: 300 }, () => String.fromCharCode(random.integer(0, 255))).join(""),
    "",
  ]);
  return { about: "framing", to, bytes: Buffer.from(broken ?? "", "latin1"), isCut: true };
};

/** Bytes of a request of another kind taken out, put in or changed. */
const mutated: Maker = (random, target) => {
  const { about, to, bytes } = (random.any([wrongBody, wrongPath, wrongQuery, presigned, control]) ?? control)(
    random,
    target,
  );
  let text = bytes.toString("latin1");
  for (let i = random.integer(1, 4); i > 0; i -= 1) {
    const at = random.integer(0, Math.min(text.length, 400));
    const put = random.chance(0.5) ? String.fromCharCode(random.integer(0, 255)) : "";
    text = text.slice(0, at) + put + text.slice(at + random.integer(0, 2));
  }
  return { about: `mutated ${about}`, to, bytes: Buffer.from(text, "latin1"), isCut: true };
};

const MAKERS = [wrongBody, noJson, wrongPath, wrongQuery, control, fault, presigned, framing, mutated];

function apiRequest(target: Target, about: string, method: string, path: string, body: string | Buffer): Attempt {
  return request(target, about, method, `/tenant/${target.tenantId}${path}`, {}, body);
}

function request(
  target: Pick<Target, "apiUrl" | "storageUrl" | "apiKey">,
  about: string,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer = "",
  to: Attempt["to"] = "api",
): Attempt {
  const key = to === "api" ? { "x-api-key": target.apiKey } : {};
  const all = {
    Host: hostOf(target, to),
    Connection: "close",
    "Content-Length": Buffer.byteLength(body),
    ...key,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`);
  // Nothing comes back from a CONNECT, nor to a client that has been told to wait.
  const isCut = method === "CONNECT" || "Expect" in headers;
  return { about, to, bytes: Buffer.concat([head, Buffer.from(body)]), isCut };
}

function hostOf({ apiUrl, storageUrl }: Pick<Target, "apiUrl" | "storageUrl">, to: Attempt["to"]): string {
  return new URL(to === "api" ? apiUrl : storageUrl).host;
}
