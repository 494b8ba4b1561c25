/** Parts of what `pulumi preview --json` prints. */

interface State {
  [input: string]: unknown;
}

const PREFIX = "urn:pulumi:prod::claims::pulumi-nodejs:dynamic/processmind";

export function urn(type: string, name: string): string {
  return `${PREFIX}:${type}::${name}`;
}

export function step(
  op: string,
  type: string,
  name: string,
  sides: { old?: State; now?: State; outputs?: State; id?: string } = {},
) {
  const state = (inputs: State) => ({
    urn: urn(type, name),
    type: `pulumi-nodejs:dynamic/processmind:${type}`,
    ...(sides.id !== undefined && { id: sides.id }),
    inputs,
    outputs: { ...inputs, ...sides.outputs },
  });
  return {
    op,
    urn: urn(type, name),
    ...(sides.old && { oldState: state(sides.old) }),
    ...(sides.now && { newState: state(sides.now) }),
    detailedDiff: null,
  };
}

export function digest(parts: {
  steps?: object[];
  diagnostics?: object[];
  changeSummary?: { [op: string]: number };
}): string {
  const stack = { op: "same", urn: "urn:pulumi:prod::claims::pulumi:pulumi:Stack::claims-prod", newState: {} };
  return JSON.stringify({
    config: {},
    duration: 1,
    diagnostics: [],
    changeSummary: {},
    ...parts,
    steps: [stack, ...(parts.steps ?? [])],
  });
}

/** What an upload's inputs say about its file. */
export function file(rows: number, more: State = {}): State {
  return {
    activities: 7,
    cases: 24,
    change: "first upload",
    columns: "3: case_id, activity, timestamp",
    contentSha256: `${"0123456789abcdef".repeat(3)}${String(rows).padStart(16, "0")}`.split("").reverse().join(""),
    datasetId: "d-1",
    datatableId: "t-1",
    delimiter: "comma",
    encoding: "UTF-8",
    eventLog: { activity: "activity", caseId: "case_id", timestamp: "timestamp" },
    fileName: "claims.csv",
    firstEvent: "2025-03-02T09:07:00Z",
    lastEvent: "2025-03-28T10:43:00Z",
    lineEnding: "LF",
    rows,
    sizeBytes: rows * 66,
    source: "data/claims.csv",
    tenantId: "tenant-1",
    ...more,
  };
}
