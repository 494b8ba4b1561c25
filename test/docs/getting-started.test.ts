import { openTenantStack, type TenantStack } from "../support/tenant-stack";
import { read } from "./markdown";

const guide = read("docs/guides/getting-started.md");

/** The project of the guide: each block of code that its file's name stands above. */
function project(): { [file: string]: string } {
  const blocks = [...guide.matchAll(/^`([\w/-]*\.\w+)`[^\n]*:\n\n```\w*\n(.*?)^```/gms)];
  return Object.fromEntries(blocks.map(([, name = "", text = ""]) => [name, text]));
}

/** The same project as the guide's section on ECMAScript modules changes it. */
function asModule(files: { [file: string]: string }): { [file: string]: string } {
  const manifest = { ...JSON.parse(files["package.json"] ?? ""), type: "module" };
  const tsconfig = JSON.parse(files["tsconfig.json"] ?? "");
  Object.assign(tsconfig.compilerOptions, { module: "nodenext", moduleResolution: "nodenext" });
  return { ...files, "package.json": JSON.stringify(manifest), "tsconfig.json": JSON.stringify(tsconfig) };
}

test("the guide has every file of a project", () => {
  const names = ["package.json", "Pulumi.yaml", "tsconfig.json", "index.ts", ".gitignore", "data/orders.csv"];
  expect(Object.keys(project()).sort()).toEqual(names.sort());
});

test("its packages are those of this repository", () => {
  const { dependencies, devDependencies } = JSON.parse(project()["package.json"] ?? "");
  const ours = JSON.parse(read("package.json")).devDependencies;
  for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
    expect([name, range]).toEqual([name, ours[name]]);
  }
});

/** A stack of the project, whose program is type-checked as a user's is. */
async function open(files: { [file: string]: string }): Promise<TenantStack> {
  const pulumi = (files["Pulumi.yaml"] ?? "").replace("name: shop-data", "name: demo");
  const stack = await openTenantStack({ files: { ...files, "Pulumi.yaml": pulumi }, newProcesses: true });
  delete stack.env["PULUMI_NODEJS_TRANSPILE_ONLY"];
  return stack;
}

test("its program loads its file", async () => {
  const stack = await open(project());
  try {
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    expect(await stack.outputs()).toEqual({ rows: 3 });
  } finally {
    await stack.close();
  }
});

test("its program runs as an ES module", async () => {
  const stack = await open(asModule(project()));
  try {
    expect(await stack.preview()).toMatchObject({ ok: true, changeSummary: { create: 4 } });
  } finally {
    await stack.close();
  }
});
