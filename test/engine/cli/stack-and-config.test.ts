import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProjectFolder } from "./project-folder";

let project: ProjectFolder;
beforeEach(() => {
  project = new ProjectFolder();
});
afterEach(() => project.remove());

const sealed = (plaintext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext,
});
const stateFile = () => join(project.path, ".pulumi-offline", "stacks", "shop", "dev.json");

describe("config", () => {
  it("sets, shows, lists and removes values", async () => {
    expect(await project.run(["config", "set", "tenant", "t-1"])).toEqual({ code: 0, stdout: "", stderr: "" });
    await project.run(["config", "set", "processmind:apiKey", "--secret"], { input: "hunter2\n" });
    expect(readFileSync(join(project.path, "Pulumi.dev.yaml"), "utf8")).not.toContain("hunter2");
    expect((await project.run(["config"])).stdout).toBe(
      ["KEY                 VALUE", "processmind:apiKey  [secret]", "tenant              t-1", ""].join("\n"),
    );
    expect((await project.run(["config", "get", "processmind:apiKey"])).stdout).toBe("hunter2\n");
    expect(JSON.parse((await project.run(["config", "--json", "--show-secrets"])).stdout)).toEqual({
      "processmind:apiKey": { value: "hunter2", secret: true },
      "shop:tenant": { value: "t-1", secret: false },
    });
    expect((await project.run(["config", "rm", "tenant"])).code).toBe(0);
    expect(await project.run(["config", "get", "tenant"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "error: configuration key 'tenant' not found for stack 'dev'\n",
    });
  });

  it("needs the passphrase for secrets alone, and the right one", async () => {
    await project.run(["config", "set", "token", "hunter2", "--secret"]);
    project.env = {};
    await expect(project.run(["config", "set", "tenant", "t-1"])).resolves.toMatchObject({ code: 0 });
    await expect(project.run(["config"])).resolves.toMatchObject({ code: 0, stderr: "" });
    const missing = await project.run(["config", "get", "token"]);
    expect(missing.stderr).toContain("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE");
    project.env = { PULUMI_CONFIG_PASSPHRASE: "wrong" };
    const wrong = await project.run(["config", "get", "token"]);
    expect(wrong.stderr).toContain("error: incorrect passphrase for");
    expect([missing.code, wrong.code]).toEqual([1, 1]);
  });

  it("asks for a value it was not given", async () => {
    expect((await project.run(["config", "set", "tenant"])).stderr).toContain(
      "configuration key 'tenant' has no value.",
    );
  });
});

describe("stack", () => {
  it("is made, listed, exported and removed", async () => {
    expect(await project.run(["stack", "init", "prod"])).toMatchObject({ code: 0, stderr: "Created stack 'prod'\n" });
    expect((await project.run(["stack", "init", "prod"])).stderr).toBe("error: stack 'prod' already exists\n");
    project.env["PULUMI_STACK"] = "prod";
    expect(JSON.parse((await project.run(["stack", "ls", "--json"])).stdout)).toEqual([
      { name: "prod", current: true, resourceCount: 0 },
    ]);
    const { version, deployment } = JSON.parse((await project.run(["stack", "export"])).stdout);
    const salt = /encryptionsalt: (.*)/.exec(readFileSync(join(project.path, "Pulumi.prod.yaml"), "utf8"))?.[1];
    expect(version).toBe(3);
    expect(deployment.secrets_providers).toEqual({ type: "passphrase", state: { salt } });
    expect(deployment.manifest.magic).toBe(createHash("sha256").update(deployment.manifest.version).digest("hex"));
    expect((await project.run(["stack", "rm"])).stderr).toContain("error: --yes must be passed in");
    expect((await project.run(["stack", "rm", "--yes"])).stdout).toBe("Stack 'prod' has been removed!\n");
    expect((await project.run(["stack", "export"])).stderr).toContain("error: no stack named 'prod' found");
    expect((await project.run(["stack", "ls", "--json"])).stdout).toBe("[]\n");
    const kept = readFileSync(stateFile().replace("dev.json", "prod.json.bak"), "utf8");
    expect(JSON.parse(kept).checkpoint.latest.secrets_providers.state).toEqual({ salt });
  });

  it("keeps its state in --state-dir", async () => {
    await project.run(["stack", "init", "--state-dir", "elsewhere"]);
    expect(existsSync(join(project.path, "elsewhere", "stacks", "shop", "dev.json"))).toBe(true);
    expect(existsSync(stateFile())).toBe(false);
  });

  it("takes an export back, secrets and all, and refuses another stack's", async () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    const root = {
      urn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
      type: "pulumi:pulumi:Stack",
      custom: false,
      outputs: { url: "http://a", key: { ...secret, plaintext: '"hunter2"' }, list: [1] },
    };
    project.put("export.json", JSON.stringify({ version: 3, deployment: { resources: [root] } }));
    expect(await project.run(["stack", "import", "--file", "export.json"])).toMatchObject({ code: 0 });
    expect(readFileSync(stateFile(), "utf8")).not.toContain("hunter2");
    expect((await project.run(["stack", "rm", "-y"])).stderr).toContain("still has resources");

    const output = (...argv: string[]) => project.run(["stack", "output", ...argv]).then(({ stdout }) => stdout);
    expect(await output()).toBe(
      "Current stack outputs (3):\n    OUTPUT  VALUE\n    url     http://a\n    key     [secret]\n    list    [1]\n",
    );
    expect(await output("url")).toBe("http://a\n");
    expect(await output("key")).toBe("[secret]\n");
    expect(await output("key", "--show-secrets")).toBe("hunter2\n");
    expect(JSON.parse(await output("--json"))).toEqual({ url: "http://a", key: "[secret]", list: [1] });
    expect((await project.run(["stack", "output", "none"])).stderr).toContain("does not have output property 'none'");

    const exported = (await project.run(["stack", "export", "--show-secrets"])).stdout;
    expect(JSON.parse(exported).deployment.resources[0].outputs.key).toEqual({ ...secret, plaintext: '"hunter2"' });
    const strange = await project.run(["stack", "import", "--stack", "prod"], { input: exported });
    expect(strange.stderr).toContain("does not belong to the stack 'prod' of 'shop'.");
  });

  it("exports and imports to the same state, but for pending operations, which are told", async () => {
    const urn = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
    const root = { urn, type: "pulumi:pulumi:Stack", custom: false, inputs: {}, outputs: { key: sealed('"hunter2"') } };
    const half = { urn: `${urn}-half`, type: "t:t:T", custom: true, inputs: { key: sealed('"hunter3"') } };
    const pending_operations = [{ type: "creating", resource: half }];
    const deployment = { resources: [root], pending_operations };
    await project.run(["stack", "init"]);
    const first = await project.run(["stack", "import"], { input: JSON.stringify({ version: 3, deployment }) });
    expect(first).toEqual({
      code: 0,
      stdout: "Import complete.\n",
      stderr: `warning: removing pending operation 'creating' on '${urn}-half' from snapshot\n`,
    });
    await project.run(["stack", "export", "--file", "export.json"]);
    expect((await project.run(["stack", "import", "--file", "export.json"])).stderr).toBe("");
    const [before, after] = [
      readFileSync(join(project.path, "export.json"), "utf8"),
      (await project.run(["stack", "export"])).stdout,
    ];
    const contents = (text: string) => JSON.parse(text).deployment.resources;
    expect(contents(after)[0].outputs.key).toEqual({
      ...sealed(""),
      plaintext: undefined,
      ciphertext: expect.any(String),
    });
    expect({ ...contents(after)[0], outputs: {} }).toEqual({ ...contents(before)[0], outputs: {} });
    const shown = await project.run(["stack", "output", "key", "--show-secrets"]);
    expect(shown.stdout).toBe("hunter2\n");
  });

  it("is not touched when its file is damaged", async () => {
    await project.run(["stack", "init"]);
    const half = readFileSync(stateFile(), "utf8").slice(0, 60);
    writeFileSync(stateFile(), half);
    for (const argv of [["up", "--yes"], ["destroy", "--yes"], ["preview"], ["stack", "export"]]) {
      const { code, stderr } = await project.run(argv);
      expect({ code, named: stderr.includes(stateFile()) }).toEqual({ code: 1, named: true });
    }
    expect(readFileSync(stateFile(), "utf8")).toBe(half);
  });
});

describe("a command that cannot run", () => {
  it.each([["up"], ["up", "--json"], ["destroy"], ["refresh"]])("%s cannot ask without a terminal", async (...argv) => {
    const options = "--yes or --skip-preview or --preview-only";
    const stderr = `error: ${options} must be passed in to proceed when running in non-interactive mode\n`;
    expect(await project.run(argv)).toEqual({ code: 2, stdout: "", stderr });
  });

  it("--yes and --preview-only exclude each other", async () => {
    const { code, stderr } = await project.run(["destroy", "--yes", "--preview-only"]);
    expect([code, stderr]).toEqual([1, "error: --yes and --preview-only cannot be used together\n"]);
  });

  it.each([
    [
      ["preview", "--stack", "../x"],
      'error: "../x" is not a stack name: use 1 to 100 letters, digits, ".", "_" or "-".\n',
    ],
    [["stack", "rm"], "error: --yes must be passed in to proceed when running in non-interactive mode\n"],
  ])("%j", async (argv, stderr) => {
    expect(await project.run(argv)).toEqual({ code: 1, stdout: "", stderr });
  });

  it.each([
    [["destroy", "--yes", "--cwd", "typo"], /^error: .*typo is not a folder\.\n$/],
    [["preview", "--cwd", "Pulumi.yaml"], /^error: .*Pulumi\.yaml is not a folder\.\n$/],
    [["stack", "import", "--file", "none.json"], /^error: ENOENT: .*none\.json'\n$/],
  ])("%j in one line", async (argv, stderr) => {
    expect(await project.run(argv)).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(stderr) });
  });

  it("asks for a passphrase before it changes anything", async () => {
    project.env = {};
    const { code, stderr } = await project.run(["up", "--yes"]);
    expect(code).toBe(1);
    expect(stderr).toContain("error: passphrase must be set");
    expect(existsSync(stateFile())).toBe(false);
  });

  it("knows no stack to refresh or to destroy before the first up", async () => {
    expect((await project.run(["refresh", "--yes"])).stderr).toContain("no stack named 'dev' found");
    expect((await project.run(["destroy", "--preview-only"])).stderr).toContain("no stack named 'dev' found");
    expect(existsSync(join(project.path, "Pulumi.dev.yaml"))).toBe(false);
  });

  it("prints its version", async () => {
    expect((await project.run(["--version"])).stdout).toMatch(/^v\d+\.\d+\.\d+\n$/);
  });
});
