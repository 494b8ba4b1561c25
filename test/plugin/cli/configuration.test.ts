import fs from "node:fs";
import path from "node:path";
import { type Emulator, startEmulator } from "../../../emulator";
import { describeLanguage, openPluginProject, type PluginProject, resourceIn } from "../../support/plugin-project";

/** Provider configuration, secrets, previews and assets, in YAML programs. */

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: expect.stringMatching(/^v1:/),
};
/** Without the marker of test keys, since Pulumi itself writes it down where `--secret` is left out. */
const PLAIN_KEY = "f1a5c0de-0000-4000-8000-plain-api-key";

const ROWS = "claim,activity\nCL-1,Claim filed\nCL-1,Claim accepted\n";
const ref = (path: string) => `\${${path}}`;
const dataset = (properties: object = {}) => ({
  type: "processmind:Dataset",
  properties: { displayName: "Claims", ...properties },
});
const datatable = (properties: object = {}) => ({
  type: "processmind:Datatable",
  properties: { datasetId: ref("claims.id"), displayName: "Events", ...properties },
});
const upload = (properties: object = {}, options?: object) => ({
  type: "processmind:DatatableUpload",
  properties: {
    datasetId: ref("claims.id"),
    datatableId: ref("events.id"),
    source: "data/claims.csv",
    ...properties,
  },
  ...(options && { options }),
});
const program = (resources: object, rest: object = {}) =>
  JSON.stringify({ name: "demo", runtime: "yaml", resources, ...rest });

describeLanguage("yaml", undefined)("the plugin on Pulumi's CLI", () => {
  let project: PluginProject;
  const open = async (resources: object, options: Partial<Parameters<typeof openPluginProject>[0]> = {}) => {
    const files = { "Pulumi.yaml": program(resources), "data/claims.csv": ROWS };
    project = await openPluginProject({ ...options, files: { ...files, ...options.files } });
    return project;
  };
  const write = (resources: object) => project.folder.write({ "Pulumi.yaml": program(resources) });
  afterEach(() => project?.close());

  describe("secrets", () => {
    test("encrypts secret triggers, and a key that was set with --secret", async () => {
      const triggers = { "fn::secret": ["opensesame"] };
      await open({ claims: dataset(), events: datatable(), upload: upload({ triggers }) }, { keyInConfig: true });
      const run = await project.up();
      expect(run).toMatchObject({ ok: true, changes: { created: 4 } });
      expect(resourceIn(run.state, "upload")).toMatchObject({
        inputs: { triggers: SECRET },
        outputs: { triggers: SECRET },
      });
      const provider = run.state?.resources?.find(({ type }) => type === "pulumi:providers:processmind");
      expect(provider).toMatchObject({ inputs: { apiKey: SECRET }, outputs: { apiKey: SECRET } });
      expect(textsUnder(path.dirname(project.stateFile), /opensesame/)).toEqual([]);
      expect(run.text).not.toContain("opensesame");
      expect(await project.up({ expectNoChanges: true })).toMatchObject({ ok: true });
    });

    test("encrypts a key in the state that was set without --secret", async () => {
      await open({ claims: dataset() }, { emulator: { apiKey: PLAIN_KEY } });
      delete project.env["PROCESSMIND_API_KEY"];
      await project.setConfig("processmind:apiKey", PLAIN_KEY);
      const run = await project.up();
      expect(run).toMatchObject({ ok: true, changes: { created: 2 } });
      const provider = run.state?.resources?.find(({ type }) => type === "pulumi:providers:processmind");
      expect(provider).toMatchObject({ inputs: { apiKey: SECRET }, outputs: { apiKey: SECRET } });
      // The settings file, and Pulumi's history of settings, which no provider sees.
      const files = textsUnder(project.folder.directory, new RegExp(PLAIN_KEY));
      expect(files.filter((file) => !/^Pulumi\.dev\.yaml$|\/history\//.test(file))).toEqual([]);
    });

    test("writes a key of the environment into no file", async () => {
      await open({ claims: dataset() });
      const run = await project.up();
      expect(run).toMatchObject({ ok: true, changes: { created: 2 } });
      // The driver searches the project, its state and the decrypted state after each run; here is Pulumi's own folder.
      expect(textsUnder(project.env["PULUMI_HOME"] ?? "", new RegExp(project.emulator.apiKey))).toEqual([]);
      const provider = run.state?.resources?.find(({ type }) => type === "pulumi:providers:processmind");
      expect(Object.keys(provider?.inputs ?? {})).not.toContain("apiKey");
    });
  });

  describe("mistakes", () => {
    test("names the nearest setting when a setting is mistyped", async () => {
      await open({ claims: dataset() });
      await project.setConfig("processmind:apiKye", "x", { secret: true });
      const run = await project.previewText();
      expect(run.ok).toBe(false);
      expect(run.text).toContain("apiKye is not a setting of this provider (did you mean apiKey?)");
      expect(project.writes()).toEqual([]);
    });

    test("names the nearest property when a property is mistyped, and a wrong type", async () => {
      await open({ claims: dataset({ forceDestory: true }) });
      const mistyped = await project.previewText();
      expect(mistyped.ok).toBe(false);
      expect(mistyped.text).toMatch(/forceDestory/);
      expect(mistyped.text).toMatch(/forceDestroy\b/);

      await write({ claims: dataset({ displayName: 5, forceDestroy: "perhaps" }) });
      const wrong = await project.previewText();
      expect(wrong.ok).toBe(false);
      expect(wrong.text).toMatch(/forceDestroy/);
      expect(project.writes()).toEqual([]);
    });

    test.each([
      ["a StringAsset", { "fn::stringAsset": "claim,activity" }],
      // Pulumi itself fetches it, so it must be there.
      ["a remote asset", { "fn::remoteAsset": "CONTROL" }],
      ["an archive", { "fn::fileArchive": "data" }],
    ])("rejects %s as source in one sentence", async (_, source) => {
      await open({ claims: dataset() });
      const text = JSON.stringify(source).replace("CONTROL", project.emulator.controlUrl);
      await write({ claims: dataset(), events: datatable(), upload: upload({ source: JSON.parse(text) }) });
      const run = await project.previewText();
      expect(run.ok).toBe(false);
      expect(run.text).toContain("source must be the path of one file, or a FileAsset: other assets and archives");
      expect(project.writes()).toEqual([]);
    });

    test("sends a FileAsset, and records its path alone", async () => {
      const source = { "fn::fileAsset": "./data/claims.csv" };
      await open({ claims: dataset(), events: datatable(), upload: upload({ source }) });
      const run = await project.up();
      expect(run).toMatchObject({ ok: true, changes: { created: 4 } });
      expect(resourceIn(run.state, "upload").outputs).toMatchObject({ source: "data/claims.csv", rows: 2 });
    });
  });

  test("previews with settings of the provider that are not known yet", async () => {
    const first = { type: "processmind:Dataset", properties: { displayName: "First" } };
    const arguments_ = {
      tenantId: ref("first.adopted"),
      apiKey: ref("first.createdAt"),
      apiUrl: ref("first.id"),
      timeoutSeconds: ref("first.datatableCount"),
    };
    const other = { type: "pulumi:providers:processmind", properties: arguments_ };
    const options = { provider: ref("other") };
    await open({ first, other, claims: { ...dataset(), options } });
    const run = await project.preview();
    expect(run).toMatchObject({ ok: true, changeSummary: { create: 4 } });
    expect(project.writes()).toEqual([]);
  });

  test("starts a relative source in the folder that main names", async () => {
    const files = {
      "Pulumi.yaml": JSON.stringify({ name: "demo", runtime: "yaml", main: "prog" }),
      "prog/Main.yaml": program({ claims: dataset(), events: datatable(), upload: upload() }),
      "prog/data/claims.csv": `${ROWS}CL-2,Claim filed\n`,
    };
    await open({}, { files });
    const run = await project.up();
    expect(run).toMatchObject({ ok: true, changes: { created: 4 } });
    expect(resourceIn(run.state, "upload").outputs).toMatchObject({ rows: 3 });
  });

  describe("differences", () => {
    const resources = (options?: object, properties?: object) => ({
      claims: dataset(),
      events: datatable(),
      upload: upload(properties, options),
    });

    test("prints the changed properties of an append and no others", async () => {
      await open(resources());
      expect(await project.up()).toMatchObject({ ok: true, changes: { created: 4 } });
      await project.folder.write({ "data/claims.csv": `${ROWS}CL-2,Claim filed\n` });
      const preview = await project.previewText({ diff: true });
      const update = preview.text.slice(preview.text.indexOf("(update)"), preview.text.indexOf("Resources:"));
      const changed = [...update.matchAll(/^ +[~+-] (\w+) *:/gm)].map(([, name]) => name);
      expect(changed).toEqual(["change", "contentSha256", "rows", "sizeBytes"]);
      expect([...update.matchAll(/^ {6,8}(\w+) *: /gm)]).toEqual([]);
    });

    test("replaces when a property of replaceOnChanges changed", async () => {
      const options = { replaceOnChanges: ["fileName"] };
      await open(resources(options, { fileName: "first.csv" }));
      expect(await project.up()).toMatchObject({ ok: true, changes: { created: 4 } });
      await write(resources(options, { fileName: "second.csv", whenTableHasRows: "send" }));
      const { steps } = await project.preview();
      const ops = steps.filter(({ urn }) => urn.endsWith("::upload")).map(({ op }) => op);
      expect(ops).toEqual(["replace"]);
    });
  });

  test("keeps two tenants apart when each has a provider of its own in one run", async () => {
    const second = await startEmulator({ apiKey: PLAIN_KEY });
    try {
      const { apiUrl, tenantId } = second;
      const settings = { apiUrl, tenantId, apiKey: { "fn::secret": PLAIN_KEY } };
      await open({
        other: { type: "pulumi:providers:processmind", properties: settings },
        ours: dataset({ displayName: "Ours" }),
        theirs: { ...dataset({ displayName: "Theirs" }), options: { provider: ref("other") } },
      });
      const run = await project.up();
      expect(run).toMatchObject({ ok: true, changes: { created: 4 } });
      const names = (emulator: Emulator) => emulator.state().datasets.map(({ displayName }) => displayName);
      expect([names(project.emulator), names(second)]).toEqual([["Ours"], ["Theirs"]]);
      expect(resourceIn(run.state, "theirs").outputs).toMatchObject({ tenantId });
      expect(await project.up({ expectNoChanges: true })).toMatchObject({ ok: true });
    } finally {
      await second.close();
    }
  });
});

/** The files of a folder that hold this, without the ones that packages brought. */
function textsUnder(directory: string, text: RegExp): string[] {
  const entries = fs.readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return files
    .filter((file) => text.test(fs.readFileSync(file, "latin1")))
    .map((file) => path.relative(directory, file));
}
