import fs from "node:fs/promises";
import path from "node:path";
import { secretsUnder } from "../support/secret-scan";
import { broughtBy, lockEntries } from "./lock";
import { NAMES, PACKAGES, type PackageName, type Packed, PackedProject, REPOSITORY } from "./packed";

/** What each package is as npm would publish it. `run.test.ts` runs them; `npm run matrix` installs them in other ways. */

/** Beside `dist`. */
const DOCUMENTS: { [name in PackageName]: string[] } = {
  "pulumi-processmind": [
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "SECURITY.md",
    "package.json",
    "provider/generate/pulumi-processmind.js",
  ],
  "processmind-emulator": ["LICENSE", "README.md", "package.json", "processmind-emulator.js"],
  "pulumi-offline": ["LICENSE", "README.md", "package.json", "pulumi-offline.js"],
  "processmind-review": ["LICENSE", "README.md", "package.json", "processmind-review.js"],
};
/** The folders of the repository that a package's `dist` has files of: its own, and others that it imports. */
const SOURCES: { [name in PackageName]: string[] } = {
  "pulumi-processmind": ["provider"],
  "processmind-emulator": ["emulator", "engine"],
  "pulumi-offline": ["engine"],
  "processmind-review": ["engine", "provider", "review"],
};
/** More than this is something that got in by mistake. */
const LARGEST_BYTES = 600_000;
/** What installing the provider brings, beside what `@pulumi/pulumi` brings by itself; axios alone brings 25. */
const MOST_PACKAGES = 27;
/** What npm runs on the machine of whoever installs a package, or has it from git. */
const RUN_BY_INSTALL = /^(pre|post)?(install|prepare|prepublish)$|^(pre|post)?pack$|^dependencies$/;
/** Shapes of what opens a door. */
const KEY_SHAPES = /PRIVATE KEY-|_authToken|\bnpm_\w{36}|\bgh[opsu]_\w{36}|\b(AKIA|ASIA)[A-Z0-9]{16}\b/;

let project: PackedProject;
beforeAll(async () => {
  project = await PackedProject.make(NAMES);
});
afterAll(() => project.remove());

describe.each(NAMES)("the package %s", (name) => {
  let packed: Packed;
  beforeAll(() => {
    packed = project.of(name);
  });
  const read = (file: string) => fs.readFile(project.file(name, file), "latin1");

  it("holds its own files and the few it imports, and is small", () => {
    const compiled = packed.files.filter((file) => /^dist\/\w+\/.+\.(js|d\.ts)$/.test(file));
    expect(packed.files.filter((file) => !compiled.includes(file)).sort()).toEqual(DOCUMENTS[name]);
    expect([...new Set(compiled.map((file) => file.split("/")[1]))].sort()).toEqual(SOURCES[name]);
    expect(packed.files.filter((file) => /\b(test|bench|scripts|plugin)\b/.test(file))).toEqual([]);
    expect(packed.unpackedBytes).toBeLessThan(LARGEST_BYTES);
  });

  it("holds no secret, and no path of the machine it was made on", async () => {
    // The emulator signs addresses, so it names what they are made of.
    const presign = path.join("dist", "emulator", "wire", "presign.js");
    expect((await secretsUnder(project.file(name))).sort()).toEqual(
      name === "processmind-emulator" ? [`${presign}: a credential`, `${presign}: a signature`] : [],
    );
    const texts = packed.files.map(async (file) => [file, await read(file)] as const);
    const found = (await Promise.all(texts)).filter(([, text]) => KEY_SHAPES.test(text) || text.includes(REPOSITORY));
    expect(found.map(([file]) => file)).toEqual([]);
  });

  it("has all types that its types refer to", async () => {
    const declarations = packed.files.filter((file) => file.endsWith(".d.ts"));
    const missing = declarations.map(async (file) =>
      [...(await read(file)).matchAll(/(?:\bfrom |\bimport\()"(\.[^"]+)"/g)]
        .map(([, to = ""]) => path.posix.join(path.posix.dirname(file), to))
        .filter((to) => !declarations.includes(`${to}.d.ts`) && !declarations.includes(`${to}/index.d.ts`)),
    );
    expect((await Promise.all(missing)).flat()).toEqual([]);
  });

  it("declares the packages that it loads, and no others", async () => {
    const modules = await Promise.all(packed.files.filter((file) => file.endsWith(".js")).map(read));
    const loaded = modules.flatMap((text) =>
      [...text.matchAll(/\b(?:require|import)\(["']([^."'][^"']*)["']\)/g)].map(([, specifier = ""]) => specifier),
    );
    const outside = loaded.filter((specifier) => !specifier.startsWith("node:"));
    const names = outside.map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    const { dependencies, peerDependencies = {} } = packed.manifest;
    const declared = Object.keys({ ...dependencies, ...peerDependencies });
    expect([...new Set(names)].filter((each) => ![name, ...declared].includes(each))).toEqual([]);
    expect(Object.keys(dependencies).filter((each) => !names.includes(each))).toEqual([]);
  });

  it("runs nothing when it is installed, nor does what it brings along", () => {
    expect(Object.keys(packed.manifest.scripts).filter((script) => RUN_BY_INSTALL.test(script))).toEqual([]);
    const entries = lockEntries();
    const folder = PACKAGES[name] === "." ? "" : PACKAGES[name];
    const brought = [...broughtBy(Object.keys(packed.manifest.dependencies), folder)];
    expect(brought.filter((place) => entries[place]?.hasInstallScript)).toEqual([]);
    expect(brought.filter((place) => entries[place]?.dev || entries[place]?.devOptional)).toEqual([]);
  });

  it("has the repository's version, licence and engines, and is published openly with a record of where it was built", async () => {
    const root = JSON.parse(await fs.readFile(path.join(REPOSITORY, "package.json"), "utf8"));
    const { version, license, engines, publishConfig, scripts } = packed.manifest;
    expect({ version, license, engines }).toEqual({
      version: root.version,
      license: "Apache-2.0",
      engines: root.engines,
    });
    expect(await read("LICENSE")).toBe(await fs.readFile(path.join(REPOSITORY, "LICENSE"), "latin1"));
    expect(publishConfig).toEqual({ access: "public", provenance: true });
    // Never what was built of earlier sources.
    expect(scripts["prepublishOnly"]).toMatch(/^node (\.\.\/)?scripts\/prepare\.js$/);
  });
});

test("installing the provider brings few packages beside those of @pulumi/pulumi", () => {
  const ofPulumi = broughtBy(["@pulumi/pulumi"]);
  const { dependencies } = project.of("pulumi-processmind").manifest;
  const brought = [...broughtBy(Object.keys(dependencies))].filter((place) => !ofPulumi.has(place));
  expect(brought).toContain("node_modules/yauzl");
  expect(brought.length).toBeLessThanOrEqual(MOST_PACKAGES);
});

test("the lock file has the hash of every package", () => {
  const others = Object.entries(lockEntries()).filter(([place, { link }]) => place.includes("node_modules/") && !link);
  expect(others.length).toBeGreaterThan(100);
  // npm leaves the hash out of a lock file it writes from what is installed: see CONTRIBUTING.
  expect(others.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([place]) => place)).toEqual([]);
});
