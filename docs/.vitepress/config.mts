import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type MarkdownRenderer } from "vitepress";
import { slugOf } from "./slug";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** The pages are the files of the repository where they are, so that relative links work on its host and on the site. */
export default defineConfig({
  title: "pulumi-processmind",
  description: "Manage ProcessMind datasets, datatables and event-log uploads with Pulumi",
  srcDir: "..",
  // docs/_index.md and its neighbour are written for Pulumi's registry; the former has shortcodes of its own.
  srcExclude: ["**/dist/**", "docs/_index.md", "test/**"],
  rewrites: (page) => page.replace(/(^|\/)README\.md$/, "$1index.md"),
  // Of the page for Pulumi's registry, which has a layout of that name.
  transformPageData: ({ frontmatter }) => {
    if (frontmatter["layout"] === "package") frontmatter["layout"] = "doc";
  },
  markdown: { anchor: { slugify: slugOf }, config: rewriteLinks },
  themeConfig: {
    search: { provider: "local" },
    outline: "deep",
    nav: [
      { text: "Getting started", link: "/docs/guides/getting-started" },
      { text: "Reference", link: "/docs/reference/" },
      { text: "Errors", link: "/docs/errors" },
      { text: "Changelog", link: "/CHANGELOG" },
    ],
    sidebar: [
      {
        text: "Guides",
        items: [
          { text: "Getting started", link: "/docs/guides/getting-started" },
          { text: "Configuration", link: "/docs/configuration" },
          { text: "Generating a program", link: "/docs/guides/generate" },
          { text: "Adopting what exists", link: "/docs/guides/adopting" },
          { text: "Looking up what exists", link: "/docs/guides/looking-up" },
          { text: "Uploads and rows", link: "/docs/guides/uploads" },
          { text: "Guard rails", link: "/docs/guides/guard-rails" },
          { text: "Many tables", link: "/docs/guides/many-tables" },
          { text: "Pull-request previews", link: "/docs/guides/pull-requests" },
          { text: "Deleting and leaving", link: "/docs/guides/leaving" },
          { text: "Testing", link: "/docs/guides/testing" },
          { text: "Cookbook", link: "/docs/guides/cookbook" },
        ],
      },
      {
        text: "Help",
        items: [
          { text: "Errors", link: "/docs/errors" },
          { text: "Troubleshooting", link: "/docs/troubleshooting" },
          { text: "Files and time formats", link: "/docs/files" },
          { text: "Guarantees", link: "/docs/guarantees" },
          { text: "Limits", link: "/docs/limits" },
          { text: "Assumptions about the API", link: "/docs/api-assumptions" },
        ],
      },
      {
        text: "Reference",
        link: "/docs/reference/",
        items: ["classes", "functions", "interfaces", "types"].map(referenceOf),
      },
      {
        text: "Tools",
        items: [
          { text: "processmind-emulator", link: "/emulator/" },
          { text: "pulumi-offline", link: "/engine/" },
          { text: "processmind-review", link: "/review/" },
          { text: "The plugin", link: "/docs/installation-configuration" },
        ],
      },
      {
        text: "For maintainers",
        collapsed: true,
        items: [
          { text: "Contributing", link: "/CONTRIBUTING" },
          { text: "Long tests", link: "/docs/maintainers/testing" },
          { text: "Reliability", link: "/docs/maintainers/reliability" },
          { text: "Benchmarks", link: "/docs/maintainers/benchmarks" },
          { text: "Decisions", link: "/docs/maintainers/decisions/" },
          { text: "Security", link: "/SECURITY" },
        ],
      },
    ],
  },
});

/** VitePress rewrites the pages alone. */
function rewriteLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("readme-is-index", ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const target = token.attrGet("href");
      if (target !== null && !/^https?:/.test(target)) {
        token.attrSet("href", target.replace(/(^|\/)README\.md(?=#|$)/, "$1index.md"));
      }
    }
  });
}

function referenceOf(kind: string) {
  const pages = readdirSync(`${REPOSITORY}/docs/reference/${kind}`).map((file) => file.replace(/\.md$/, ""));
  const items = pages.sort().map((name) => ({ text: name, link: `/docs/reference/${kind}/${name}` }));
  return { text: `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, collapsed: true, items };
}
