/**
 * What Pulumi's schema says and the TypeScript declarations cannot. Types, optionality and descriptions come from the
 * declarations; see ./schema.
 */

/** Properties that are whole numbers below 2^31 in every language. Sizes may be larger and stay plain numbers. */
export const INTEGERS = [
  "datatableCount",
  "rowCount",
  "rows",
  "loadedRowCount",
  "validForSeconds",
  "cases",
  "activities",
  "casesAdded",
  "casesRemoved",
  "casesChanged",
  "activitiesRemoved",
] as const;

/** Results of functions are objects, so a list needs a name. */
export const LIST_NAMES: { readonly [name: string]: string } = { getDatasets: "datasets", getDatatables: "datatables" };

/**
 * Sentences that are true of the dynamic provider, or of TypeScript, alone, and what to say here. Each must be found, so
 * that a change of the declarations shows up as an error.
 */
export const SENTENCES: readonly [said: string, here: string][] = [
  [" Pulumi's `import` option is rejected.", " **Importing** it: `pulumi import`."],
  [", in every preview and `up`. An error ends the program.", ", in every preview and `up`."],
];

const DESCRIPTION = "ProcessMind datasets, datatables and event-log uploads as Pulumi resources";

export const PACKAGE = {
  name: "processmind",
  displayName: "ProcessMind",
  description: DESCRIPTION,
  keywords: ["pulumi", "processmind", "process-mining", "event-log", "category/infrastructure", "kind/native"],
  license: "Apache-2.0",
  attribution: "This Pulumi package is a provider of its own, written for ProcessMind's HTTP API.",
  meta: { moduleFormat: "(.*)" },
  language: {
    // Without a name of its own it would be generated as @pulumi/processmind.
    nodejs: { packageName: "pulumi-processmind-sdk", respectSchemaVersion: true },
    python: { packageName: "pulumi_processmind", respectSchemaVersion: true, pyproject: { enabled: true } },
    go: { respectSchemaVersion: true, generateResourceContainerTypes: true },
    csharp: { namespaces: { processmind: "ProcessMind" }, respectSchemaVersion: true },
  },
};

/** Without `defaultInfo.environment`: it would copy the environment's key into the state. */
export const SETTINGS = {
  apiKey: {
    type: "string",
    secret: true,
    description:
      "The API key, a secret. Without it the environment variable `PROCESSMIND_API_KEY` is read, whose value is never stored.",
  },
  tenantId: {
    type: "string",
    description:
      'The ProcessMind tenant ("environment" in its web application) of resources and functions that name none. Default: the environment variable `PROCESSMIND_TENANT_ID`.',
  },
  apiUrl: {
    type: "string",
    description:
      "The URL of ProcessMind's API; plain http for loopback addresses only. Default: the environment variable `PROCESSMIND_API_URL`, else `https://api.processmind.com`.",
  },
  timeoutSeconds: {
    type: "number",
    description: "Time limit of each request with its retries, in seconds: above 0, at most 86,400. Default: 120.",
  },
};
