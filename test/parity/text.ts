/** What is printed, without what differs from run to run: times, ids, folders, the order of independent rows. */
export function stableLines(text: string, folder: string): string[] {
  const lines = text
    .replaceAll(folder, "<folder>")
    // Of the stack that Pulumi's provider process prints with an error.
    .replace(/[^\s()]*\/node_modules\//g, "<modules>/")
    .replaceAll("pulumi-offline", "pulumi")
    // The CLI leaves the tags of its colours in the summary of a run with --diff that failed.
    .replace(/<\{%.*?%\}>/g, "")
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, "<uuid>")
    .replace(/\(\d+(\.\d+)?s\)/g, "(0s)")
    .replace(/^(Duration:) .*$/gm, "$1 0s")
    .split("\n")
    .map((line) => line.replace(/^@ [^.]*\.+/, "").trimEnd())
    // Our lock of a process that died is taken over, and so needs no `pulumi cancel`.
    .filter((line) => !/^\s+at |^warning: took over the lock/.test(line));
  return withoutTrailingBlanks(inSections(lines));
}

/** Heads of what is printed as a whole; what comes before is a row or a block for each resource. */
const SECTION = /^(Diagnostics|Outputs|Resources|Duration|Policies|Changes|Current stack outputs.*):/;
const HEADER = /^(Previewing|Updating|Refreshing|Destroying) .*:$/;

function inSections(lines: string[]): string[] {
  const result: string[] = [];
  let section: string[] = [];
  let title = "";
  const flush = () => {
    result.push(
      ...(title.startsWith("Diagnostics") ? sortedBlocks(section) : title === "" ? sortedRows(section) : section),
    );
    section = [];
  };
  for (const line of lines) {
    if (SECTION.test(line) || HEADER.test(line)) {
      flush();
      title = HEADER.test(line) ? "" : line;
      result.push(line);
    } else section.push(line);
  }
  flush();
  return result;
}

/**
 * Rows of the log in any order; in the details the block of a resource stays together, and so do its outputs. These come
 * when it is done, behind the block of whichever began last.
 */
function sortedRows(lines: string[]): string[] {
  const details = lines.some((line) => /\[urn=/.test(line));
  if (!details) return lines.filter((line) => line !== "").sort();
  const blocks: string[][] = [];
  for (const [index, line] of lines.entries()) {
    const begins = /^\s*[-+~<> ]{0,2}[A-Za-z][^ ]*:[^ ]*: \([a-z-]+\)$/.test(line);
    const next = /^ *(\[id=|\[urn=)/.test(lines[index + 1] ?? "");
    const areOutputs = /^ *--outputs:--$/.test(line);
    if ((begins && next) || areOutputs || blocks.length === 0) blocks.push([]);
    blocks.at(-1)?.push(line);
  }
  return blocks
    .map((block) => block.join("\n"))
    .sort()
    .flatMap((block) => block.split("\n"));
}

/** Diagnostics by resource; several messages of one resource come in the order in which things happened to go. */
function sortedBlocks(lines: string[]): string[] {
  const blocks = new Map<string, string[]>();
  let head = "";
  for (const line of lines) {
    if (/^ {2}\S/.test(line)) head = line;
    else if (line !== "") blocks.set(head, [...(blocks.get(head) ?? []), line]);
  }
  return [...blocks].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([title, body]) => [title, ...body.sort(), ""]);
}

function withoutTrailingBlanks(lines: string[]): string[] {
  const result = [...lines];
  while (result.at(-1) === "") result.pop();
  return result;
}
