import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const REPOSITORY = path.resolve(__dirname, "../..");
const EXAMPLES = path.join(REPOSITORY, "examples");
const COMPILER = path.join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
const names = fs.readdirSync(EXAMPLES).filter((name) => fs.existsSync(path.join(EXAMPLES, name, "Pulumi.yaml")));

/** The command line that sets a key of the stack's configuration. */
function setting(command: string, key: string): RegExp {
  return new RegExp(`(^|\\s)${command} config set (--cwd \\S+ )?${key} `);
}

it("compiles each example by its own settings", async () => {
  // One process reads what all of them import once.
  const args = [COMPILER, "--build", "--noEmit", ...names.map((name) => path.join(EXAMPLES, name))];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((error) => error);
  expect(stdout).toBe("");
});

describe.each(names)("examples/%s", (name) => {
  it("says how it is run, with Pulumi and without", () => {
    const text = fs.readFileSync(path.join(EXAMPLES, name, "README.md"), "utf8");
    expect(text).toMatch(/\bpulumi (up|preview|stack init)\b/);
    // From the root: npx in the example's own folder would ask the registry.
    expect(text).toContain(`npx pulumi-offline up --yes --cwd examples/${name}`);
  });

  it("says to set what the program requires before its first run, in each of the two ways", () => {
    const [readme = "", program = ""] = ["README.md", "index.ts"].map((file) =>
      fs.readFileSync(path.join(EXAMPLES, name, file), "utf8"),
    );
    const required = [...program.matchAll(/\brequire\w*\("(\w+)"\)/g)].map(([, key = ""]) => key);
    const blocks = [...readme.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = ""]) => block);
    const isRun = (block: string) => /\bpulumi(-offline)? (preview|up)\b/.test(block);
    for (const key of required) {
      const before = blocks.filter(isRun).map((block) => block.split(/\bpulumi(?:-offline)? (?:preview|up)\b/)[0]);
      expect(before).toEqual(
        ["pulumi", "pulumi-offline"].map((command) => expect.stringMatching(setting(command, key))),
      );
    }
  });

  it("depends on the packages of this repository", () => {
    const manifestOf = (folder: string) => JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const { dependencies, devDependencies } = manifestOf(path.join(EXAMPLES, name));
    const ours = manifestOf(REPOSITORY);
    expect(dependencies).toEqual({
      "@pulumi/pulumi": `^${ours.peerDependencies["@pulumi/pulumi"].match(/\d+\.\d+\.\d+/)?.[0]}`,
      "pulumi-processmind": `^${ours.version}`,
    });
    const { devDependencies: ofReview } = manifestOf(path.join(REPOSITORY, "review"));
    const development = { ...ours.devDependencies, ...ofReview, "processmind-review": `^${ours.version}` };
    for (const [dependency, range] of Object.entries(devDependencies)) {
      expect([dependency, range]).toEqual([dependency, development[dependency]]);
    }
  });
});

test("no two make a dataset of one name: all run on one emulator, whatever an earlier one left there", () => {
  const made = names.flatMap((name) => {
    const program = fs.readFileSync(path.join(EXAMPLES, name, "index.ts"), "utf8");
    return [...program.matchAll(/new Dataset\("\w+", \{\s*displayName: "([^"]+)"/g)].map(([, made]) => made);
  });
  expect(made.length).toBeGreaterThanOrEqual(names.length);
  expect(made).toEqual([...new Set(made)]);
});
