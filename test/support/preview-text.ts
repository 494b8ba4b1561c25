/** What is compared of the text of a preview: all but what differs from run to run and from engine to engine. */

/** What `--diff` prints of each resource that is updated, by its name. Resources have no order among themselves. */
export function updatesIn(text: string): { [name: string]: string[] } {
  const starts = /\n(?= +[~+-] pulumi-nodejs:| +--outputs:--|Outputs:|Resources:)/;
  const blocks = text.split(starts).filter((block) => block.includes("(update)"));
  return Object.fromEntries(blocks.map((block) => [/::([^:\]]+)\]/.exec(block)?.[1], linesOf(withoutIds(block))]));
}

/** What the row of each updated resource says of its change, by its name: `diff: ~change,rows`. */
export function rowsIn(text: string): { [name: string]: string } {
  const rows = [...text.matchAll(/pulumi-nodejs:\S+ +(\S+) +update +\[(diff: [^\]]*)\]/g)];
  return Object.fromEntries(rows.map(([, name, changed]) => [name, changed]));
}

/** Not every engine prints that a hidden property changed, and how often an engine says that it is at work is chance. */
function linesOf(block: string): string[] {
  return block.split("\n").filter((line) => line.trim() !== "" && !line.endsWith("(hidden)") && !line.startsWith("@ "));
}

function withoutIds(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>");
}

/** The CLI cuts longer texts. */
export function cut(line: string): string {
  return line.replaceAll(/"([^"]{150})[^"]*"/g, '"$1..."');
}
