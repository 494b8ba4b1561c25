import path from "node:path";
import type { Snapshot } from "../../engine/model";
import type { Declaration } from "./scenario";

/** What a user does when the weather is fair again. */

/**
 * The program its author wants, without what is refused by design: a changed name goes back to the one that is
 * there and, once a deletion was refused, what may not be deleted is declared again.
 */
export function healedProgram(
  program: Declaration[],
  history: ReadonlyMap<string, Declaration>,
  snapshot: Snapshot,
  isRefused: boolean,
): Declaration[] {
  const entries = snapshot.resources.filter((entry) => !entry.delete && entry.type.includes("dynamic/processmind"));
  const nameOf = (urn: string) => urn.slice(urn.lastIndexOf("::") + 2);
  const kept = entries
    .filter(({ type, outputs }) => isRefused && !type.endsWith("Upload") && outputs?.["forceDestroy"] !== true)
    .map(({ urn }) => nameOf(urn));
  const names = new Set([...program.map(({ name }) => name), ...kept]);
  for (const name of names) {
    const holder = history.get(name)?.parent;
    if (holder !== undefined) names.add(holder);
  }
  const displayNames = new Map(entries.map(({ urn, outputs }) => [nameOf(urn), outputs?.["displayName"]]));
  const declared = new Map(program.map((each) => [each.name, each]));
  // In the order of their making, so that holders come first.
  return [...history.values()]
    .filter(({ name }) => names.has(name))
    .map((old) => declared.get(old.name) ?? old)
    .map((each) => {
      const there = displayNames.get(each.name);
      return typeof there === "string" ? { ...each, displayName: there } : each;
    });
}

/**
 * Leaves in its old place what may not move, its holder having been replaced without it, and gives up its rows. Pulumi
 * prints the property that a check rejects, and the state has its old value.
 */
export function keepPlace(program: Declaration[], text: string, snapshot: Snapshot): Declaration[] {
  const rejected = text.matchAll(/resource '([^']+)': property (datasetId|treeParentId) /g);
  const properties = new Map([...rejected].map(([, name = "", property = ""]) => [name, property]));
  return program.map((each) => {
    const property = properties.get(each.name);
    const entry = snapshot.resources.find(({ urn, delete: isOld }) => !isOld && urn.endsWith(`::${each.name}`));
    const oldHolderId = property === undefined ? undefined : entry?.outputs?.[property];
    return typeof oldHolderId === "string" ? { ...each, oldHolderId, forceDestroy: true } : each;
  });
}

/** The change it was all about, once the state says that the rows may go. */
export function moved(program: Declaration[]): Declaration[] {
  return program.map(({ oldHolderId, ...each }) => each);
}

/**
 * Adopts by `existingId` what ALREADY_EXISTS names: an earlier run was cut short before it could record it. Where it
 * names what is about to be replaced, since the list does not tell folders, `allowSameName` makes the new one.
 */
export function adopt(program: Declaration[], text: string, snapshot: Snapshot): Declaration[] {
  const found = text.split("\n").filter((line) => line.includes("(ALREADY_EXISTS"));
  // A name may hold quotes.
  const quoted = found.map((line) => /creating \w+ "(.*?)": .*"([^"]+)"/.exec(line) ?? []);
  const ids = new Map(quoted.map(([, displayName = "", id = ""]) => [displayName, id]));
  return program.map((each) => {
    const id = each.existingId === undefined ? ids.get(each.displayName) : undefined;
    if (id === undefined) return each;
    const isOwn = snapshot.resources.some((entry) => entry.id === id && entry.urn.endsWith(`::${each.name}`));
    return isOwn ? { ...each, allowSameName: true } : { ...each, existingId: id };
  });
}

/** Records the file of an upload whose table has rows already, which sends nothing. */
export function keepRows(program: Declaration[], text: string): Declaration[] {
  const found = text.split("\n").filter((line) => line.includes("(TABLE_HAS_ROWS"));
  const files = new Set(found.flatMap((line) => [...line.matchAll(/"([^"]+)"/g)].map(([, value = ""]) => value)));
  return program.map((each) =>
    each.source !== undefined && files.has(path.basename(each.source)) ? { ...each, whenTableHasRows: "skip" } : each,
  );
}
