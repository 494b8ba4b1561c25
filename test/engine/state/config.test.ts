import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackConfig } from "../../../engine/model";
import { resolveConfig } from "../../../engine/state/config-values";
import type { Crypter } from "../../../engine/state/passphrase";
import { checkStackName, loadProject } from "../../../engine/state/project";
import { StackFile, wholeKey } from "../../../engine/state/stack-file";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (name: string, text: string) => writeFileSync(join(folder, name), text);
const load = () => StackFile.load(folder, "shop", "dev");
const reverse = (text: string) => [...text].reverse().join("");
const crypter: Crypter = { salt: "v1:x", encrypt: reverse, decrypt: reverse };
const noCrypter = () => Promise.reject(new Error("asked for the passphrase"));

async function configOf(
  project: string,
  stack: string,
  open: () => Promise<Crypter> = async () => crypter,
): Promise<StackConfig> {
  put("Pulumi.yaml", `name: shop\nruntime: nodejs\n${project}`);
  put("Pulumi.dev.yaml", stack);
  return resolveConfig(loadProject(folder), load(), "dev", open);
}

describe("the project file", () => {
  it("is found above the folder; runtime may be an object, main a folder or a file", () => {
    put("Pulumi.yaml", "name: shop\nruntime:\n  name: nodejs\nmain: app/index.ts\n");
    mkdirSync(join(folder, "app", "deep"), { recursive: true });
    writeFileSync(join(folder, "app", "index.ts"), "");
    const project = loadProject(join(folder, "app", "deep"));
    expect(project).toMatchObject({ name: "shop", rootDirectory: folder, programDirectory: join(folder, "app") });
    put("Pulumi.yaml", "name: shop\nruntime: nodejs\nmain: app\nstackConfigDir: app\n");
    expect(loadProject(folder)).toMatchObject({
      programDirectory: join(folder, "app"),
      stackFileDirectory: join(folder, "app"),
    });
  });

  it.each([
    ["no name", "runtime: nodejs", '"name" must be'],
    ["a name that is a path", "name: ../x\nruntime: nodejs", '"name" must be'],
    ["another runtime", "name: a\nruntime: python", 'the runtime "python" is not supported'],
    ["a missing main", "name: a\nruntime: nodejs\nmain: nowhere", "nowhere, which does not exist."],
    ["broken YAML", "name: [", "Pulumi.yaml is not valid YAML: "],
    ["no keys", "- a", "must hold keys and values"],
  ])("is refused with %s", (_name, text, message) => {
    put("Pulumi.yaml", text);
    expect(() => loadProject(folder)).toThrow(message);
  });

  it("is asked for when there is none", () => {
    expect(() => loadProject(folder)).toThrow(`no Pulumi.yaml project file found in ${folder}`);
  });

  it.each(["../up", "a/b", "", ".hidden", "x".repeat(101)])("refuses %p as a stack name", (name) => {
    expect(() => checkStackName(name)).toThrow("is not a stack name");
  });
});

describe("the configuration a program gets", () => {
  it("is strings; objects and lists as JSON with sorted keys; secrets in plain, named", async () => {
    const stack = [
      "config:",
      "  tenant: t-1",
      "  processmind:parallel: 4",
      "  other:config:old: x",
      "  flag: true",
      "  big: 12345678901234567890",
      "  empty:",
      "  token:",
      "    secure: terces",
      "  shape:",
      "    z: [1, two, {secure: peed}]",
      "    a: 0.5",
    ].join("\n");
    expect(await configOf("", stack)).toEqual({
      values: {
        "shop:tenant": "t-1",
        "processmind:parallel": "4",
        "other:old": "x",
        "shop:flag": "true",
        "shop:big": "12345678901234567890",
        "shop:empty": "",
        "shop:token": "secret",
        "shop:shape": '{"a":0.5,"z":[1,"two","deep"]}',
      },
      secretKeys: ["shop:token", "shop:shape"],
    });
  });

  it("takes the project's values and defaults where the stack has none", async () => {
    const project = "config:\n  a: 1\n  b: {type: string, default: x}\n  c: {value: y}\n  d: {type: string}\n";
    const config = await configOf(project, "config:\n  shop:b: mine\n  d: given\n");
    expect(config.values).toEqual({ "shop:a": "1", "shop:b": "mine", "shop:c": "y", "shop:d": "given" });
    await expect(configOf(project, "config: {}")).rejects.toThrow(
      "Stack 'dev' is missing configuration value 'shop:d'",
    );
  });

  it("asks for the passphrase only when there is a secret", async () => {
    expect((await configOf("", "encryptionsalt: v1:x\nconfig:\n  a: b\n", noCrypter)).values).toEqual({
      "shop:a": "b",
    });
    await expect(configOf("", "config:\n  a: {secure: b}\n", noCrypter)).rejects.toThrow("asked for the passphrase");
  });

  it.each([
    ["environment: [x]", "Pulumi ESC"],
    ["secretsprovider: awskms://x", 'the secretsprovider "awskms://x" is not supported'],
    ["config: [a]", '"config" must hold keys'],
    ["config: {a:b:c:d: x}", "must be of the form"],
    ["- a", "must hold keys and values"],
    ["a: [", "Pulumi.dev.yaml is not valid YAML: "],
  ])("refuses %p", async (text, message) => {
    await expect(configOf("", text)).rejects.toThrow(message);
  });
});

describe("writing the stack file", () => {
  it("keeps comments, order and the way a key was written", async () => {
    put("Pulumi.dev.yaml", "# ours\nconfig:\n  # the tenant\n  tenant: t-1 # for now\n  processmind:x: y\n");
    const file = load();
    file.set("shop:tenant", "t-2");
    file.set("shop:new", { secure: "v1:a:b" });
    expect(file.remove("processmind:x")).toBe(true);
    expect(file.remove("processmind:x")).toBe(false);
    file.salt = "v1:salt";
    await file.save();
    expect(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")).toBe(
      "# ours\nconfig:\n  # the tenant\n  tenant: t-2 # for now\n  shop:new:\n    secure: v1:a:b\nencryptionsalt: v1:salt\n",
    );
    expect(load().salt).toBe("v1:salt");
  });

  it.each(["", "# only a comment\n", "encryptionsalt: v1:s\n"])("starts from %p", async (text) => {
    put("Pulumi.dev.yaml", text);
    const file = load();
    file.set("shop:a", "007");
    await file.save();
    expect(load().entries()).toEqual([["shop:a", "007"]]);
    expect(readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8")).toContain(text.trim());
  });

  it("knows a key by its short and its whole name", () => {
    expect([wholeKey("a", "shop"), wholeKey("b:a", "shop"), wholeKey("b:config:a", "shop")]).toEqual([
      "shop:a",
      "b:a",
      "b:a",
    ]);
    expect(() => wholeKey("b:", "shop")).toThrow('"b:" must be of the form');
  });
});
