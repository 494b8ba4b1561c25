import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  configuredTenantId,
  DEFAULT_API_URL,
  DEFAULT_TIMEOUT_SECONDS,
  isLoopback,
  proxyFor,
  settingsFrom,
} from "../../provider/config";
import { ProcessMindError } from "../../provider/errors";
import * as says from "../../provider/messages/program";

const before = { ...process.env };
const NAMES = ["PROCESSMIND_API_KEY", "PROCESSMIND_API_URL", "PROCESSMIND_TENANT_ID"];

beforeEach(() => {
  for (const name of NAMES) delete process.env[name];
});
afterAll(() => {
  process.env = before;
});

type Values = { [key: string]: string };

function source(config: Values) {
  return { get: (key: string) => config[`${key.replace(/^processmind:/, "")}`] };
}

function errorOf(config: Values): ProcessMindError {
  try {
    settingsFrom(source(config));
  } catch (error) {
    if (error instanceof ProcessMindError) return error;
    throw error;
  }
  throw new Error("accepted");
}

describe("settings", () => {
  const defaults = { apiKey: "stack-key", apiUrl: DEFAULT_API_URL, timeoutSeconds: DEFAULT_TIMEOUT_SECONDS };

  test.each<[string, Values, Values, number | undefined, object]>([
    ["the defaults", { apiKey: "stack-key" }, {}, undefined, defaults],
    [
      "the environment",
      {},
      { PROCESSMIND_API_KEY: "env-key", PROCESSMIND_API_URL: "https://env.test" },
      undefined,
      { ...defaults, apiKey: "env-key", apiUrl: "https://env.test" },
    ],
    [
      "stack config before the environment",
      { apiKey: "stack-key", apiUrl: "https://stack.test" },
      { PROCESSMIND_API_KEY: "env-key", PROCESSMIND_API_URL: "https://env.test" },
      undefined,
      { ...defaults, apiUrl: "https://stack.test" },
    ],
    [
      "blank is not set",
      { apiKey: " \n", apiUrl: "" },
      { PROCESSMIND_API_KEY: "env-key", PROCESSMIND_API_URL: "https://env.test" },
      undefined,
      { ...defaults, apiKey: "env-key", apiUrl: "https://env.test" },
    ],
    [
      "blanks around a value do not count",
      { apiKey: " stack-key\n", apiUrl: " https://stack.test/ ", timeoutSeconds: " 5 " },
      {},
      undefined,
      { ...defaults, apiUrl: "https://stack.test", timeoutSeconds: 5 },
    ],
    [
      "the argument before stack config",
      { apiKey: "stack-key", timeoutSeconds: "30" },
      {},
      7.5,
      { ...defaults, timeoutSeconds: 7.5 },
    ],
    [
      "a fraction of a second",
      { apiKey: "stack-key", timeoutSeconds: "0.5" },
      {},
      undefined,
      { ...defaults, timeoutSeconds: 0.5 },
    ],
  ])("%s", (_what, config, environment, timeoutSeconds, expected) => {
    Object.assign(process.env, environment);
    expect(settingsFrom(source(config), timeoutSeconds)).toEqual(expected);
  });

  test("the defaults are those of docs/configuration.md", () => {
    expect([DEFAULT_API_URL, DEFAULT_TIMEOUT_SECONDS]).toEqual(["https://api.processmind.com", 120]);
    const documented = readFileSync(join(__dirname, "../../docs/configuration.md"), "utf8");
    expect(documented).toMatch(/^\| API URL \|.*\| `https:\/\/api\.processmind\.com` \|$/m);
    expect(documented).toMatch(/^\| time limit of a request, in seconds \|.*\| 120 \|$/m);
  });

  test("a rotated key is used at once", () => {
    process.env["PROCESSMIND_API_KEY"] = "old-key";
    expect(settingsFrom(source({})).apiKey).toBe("old-key");
    process.env["PROCESSMIND_API_KEY"] = "new-key";
    expect(settingsFrom(source({})).apiKey).toBe("new-key");
  });

  test("no key: the error names every way to set it", () => {
    expect(errorOf({})).toEqual(says.noApiKey());
  });

  test.each(["two words", "line\nbreak", "ключ-ключ", "caf\u00e9-key", "tab\tkey"])(
    "a key that no header can carry: %j",
    (apiKey) => {
      expect(errorOf({ apiKey })).toEqual(says.badApiKey());
    },
  );

  test.each(["0", "-1", "soon", "NaN", "Infinity", "1e9", "86401", "10s"])(
    "a time limit of %j is refused",
    (timeoutSeconds) => {
      const error = says.badTimeout("processmind:timeoutSeconds", timeoutSeconds, 86_400);
      expect(errorOf({ apiKey: "stack-key", timeoutSeconds })).toEqual(error);
    },
  );
});

describe("the API URL", () => {
  test.each([
    ["https://api.test", "https://api.test"],
    ["https://api.test/", "https://api.test"],
    ["https://api.test/base//", "https://api.test/base"],
    ["https://API.test:8443/Base", "https://api.test:8443/Base"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
    ["http://127.9.9.9", "http://127.9.9.9"],
    ["http://[::1]:8080", "http://[::1]:8080"],
    ["http://localhost:8080/", "http://localhost:8080"],
    // An empty query or fragment would swallow every path put behind it.
    ["https://api.test/?", "https://api.test"],
    ["https://api.test/#", "https://api.test"],
  ])("%s is used as %s", (apiUrl, expected) => {
    expect(settingsFrom(source({ apiKey: "stack-key", apiUrl })).apiUrl).toBe(expected);
  });

  const plain = (text: string) => says.badApiUrl(text, "not https");

  test.each([
    ["api.test", says.badApiUrl("api.test", "not a URL")],
    ["http://api.test", plain("http://api.test")],
    ["http://localhost.evil.test", plain("http://localhost.evil.test")],
    ["http://127.0.0.1.evil.test", plain("http://127.0.0.1.evil.test")],
    ["http://10.0.0.1", plain("http://10.0.0.1")],
    ["ftp://api.test", plain("ftp://api.test")],
    ["svc:hunter2@api.test", plain("…@api.test")],
    ["https//svc:hunter2@api.test?key=hunter2", says.badApiUrl("…@api.test…", "not a URL")],
    ["https://me:hunter2@api.test", says.apiUrlWithMore()],
    ["https://api.test?key=hunter2", says.apiUrlWithMore()],
    ["https://api.test/#top", says.apiUrlWithMore()],
  ])("%s is rejected", (apiUrl, expected) => {
    const error = errorOf({ apiKey: "stack-key", apiUrl });
    expect(error).toEqual(expected);
    expect(error.message).not.toContain("hunter2");
  });

  test.each([
    ["http://localhost", true],
    ["http://127.0.0.1", true],
    ["http://127.1", true],
    ["http://[::1]", true],
    ["http://0.0.0.0", false],
    ["http://[::2]", false],
    ["http://128.0.0.1", false],
  ])("%s is of this machine alone: %s", (url, expected) => {
    expect(isLoopback(new URL(url))).toBe(expected);
  });
});

describe("the proxy", () => {
  const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"];
  beforeEach(() => {
    for (const name of VARIABLES) delete process.env[name];
  });

  const asked = () => proxyFor("https://api.processmind.com");

  test.each<[Values, string | undefined]>([
    [{}, undefined],
    [{ HTTPS_PROXY: " " }, undefined],
    [{ HTTPS_PROXY: "http://proxy.corp:3128" }, "http://proxy.corp:3128"],
    [{ HTTPS_PROXY: "HTTPS://proxy.corp" }, "HTTPS://proxy.corp"],
    // As curl takes it.
    [{ HTTPS_PROXY: "proxy.corp:3128" }, "http://proxy.corp:3128"],
    [{ HTTPS_PROXY: " me:word@proxy.corp " }, "http://me:word@proxy.corp"],
    [{ ALL_PROXY: "proxy.corp:3128" }, "http://proxy.corp:3128"],
    [{ ALL_PROXY: "socks5://proxy.corp", https_proxy: "http://other.corp" }, "http://other.corp"],
    [{ HTTPS_PROXY: " ", ALL_PROXY: "http://other.corp" }, "http://other.corp"],
    [{ ALL_PROXY: "socks5://proxy.corp", NO_PROXY: ".processmind.com" }, undefined],
  ])("%j: %s", (environment, expected) => {
    Object.assign(process.env, environment);
    expect(asked()).toBe(expected);
  });

  test.each([
    ["ALL_PROXY", "socks5://me:hunter2@proxy.corp"],
    ["all_proxy", "socks5h://hunter2"],
    ["HTTPS_PROXY", "http://me:hunter2@proxy.corp:99999"],
    ["https_proxy", "me:hunter2@"],
    ["HTTPS_PROXY", "http:///hunter 2"],
  ])("%s=%s is refused, and not told", (variable, value) => {
    process.env[variable] = value;
    expect(asked).toThrow(says.badProxy(variable));
  });
});

describe("the tenant named outside the resource", () => {
  test.each<[string, Values, string | undefined, string | undefined]>([
    ["stack config", { tenantId: "stack" }, undefined, "stack"],
    ["the environment", {}, "env", "env"],
    ["stack config before the environment", { tenantId: "stack" }, "env", "stack"],
    ["blank is not set", { tenantId: " " }, " env ", "env"],
    ["neither", {}, undefined, undefined],
  ])("%s", (_what, config, environment, expected) => {
    if (environment !== undefined) process.env["PROCESSMIND_TENANT_ID"] = environment;
    expect(configuredTenantId(source(config))).toBe(expected);
  });
});
