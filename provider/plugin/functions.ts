import { status } from "@grpc/grpc-js";
import type { ConfigSource } from "../config";
import { type Query, runQuery } from "../functions/look-up";
import { queryDataset, queryDatasets, queryDatatable, queryDatatables } from "../functions/queries";
import { definedInputs, type Properties, serializable, shownFailure } from "../host";
import { checkTimeout, failuresOf, onlyKnown, optionalText } from "../lifecycles/checks";
import type { CheckFailure } from "../lifecycles/context";
import { BadCall } from "./wire";

/** The look-ups, as Pulumi's functions: arguments and results are objects. */

interface PluginFunction {
  /** Its arguments, beside tenantId and timeoutSeconds. */
  texts: readonly string[];
  run(config: ConfigSource, args: Properties): Promise<object>;
}

const FUNCTIONS: { readonly [token: string]: PluginFunction } = {
  "processmind:index:getDataset": { texts: ["id", "displayName"], run: running(queryDataset) },
  "processmind:index:getDatasets": { texts: [], run: running(queryDatasets, (datasets) => ({ datasets })) },
  "processmind:index:getDatatable": { texts: ["id", "displayName", "datasetId"], run: running(queryDatatable) },
  "processmind:index:getDatatables": {
    texts: ["datasetId"],
    run: running(queryDatatables, (datatables) => ({ datatables })),
  },
};

function running<A extends object, R extends object>(
  query: Query<A, R>,
  objectOf: (result: R) => object = (result) => result,
): PluginFunction["run"] {
  return async (config, args) => objectOf(await runQuery(config, query, args as A));
}

/** @throws BadCall for a function this plugin does not have; ProcessMindError for what the look-up met. */
export async function invoke(
  config: ConfigSource,
  token: string,
  given: Properties,
): Promise<{ result?: Properties; failures: CheckFailure[] }> {
  const found = Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
  if (found === undefined) {
    const known = Object.keys(FUNCTIONS).join(", ");
    throw new BadCall(status.INVALID_ARGUMENT, `"${token}" is not a function of this provider, which has ${known}`);
  }
  const args = definedInputs(given);
  const texts = [...found.texts, "tenantId"];
  const failures = failuresOf(args, [
    onlyKnown(Object.fromEntries([...texts, "timeoutSeconds"].map((name) => [name, true]))),
    ...texts.map((name) => optionalText(name, "an argument of the function")),
    checkTimeout,
  ]);
  if (failures.length > 0) return { failures: failures.map(shownFailure) };
  return { result: serializable(await found.run(config, args)), failures };
}
