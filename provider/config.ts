import { getProxyForUrl } from "proxy-from-env";
import { keepOutOfErrors, ProcessMindError } from "./errors";
import * as says from "./messages/program";

/**
 * Configuration: keys, environment fall-backs, defaults. The only reader of the environment.
 * Earlier columns win:
 *
 * | setting     | resource argument | stack config                | environment             |
 * |-------------|-------------------|-----------------------------|-------------------------|
 * | API key     | never             | `processmind:apiKey`        | `PROCESSMIND_API_KEY`   |
 * | tenant      | `tenantId`        | `processmind:tenantId`      | `PROCESSMIND_TENANT_ID` |
 * | API address | –                 | `processmind:apiUrl`        | `PROCESSMIND_API_URL`   |
 * | time limit  | `timeoutSeconds`  | `processmind:timeoutSeconds`| –                       |
 */

/** Where stack configuration is read from: Pulumi's config in the program and in the provider process. */
export interface ConfigSource {
  /** @param key - with its namespace, `processmind:apiUrl`. */
  get(key: string): string | undefined;
}

export const DEFAULT_API_URL = "https://api.processmind.com";
/** Time limit of each request, its retries included, in seconds. */
export const DEFAULT_TIMEOUT_SECONDS = 120;

/** A day: beyond that a limit is surely a slip. */
export const MAX_TIMEOUT_SECONDS = 86_400;

/** The settings every operation needs. Holds the key: never stored, logged or returned. */
export interface Settings {
  apiKey: string;
  apiUrl: string;
  timeoutSeconds: number;
}

/** The tenant named outside the resource. Read in the user's program; undefined lets `check` say how to set it. */
export function configuredTenantId(config: ConfigSource): string | undefined {
  return nonEmpty(config.get("processmind:tenantId")) ?? nonEmpty(process.env["PROCESSMIND_TENANT_ID"]);
}

/** @throws ProcessMindError `CONFIG_MISSING`, where no `check` has seen to it that there is a tenant. */
export function requireTenantId(tenantId: string | undefined): string {
  const text = nonEmpty(tenantId);
  if (text === undefined) throw says.noTenant();
  return text;
}

/**
 * Reads the settings at call time, so that a rotated key is used at once.
 *
 * @throws ProcessMindError `CONFIG_MISSING` or `CONFIG_INVALID`, naming every way to set the value.
 */
export function settingsFrom(config: ConfigSource, timeoutSeconds?: number): Settings {
  const apiKey = nonEmpty(config.get("processmind:apiKey")) ?? nonEmpty(process.env["PROCESSMIND_API_KEY"]);
  if (apiKey === undefined) throw says.noApiKey();
  checkApiKey(apiKey);
  return {
    apiKey,
    apiUrl: apiUrlFrom(config),
    timeoutSeconds:
      timeoutSeconds === undefined
        ? timeoutFrom("processmind:timeoutSeconds", config.get("processmind:timeoutSeconds"))
        : timeoutFrom("timeoutSeconds", String(timeoutSeconds)),
  };
}

/**
 * What is wrong with configured values, without a request and without asking for those that are missing. A plugin's
 * provider can so reject them before any resource is looked at.
 */
export function settingFailures(config: ConfigSource): { property: string; reason: string }[] {
  const checks: [property: string, check: () => unknown][] = [
    ["apiKey", () => checkApiKey(nonEmpty(config.get("processmind:apiKey")))],
    ["apiUrl", () => apiUrlFrom(config)],
    ["timeoutSeconds", () => timeoutFrom("timeoutSeconds", config.get("processmind:timeoutSeconds"))],
  ];
  return checks.flatMap(([property, check]) => {
    try {
      check();
      return [];
    } catch (error) {
      if (error instanceof ProcessMindError) return [{ property, reason: error.message }];
      throw error;
    }
  });
}

/** First wins, as with curl. Beyond this machine nothing goes over plain http, so HTTP_PROXY is none of them. */
const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];

/**
 * The proxy for this address by HTTPS_PROXY, else ALL_PROXY, and NO_PROXY (upper or lower case); undefined for none.
 * Never one for this machine itself, as Pulumi's own processes have it: a proxy could not reach it.
 *
 * @throws ProcessMindError `CONFIG_INVALID`, without the value, which may hold a password.
 */
export function proxyFor(url: string): string | undefined {
  const variable = PROXY_VARIABLES.find((name) => nonEmpty(process.env[name]) !== undefined);
  // Asked for NO_PROXY alone: an address without a scheme it takes for https, where curl takes it for http.
  if (variable === undefined || isLoopback(new URL(url)) || getProxyForUrl(url) === "") return undefined;
  const text = process.env[variable]?.trim() ?? "";
  const proxy = text.includes("://") ? text : `http://${text}`;
  if (/^https?:/i.test(proxy) && URL.canParse(proxy)) return proxy;
  throw says.badProxy(variable);
}

/** Where Pulumi shows no rows that change in place, whatever its output is. */
export function isPlainOutput(): boolean {
  return process.env["TERM"] === "dumb" || nonEmpty(process.env["CI"]) !== undefined;
}

/** Whether the address is of this machine alone; the only kind for which plain http is accepted. */
export function isLoopback(url: URL): boolean {
  return url.hostname === "localhost" || url.hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(url.hostname);
}

function checkApiKey(apiKey: string | undefined): void {
  if (apiKey === undefined) return;
  keepOutOfErrors(apiKey);
  if (!/^[\x21-\x7e]+$/.test(apiKey)) throw says.badApiKey();
}

/** URL of the API; empty where it is unusable, which {@link settingsFrom} reports. */
export function configuredAddress(config: ConfigSource): string {
  try {
    return apiUrlFrom(config);
  } catch {
    return "";
  }
}

function apiUrlFrom(config: ConfigSource): string {
  const text =
    nonEmpty(config.get("processmind:apiUrl")) ?? nonEmpty(process.env["PROCESSMIND_API_URL"]) ?? DEFAULT_API_URL;
  if (lastAddress?.text !== text) lastAddress = { text, url: usableApiUrl(text) };
  return lastAddress.url;
}

/** Each operation of hundreds of resources asks for it, and it stays the same. */
let lastAddress: { text: string; url: string } | undefined;

function usableApiUrl(text: string): string {
  // What may be a password or a key in it is not shown.
  const visible = text.replace(/^.*@/, "…@").replace(/[?#].*$/, "…");
  if (!URL.canParse(text)) throw says.badApiUrl(visible, "not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") throw says.apiUrlWithMore();
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw says.badApiUrl(visible, "not https");
  }
  // Not the text itself: an empty query or fragment, a lone "?" or "#", would swallow every path.
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

function timeoutFrom(setting: string, text: string | undefined): number {
  if (nonEmpty(text) === undefined) return DEFAULT_TIMEOUT_SECONDS;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS)) {
    throw says.badTimeout(setting, text, MAX_TIMEOUT_SECONDS);
  }
  return seconds;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
