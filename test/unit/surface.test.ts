import * as diagnostics from "node:diagnostics_channel";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import * as ts from "typescript";
import * as index from "../../provider";
import { datasetLifecycle } from "../../provider/lifecycles/dataset";
import { datatableLifecycle } from "../../provider/lifecycles/datatable";
import { datatableUploadLifecycle } from "../../provider/lifecycles/datatable-upload";
import { testContext } from "../support/context";

/** What users see of the package: its names, the properties of its resources, and that both are documented. */

const ROOT = path.resolve(__dirname, "../..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

const registered: MockResourceArgs[] = [];
let sockets = 0;
const countSocket = () => {
  sockets++;
};

beforeAll(async () => {
  diagnostics.subscribe("net.client.socket", countSocket);
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: `${args.name}-id`, state: args.inputs };
    },
    call: () => ({}),
  });
});
afterAll(() => diagnostics.unsubscribe("net.client.socket", countSocket));
beforeEach(() => {
  registered.length = 0;
  sockets = 0;
  pulumi.runtime.setAllConfig({});
  delete process.env["PROCESSMIND_TENANT_ID"];
});

const RESOURCES = {
  Dataset: {
    make: (tenantId?: string) => new index.Dataset("made", { displayName: "Sales", tenantId }),
    given: { displayName: "Sales" },
    file: "provider/resources/dataset.ts",
    lifecycle: datasetLifecycle,
  },
  Datatable: {
    make: (tenantId?: string) => new index.Datatable("made", { datasetId: "d", displayName: "Orders", tenantId }),
    given: { datasetId: "d", displayName: "Orders" },
    file: "provider/resources/datatable.ts",
    lifecycle: datatableLifecycle,
  },
  DatatableUpload: {
    make: (tenantId?: string) =>
      new index.DatatableUpload("made", { datatableId: "x", datasetId: "d", source: "a.csv", tenantId }),
    given: { datatableId: "x", datasetId: "d", source: "a.csv" },
    file: "provider/resources/datatable-upload.ts",
    lifecycle: datatableUploadLifecycle,
  },
};
type Kind = keyof typeof RESOURCES;
const KINDS = Object.keys(RESOURCES) as Kind[];

test("the package exports these names and no more", () => {
  expect({ values: Object.keys(index).sort(), types: exportedTypes("provider/index.ts").sort() }).toEqual({
    values: [
      "Dataset",
      "Datatable",
      "DatatableUpload",
      "ProcessMindError",
      "getDataset",
      "getDatasetOutput",
      "getDatasets",
      "getDatasetsOutput",
      "getDatatable",
      "getDatatableOutput",
      "getDatatables",
      "getDatatablesOutput",
    ],
    types: [
      "Candidate",
      "DatasetArgs",
      "DatasetDetails",
      "DatasetSummary",
      "DatatableArgs",
      "DatatableColumn",
      "DatatableDetails",
      "DatatableSummary",
      "DatatableUploadArgs",
      "ErrorCode",
      "EventLogColumns",
      "GetDatasetArgs",
      "GetDatasetsArgs",
      "GetDatatableArgs",
      "GetDatatablesArgs",
      "InputsOf",
      "LookupOptions",
    ],
  });
});

describe.each(KINDS)("%s", (kind) => {
  const { make, given, file, lifecycle } = RESOURCES[kind];

  test.each<[string, string | undefined, string | undefined, string | undefined, object]>([
    ["stack config", undefined, "from-config", "from-env", { tenantId: "from-config" }],
    ["the environment", undefined, undefined, "from-env", { tenantId: "from-env" }],
    ["the argument", "from-argument", "from-config", "from-env", { tenantId: "from-argument" }],
    ["nowhere, which check will tell", undefined, undefined, undefined, {}],
  ])("registers what it is given, the tenant from %s", async (_where, argument, config, environment, tenant) => {
    if (config !== undefined) pulumi.runtime.setConfig("processmind:tenantId", config);
    if (environment !== undefined) process.env["PROCESSMIND_TENANT_ID"] = environment;
    make(argument);
    await pulumi.runtime.disconnect();
    expect(registered).toMatchObject([
      { type: `pulumi-nodejs:dynamic/processmind:${kind}`, name: "made", custom: true },
    ]);
    const { __provider, ...inputs } = registered[0]?.inputs ?? {};
    expect({ inputs, sockets }).toEqual({ inputs: { ...given, ...tenant }, sockets: 0 });
  });

  test("arguments, outputs, policy and Outputs of the class are the same properties", async () => {
    const registeredOutputs = Object.entries(make("t"))
      .filter(
        ([name, value]) => !name.startsWith("__") && name !== "id" && name !== "urn" && pulumi.Output.isInstance(value),
      )
      .map(([name]) => name);
    const inputs = namesOf(argumentsOf(file, kind)).sort();
    const outputs = namesOf(outputsOf(file, kind));
    expect(outputs.sort()).toEqual(registeredOutputs.sort());
    expect(outputs).toEqual(expect.arrayContaining(inputs));
    await expect(policyOf(lifecycle)).resolves.toEqual(inputs);
  });

  test("every argument and output is documented where it is declared", () => {
    expect(undocumented([...argumentsOf(file, kind), ...outputsOf(file, kind)])).toEqual([]);
  });
});

test("every field of an event log's columns is documented where it is declared", () => {
  const fields = membersOf("provider/resources/datatable-upload.ts", "EventLogColumns");
  expect(namesOf(fields)).toEqual(["caseId", "activity", "timestamp"]);
  expect(undocumented(fields)).toEqual([]);
});

function sourceOf(file: string): ts.SourceFile {
  return ts.createSourceFile(file, read(file), ts.ScriptTarget.ES2022, true);
}

function exportedTypes(file: string): string[] {
  return sourceOf(file)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause, isTypeOnly }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.filter((element) => isTypeOnly || element.isTypeOnly)
        : [],
    )
    .map(({ name }) => name.text);
}

function membersOf(file: string, name: string): ts.TypeElement[] {
  const found = sourceOf(file)
    .statements.filter(ts.isInterfaceDeclaration)
    .find((node) => node.name.text === name);
  return [...(found?.members ?? [])];
}

function argumentsOf(file: string, kind: string): ts.TypeElement[] {
  return membersOf(file, `${kind}Args`);
}

function outputsOf(file: string, kind: string): ts.PropertyDeclaration[] {
  const found = sourceOf(file)
    .statements.filter(ts.isClassDeclaration)
    .find((node) => node.name?.text === kind);
  return [...(found?.members ?? [])].filter(ts.isPropertyDeclaration);
}

function namesOf(members: (ts.TypeElement | ts.PropertyDeclaration)[]): string[] {
  return members.map((member) => member.name?.getText() ?? "?");
}

function undocumented(members: (ts.TypeElement | ts.PropertyDeclaration)[]): string[] {
  return namesOf(members.filter((member) => ts.getJSDocCommentsAndTags(member).length === 0));
}

/** A misspelt property is rejected with the names of all properties: those of the policy table. */
async function policyOf(lifecycle: (typeof RESOURCES)[Kind]["lifecycle"]): Promise<string[]> {
  const { failures } = await lifecycle.check(testContext(), {}, { slip: 1 } as object);
  const { candidates = [] } = failures.find(({ property }) => property === "slip") ?? {};
  return [...candidates].sort();
}
