import { getProxyForUrl } from "proxy-from-env";
import { keepOutOfErrors, ProcessMindError } from "./errors";

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
  const given = nonEmpty(tenantId);
  if (given !== undefined) return given;
  throw new ProcessMindError("CONFIG_MISSING", {
    doing: "reading the configuration",
    happened: "there is no ProcessMind tenant",
    todo: "Set tenantId, `pulumi config set processmind:tenantId`, or PROCESSMIND_TENANT_ID.",
  });
}

/**
 * Reads the settings at call time, so that a rotated key is used at once.
 *
 * @throws ProcessMindError `CONFIG_MISSING` or `CONFIG_INVALID`, naming every way to set the value.
 */
export function settingsFrom(config: ConfigSource, timeoutSeconds?: number): Settings {
  const apiKey = nonEmpty(config.get("processmind:apiKey")) ?? nonEmpty(process.env["PROCESSMIND_API_KEY"]);
  if (apiKey === undefined) {
    throw new ProcessMindError("CONFIG_MISSING", {
      doing: "reading the configuration",
      happened: "there is no ProcessMind API key",
      todo: "Set the environment variable PROCESSMIND_API_KEY (never stored), or run `pulumi config set --secret processmind:apiKey`.",
    });
  }
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
  // Asked for NO_PROXY alone: an address without a scheme it takes for https, where curl takes it for http.
  if (isLoopback(new URL(url)) || getProxyForUrl(url) === "") return undefined;
  const variable = PROXY_VARIABLES.find((name) => nonEmpty(process.env[name]) !== undefined);
  if (variable === undefined) return undefined;
  const text = process.env[variable]?.trim() ?? "";
  const proxy = text.includes("://") ? text : `http://${text}`;
  if (/^https?:/i.test(proxy) && URL.canParse(proxy)) return proxy;
  throw invalid(
    `the environment variable ${variable} is not the http or https address of a proxy`,
    "Set it to http://HOST:PORT, or unset it; NO_PROXY names the hosts to reach without.",
  );
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
  if (/^[\x21-\x7e]+$/.test(apiKey)) return;
  throw invalid("the API key holds a blank, a line break or a character outside ASCII", "Set it again without them.");
}

function apiUrlFrom(config: ConfigSource): string {
  const text =
    nonEmpty(config.get("processmind:apiUrl")) ?? nonEmpty(process.env["PROCESSMIND_API_URL"]) ?? DEFAULT_API_URL;
  const howToSet = "Set processmind:apiUrl or PROCESSMIND_API_URL to an https address.";
  // What may be a password or a key in it is not told.
  const shown = text.replace(/^.*@/, "…@").replace(/[?#].*$/, "…");
  if (!URL.canParse(text)) throw invalid(`the API address "${shown}" is not a URL`, howToSet);
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw invalid("the API address holds a user, a query or a fragment", howToSet);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url))) {
    throw invalid(
      `the API address "${shown}" is not https: the API key would cross the network in plain text`,
      `${howToSet} Plain http is accepted for loopback addresses only.`,
    );
  }
  // Not the text itself: an empty query or fragment, a lone "?" or "#", would swallow every path.
  return (url.origin + url.pathname).replace(/\/+$/, "");
}

function timeoutFrom(setting: string, text: string | undefined): number {
  if (nonEmpty(text) === undefined) return DEFAULT_TIMEOUT_SECONDS;
  const seconds = Number(text);
  if (!(seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS)) {
    const todo = `Set it to a number of seconds above 0 and at most ${MAX_TIMEOUT_SECONDS}.`;
    throw invalid(`${setting} is "${text}"`, todo);
  }
  return seconds;
}

function invalid(happened: string, todo: string): ProcessMindError {
  return new ProcessMindError("CONFIG_INVALID", { doing: "reading the configuration", happened, todo });
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === "" ? undefined : text.trim();
}
