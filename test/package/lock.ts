import fs from "node:fs";
import path from "node:path";
import { REPOSITORY } from "./packed";

export interface LockEntry {
  dev?: true;
  devOptional?: true;
  link?: true;
  hasInstallScript?: true;
  integrity?: string;
  dependencies?: { [name: string]: string };
  optionalDependencies?: { [name: string]: string };
}

/** The entries of the lock file, by their place. */
export function lockEntries(): { [place: string]: LockEntry } {
  return JSON.parse(fs.readFileSync(path.join(REPOSITORY, "package-lock.json"), "utf8")).packages;
}

/** Places of all that is installed for the packages `names`, which are found from the folder of the one that asks. */
export function broughtBy(
  names: string[],
  folder = "",
  entries = lockEntries(),
  found = new Set<string>(),
): Set<string> {
  for (const name of names) {
    const place = placeOf(name, folder, entries);
    if (place === undefined)
      throw new Error(`${name}, which ${folder || "the repository"} needs, is not in the lock file`);
    if (found.has(place)) continue;
    found.add(place);
    const { dependencies = {}, optionalDependencies = {} } = entries[place] ?? {};
    broughtBy(Object.keys({ ...dependencies, ...optionalDependencies }), place, entries, found);
  }
  return found;
}

/** As Node looks: in the folder, then in those above it. */
function placeOf(name: string, folder: string, entries: { [place: string]: LockEntry }): string | undefined {
  const place = path.posix.join(folder, "node_modules", name);
  if (entries[place] !== undefined) return place;
  if (folder === "") return undefined;
  const above = folder.lastIndexOf("/node_modules/");
  return placeOf(name, above === -1 ? "" : folder.slice(0, above), entries);
}
