import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import YAML from "yaml";

const ROOT = path.resolve(__dirname, "../..");
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");

type Properties = { [name: string]: { description?: string; oneOf?: object[]; type?: string } };
interface Schema {
  resources: {
    [token: string]: {
      properties: Properties;
      inputProperties: Properties;
      requiredInputs: string[];
      stateInputs: { properties: Properties };
      aliases: { type: string }[];
    };
  };
  types: { [token: string]: { properties: Properties } };
  functions: { [token: string]: { inputs: { properties: Properties }; outputs: { properties: Properties } } };
  config: { variables: { [name: string]: { secret?: boolean; defaultInfo?: object } } };
}

const schema: Schema = JSON.parse(read("provider/plugin/schema.json"));
const resource = (kind: string) => {
  const found = schema.resources[`processmind:index:${kind}`];
  if (found === undefined) throw new Error(`The schema has no ${kind}.`);
  return found;
};

test("the schema checked in is that of the declarations", async () => {
  // In a process of its own: TypeScript's compiler is slow inside jest. Where they differ: npm run plugin
  const print = ["-r", "./scripts/typescript.js", path.join(ROOT, "scripts/plugin/print-schema.ts")];
  const { stdout } = await promisify(execFile)(process.execPath, print, { cwd: ROOT });
  expect(read("provider/plugin/schema.json")).toBe(stdout);
});

test.each(["Dataset", "Datatable", "DatatableUpload"])("%s has the dynamic type as an alias", (kind) => {
  expect(resource(kind).aliases).toEqual([{ type: `pulumi-nodejs:dynamic/processmind:${kind}` }]);
});

test.each(["Dataset", "Datatable", "DatatableUpload"])("%s.get knows every property", (kind) => {
  const { stateInputs, properties, inputProperties } = resource(kind);
  expect(stateInputs.properties).toEqual(properties);
  expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(inputProperties)));
});

test("every argument is described", () => {
  const inputs = Object.entries(schema.resources).flatMap(([token, { inputProperties }]) =>
    Object.entries(inputProperties).map(([name, { description }]) => ({ name: `${token}.${name}`, description })),
  );
  expect(inputs.filter(({ description = "" }) => description === "")).toEqual([]);
  expect(inputs.length).toBeGreaterThan(25);
});

test("no description speaks of dynamic providers or of TypeScript's links", () => {
  expect(JSON.stringify(schema).match(/dynamic (provider|resource)|\{@link|__provider/g)).toBeNull();
});

test("the key is a secret, and is never copied from the environment into the state", () => {
  expect(schema.config.variables["apiKey"]).toMatchObject({ secret: true });
  expect(Object.values(schema.config.variables).filter(({ defaultInfo }) => defaultInfo)).toEqual([]);
});

test("functions return objects", () => {
  const outputs = Object.entries(schema.functions).map(([token, { outputs }]) => [
    token,
    Object.keys(outputs.properties),
  ]);
  expect(Object.fromEntries(outputs)).toMatchObject({
    "processmind:index:getDatasets": ["datasets"],
    "processmind:index:getDatatables": ["datatables"],
    "processmind:index:getDataset": expect.arrayContaining(["id", "displayName", "datatables"]),
    "processmind:index:getDatatable": expect.arrayContaining(["id", "displayName", "columns"]),
  });
});

/** Arguments an example sets, by resource, as the schema writes their names. */
interface Used {
  kind: string;
  names: string[];
}

const camel = (snake: string) => snake.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const lower = (pascal: string) => `${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`;
const KIND = /(?:processmind\.|New|new ProcessMind\.)(DatatableUpload|Datatable|Dataset)\(/;

/** Each resource's part of the program, and the names at its first level of indentation. */
function usedIn(program: string, name: RegExp, spell: (name: string) => string): Used[] {
  return program
    .split(new RegExp(`(?=${KIND.source})`))
    .filter((part) => new RegExp(`^${KIND.source}`).test(part))
    .map((part) => ({
      kind: KIND.exec(part)?.[1] ?? "",
      names: [...part.matchAll(name)].map(([, found = ""]) => spell(found)),
    }));
}

const EXAMPLES: [language: string, used: () => Used[]][] = [
  [
    "yaml",
    () => {
      const program = YAML.parse(read("examples/plugin/yaml/Pulumi.yaml"));
      const resources = Object.values(program.resources) as { type: string; properties: object }[];
      return resources.map(({ type, properties }) => ({
        kind: type.split(":")[1] ?? "",
        names: Object.keys(properties),
      }));
    },
  ],
  ["python", () => usedIn(read("examples/plugin/python/__main__.py"), /\b([a-z]+(?:_[a-z0-9]+)*)=/g, camel)],
  ["go", () => usedIn(read("examples/plugin/go/main.go"), /^\t{3}([A-Z]\w+): /gm, lower)],
  ["csharp", () => usedIn(read("examples/plugin/csharp/Program.cs"), /(?:^ {8}|\{ )([A-Z]\w+) = /gm, lower)],
];

describe.each(EXAMPLES)("the example in %s", (language, used) => {
  test("declares the three kinds with arguments of the schema, the required ones among them", () => {
    const found = used();
    expect(found.map(({ kind }) => kind)).toEqual(["Dataset", "Datatable", "DatatableUpload"]);
    for (const { kind, names } of found) {
      const { inputProperties, requiredInputs } = resource(kind);
      expect(names.filter((name) => !Object.hasOwn(inputProperties, name))).toEqual([]);
      expect(requiredInputs.filter((name) => !names.includes(name))).toEqual([]);
    }
  });

  test("brings its data and says how it is run", () => {
    const readme = read(`examples/plugin/${language}/README.md`);
    expect(readme).toMatch(/pulumi up/);
    expect(read(`examples/plugin/${language}/data/claims.csv`)).toMatch(/^claim,activity,timestamp/);
  });
});
