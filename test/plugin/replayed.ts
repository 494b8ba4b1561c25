import type { RecordedCall } from "../support/grpc-recording";

/** The stack whose life on Pulumi's CLI is recorded in test/recordings/plugin-calls.json. */

/** A command of the CLI, and the calls that its engine made to the plugin. */
export interface RecordedRun {
  name: string;
  calls: RecordedCall[];
}

const CLAIMS =
  "claim,activity,timestamp\nCL-1,Claim filed,2025-01-13T09:02:00Z\nCL-1,Claim paid,2025-01-15T11:00:00Z\n";
const APPENDED = `${CLAIMS}CL-2,Claim filed,2025-01-16T09:00:00Z\n`;

const ref = (path: string) => `\${${path}}`;

/** What the project's files are when the run of that name begins. */
export function replayedFiles(run: string): { [name: string]: string } {
  const isFirst = run === "preview" || run === "create";
  const lookedUp = run === "look up" || run === "destroy";
  const displayName = run === "replace" || lookedUp ? "Renamed claims" : "Claims";
  const mistake = run === "mistake" ? { requireColumns: ["claimant"] } : {};
  // At the end: what else happens beside a failure is left to chance.
  const last = { dependsOn: [ref("upload")] };
  const conflict = { type: "processmind:Dataset", properties: { displayName: "Claims" }, options: last };
  const program = {
    name: "demo",
    runtime: "yaml",
    ...(lookedUp && { variables: { all: { "fn::invoke": { function: "processmind:getDatasets", arguments: {} } } } }),
    resources: {
      ...(run === "conflict" && { other: conflict }),
      claims: { type: "processmind:Dataset", properties: { displayName, forceDestroy: true } },
      events: {
        type: "processmind:Datatable",
        properties: { datasetId: ref("claims.id"), displayName: "Events", forceDestroy: true },
      },
      upload: {
        type: "processmind:DatatableUpload",
        properties: { datasetId: ref("claims.id"), datatableId: ref("events.id"), source: "claims.csv", ...mistake },
      },
    },
    ...(lookedUp && { outputs: { all: ref("all.datasets") } }),
  };
  return { "Pulumi.yaml": JSON.stringify(program), "claims.csv": isFirst ? CLAIMS : APPENDED };
}
