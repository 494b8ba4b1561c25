import path from "node:path";
import ts from "typescript";
import manifest from "../../package.json";
import { LIST_NAMES, PACKAGE, SENTENCES, SETTINGS } from "./schema-overlay";
import { readDocs, TypeReader, type TypeSpec } from "./schema-types";

/** Pulumi's schema of the plugin, made from the public TypeScript declarations and ./schema-overlay. */

type Properties = { [name: string]: TypeSpec };

const RESOURCES = ["Dataset", "Datatable", "DatatableUpload"];
const FUNCTIONS = ["getDataset", "getDatasets", "getDatatable", "getDatatables"];

/** The whole schema as it is checked in. */
export function schemaText(): string {
  const root = path.resolve(__dirname, "../..");
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const program = ts.createProgram([path.join(root, "provider/index.ts")], options);
  const reader = new TypeReader(program);
  const resources = RESOURCES.map((name) => [`processmind:index:${name}`, resourceOf(reader, name)]);
  const functions = FUNCTIONS.map((name) => [`processmind:index:${name}`, functionOf(reader, name)]);
  const schema = {
    ...PACKAGE,
    version: manifest.version,
    config: { variables: SETTINGS },
    provider: { description: "The connection to ProcessMind.", inputProperties: SETTINGS },
    types: reader.types(),
    resources: Object.fromEntries(resources),
    functions: Object.fromEntries(functions),
  };
  return `${JSON.stringify(withSentences(schema), null, 2)}\n`;
}

function resourceOf(reader: TypeReader, name: string): object {
  const declared = reader.declaration(name, ts.isClassDeclaration);
  const args = reader.membersOf(reader.declaration(`${name}Args`, ts.isInterfaceDeclaration));
  const inputs: Properties = Object.fromEntries(args.map((member) => [member.name, reader.specOf(member)]));
  const outputs = reader.membersOf(declared);
  const properties: Properties = Object.fromEntries(
    // An output that is an input too is described there.
    outputs.map((member) => [
      member.name,
      { ...reader.specOf(member), ...described(inputs[member.name], member.docs) },
    ]),
  );
  return {
    description: readDocs(declared),
    properties,
    required: namesOf(outputs.filter(({ isOptional }) => !isOptional)),
    inputProperties: inputs,
    requiredInputs: namesOf(args.filter(({ isOptional }) => !isOptional)),
    // All of them: what is not here is undefined after a static `get` in Node.
    stateInputs: { description: "What is known of the object.", properties, type: "object" },
    aliases: [{ type: `pulumi-nodejs:dynamic/processmind:${name}` }],
  };
}

function described(input: TypeSpec | undefined, ownDocs: string | undefined): Pick<TypeSpec, "description"> {
  return ownDocs === undefined && input?.description !== undefined ? { description: input.description } : {};
}

function functionOf(reader: TypeReader, name: string): object {
  const declared = reader.declaration(name, ts.isFunctionDeclaration);
  const args = reader.argumentsOf(declared);
  const result = reader.resultOf(declared);
  const list = LIST_NAMES[name];
  const outputs = list === undefined ? result : { properties: { [list]: result.list }, required: [list] };
  return {
    description: readDocs(declared),
    inputs: {
      type: "object",
      properties: Object.fromEntries(args.map((member) => [member.name, reader.specOf(member)])),
      required: namesOf(args.filter(({ isOptional }) => !isOptional)),
    },
    outputs: { type: "object", properties: outputs.properties, required: outputs.required },
  };
}

function namesOf(members: { name: string }[]): string[] {
  return members.map(({ name }) => name);
}

/** Everywhere in the schema; a sentence that is nowhere is an error of the overlay. */
function withSentences(schema: object): object {
  let text = JSON.stringify(schema);
  for (const [said, here] of SENTENCES) {
    const [from, to] = [said, here].map((sentence) => JSON.stringify(sentence).slice(1, -1));
    if (from === undefined || to === undefined || !text.includes(from)) {
      throw new Error(`The declarations no longer say "${said}". Correct scripts/plugin/schema-overlay.ts.`);
    }
    text = text.replaceAll(from, to);
  }
  return JSON.parse(text) as object;
}
