import { type ConfigSource, settingFailures } from "../config";
import type { Properties } from "../host";
import type { CheckFailure } from "../lifecycles/context";
import { nearestName } from "../nearest";
import { pickBy } from "../properties";
import { isUnknown } from "../unknown";
import { secret } from "./wire";

/** The provider's own configuration: stack config `processmind:…`, or the arguments of an explicit provider. */

const SETTINGS = ["apiKey", "tenantId", "apiUrl", "timeoutSeconds"];

/** Pulumi puts these in beside the settings. */
const OF_PULUMI = ["version", "pluginDownloadURL"];

/** Pulumi sends every setting as text, a number as its JSON. */
export function configSource(args: Properties): ConfigSource {
  return {
    get(key) {
      const value = args[key.slice("processmind:".length)];
      if (value === undefined || value === null) return undefined;
      return typeof value === "string" ? value : JSON.stringify(value);
    },
  };
}

/** The key becomes a secret even where it was set without `--secret`. */
export function checkConfiguration(news: Properties): { inputs: Properties; failures: CheckFailure[] } {
  const names = Object.keys(news).filter((name) => !name.startsWith("__") && !OF_PULUMI.includes(name));
  const unknown = names.filter((name) => !SETTINGS.includes(name)).map((name) => failureOf(name));
  const known = pickBy(news, (_, value) => !isUnknown(value));
  const failures = unknown.length > 0 ? unknown : settingFailures(configSource(known));
  const { apiKey } = news;
  const hasKey = apiKey !== undefined && apiKey !== null;
  // Without the setting's name, beside which Pulumi would print its value: a mistyped key among them.
  const nameless = failures.map(({ reason }) => ({ property: "", reason }));
  return { inputs: hasKey ? { ...news, apiKey: secret(apiKey) } : news, failures: nameless };
}

function failureOf(property: string): CheckFailure {
  const near = nearestName(property, SETTINGS);
  const hint = near === undefined ? "" : ` (did you mean ${near}?)`;
  return { property, reason: `${property} is not a setting of this provider${hint}; it has ${SETTINGS.join(", ")}` };
}
