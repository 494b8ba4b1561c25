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

  test("the README's table, the declaration, the policy and the Outputs name the same properties", () => {
    const readme = readmeTable(kind);
    const outputs = Object.entries(make("t"))
      .filter(
        ([name, value]) => !name.startsWith("__") && name !== "id" && name !== "urn" && pulumi.Output.isInstance(value),
      )
      .map(([name]) => name);
    const declared = declaredProperties(file, `${kind}Args`);
    expect(readme.inputs.sort()).toEqual(declared.sort());
    expect([...readme.inputs, ...readme.outputs].sort()).toEqual(outputs.sort());
    return expect(policyOf(lifecycle)).resolves.toEqual(readme.inputs);
  });

  test("every argument and output is documented where it is declared", () => {
    expect(undocumented(file, `${kind}Args`)).toEqual([]);
  });
});

/** The names in the first column: those of rows that begin with "out:" are outputs. */
function readmeTable(kind: string): { inputs: string[]; outputs: string[] } {
  const [, section = ""] = read("README.md").split(`\n### ${kind}\n`);
  const [table = ""] = section.split(/\n##/);
  const firstCells = table
    .split("\n")
    .filter((line) => line.startsWith("| ") && line.includes("`"))
    .map((line) => line.split("|")[1] ?? "");
  const names = (cells: string[]) =>
    cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
  const isOutput = (cell: string) => cell.trim().startsWith("out:");
  return { inputs: names(firstCells.filter((cell) => !isOutput(cell))), outputs: names(firstCells.filter(isOutput)) };
}

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

function declaredProperties(file: string, name: string): string[] {
  return membersOf(file, name).map((member) => member.name?.getText() ?? "?");
}

function undocumented(file: string, name: string): string[] {
  return membersOf(file, name)
    .filter((member) => ts.getJSDocCommentsAndTags(member).length === 0)
    .map((member) => member.name?.getText() ?? "?");
}

/** A slip in a property's name comes with the names there are: those of the policy table. */
async function policyOf(lifecycle: (typeof RESOURCES)[Kind]["lifecycle"]): Promise<string[]> {
  const { failures } = await lifecycle.check(testContext(), {}, { slip: 1 } as object);
  const { candidates = [] } = failures.find(({ property }) => property === "slip") ?? {};
  return [...candidates].sort();
}
