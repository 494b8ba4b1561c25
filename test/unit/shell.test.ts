import { execFileSync } from "node:child_process";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { MockResourceArgs } from "@pulumi/pulumi/runtime";
import { version } from "../../package.json";
import { Dataset, Datatable, DatatableUpload } from "../../provider";
import { underBun } from "../../provider/messages/program";

/**
 * The one line of code that goes into users' state, as it is really registered. A change of the snapshot is a change
 * of a state format: every state ever written holds the old text.
 */

const ROOT = path.resolve(__dirname, "../..");
const registered: MockResourceArgs[] = [];

beforeAll(async () => {
  process.env["PROCESSMIND_API_KEY"] = "shell-test-key";
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      registered.push(args);
      return { id: `${args.name}-id`, state: args.inputs };
    },
    call: () => ({}),
  });
  new Dataset("dataset", { displayName: "Sales", tenantId: "t" });
  new Datatable("datatable", { datasetId: "d", displayName: "Orders", tenantId: "t" });
  new DatatableUpload("upload", { datatableId: "x", datasetId: "d", source: "a.csv", tenantId: "t" });
  await pulumi.runtime.disconnect();
});

const texts = () => registered.slice(0, 3).map(({ inputs }) => String(inputs.__provider));

test("the texts and the type tokens", () => {
  expect(registered.map(({ type, inputs }) => ({ type, text: inputs.__provider }))).toMatchSnapshot();
});

test("a text is one short line that finds the installed code, and nothing of this machine", () => {
  for (const text of texts()) {
    expect(text).toMatch(/^exports\.handler = \(\) => require\("pulumi-processmind\/lifecycle"\)\.[A-Za-z]+;$/);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(250);
    // Linked or installed, built here or there, by this version or that: nothing in it can differ.
    for (const local of [ROOT, version, "shell-test-key", "node_modules", "dist", "file:"])
      expect(text).not.toContain(local);
    expect(text.match(/require/g)).toHaveLength(1);
  }
});

test("revived in a bare process, each text is the seven methods Pulumi calls", () => {
  const script = `
    const describe = (text) => {
      const exports = {};
      new Function("exports", "require", text)(exports, require);
      const found = Object.entries(exports.handler()).map(([name, method]) => [name, typeof method, method.length]);
      return Object.fromEntries(found.map(([name, type, takes]) => [name, type + " of " + takes]));
    };
    console.log(JSON.stringify(JSON.parse(process.argv[1]).map(describe)));`;
  const output = execFileSync(process.execPath, ["-e", script, JSON.stringify(texts())], {
    cwd: ROOT,
    encoding: "utf8",
  });
  const seven = {
    configure: "function of 1",
    check: "function of 2",
    diff: "function of 3",
    create: "function of 1",
    read: "function of 2",
    update: "function of 3",
    delete: "function of 2",
  };
  expect(JSON.parse(output)).toEqual([seven, seven, seven]);
});

test("rejects Bun with a message of which Pulumi shows no stack", () => {
  const script = `
    Object.defineProperty(process.versions, "bun", { value: "1.4.5" });
    const pulumi = require("@pulumi/pulumi");
    const { Dataset } = require("pulumi-processmind");
    try { new Dataset("sales", { displayName: "Sales", tenantId: "t" }); }
    catch (error) { console.log(JSON.stringify([pulumi.RunError.isInstance(error), error.message])); }`;
  const output = execFileSync(process.execPath, ["-e", script], { cwd: ROOT, encoding: "utf8" });
  expect(JSON.parse(output)).toEqual([true, underBun("1.4.5").toString()]);
});

class Theirs extends pulumi.dynamic.Resource {}

describe("what pulumi.dynamic.Resource registers is what ours register, but for the text", () => {
  test.each([
    ["Dataset", { displayName: "Sales", tenantId: "t" }],
    ["Datatable", { datasetId: "d", displayName: "Orders", tenantId: "t", rowCount: undefined }],
    ["DatatableUpload", { datatableId: "x", datasetId: "d", source: "a.csv", tenantId: "t" }],
  ])("%s", async (kind, properties) => {
    const own = registered.find(({ type }) => type.endsWith(`:${kind}`));
    const provider: pulumi.dynamic.ResourceProvider = {
      async create() {
        return { id: "1", outs: {} };
      },
    };
    new Theirs(provider, own?.name ?? "", properties, {}, "processmind", kind);
    await pulumi.runtime.disconnect();
    const theirs = registered.pop();
    expect(theirs?.inputs.__provider).toMatch(/exports\.handler = /);
    expect(own).toEqual({ ...theirs, inputs: { ...theirs?.inputs, __provider: own?.inputs.__provider } });
  });
});
