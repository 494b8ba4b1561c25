import { execFileSync } from "node:child_process";

/** What a review is of, for its reader. */
export interface Commit {
  /** A hash, or what was passed in its place. */
  id?: string;
  /** `2026-11-28 02:10 UTC`, or what was passed in its place. */
  date?: string;
}

/** Resolves a revision with git; undefined where there is no git, or no such revision in the current folder. */
export type FindCommit = (revision: string) => Commit | undefined;

export const commitInGit: FindCommit = (revision) => {
  const format = "--format=%H %cI";
  try {
    const text = execFileSync(
      "git",
      ["log", "--max-count=1", "--no-show-signature", format, "--end-of-options", revision],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      },
    );
    const [id = revision, date = ""] = text.trim().split(" ");
    return { id, date: inUtc(date) };
  } catch {
    return undefined;
  }
};

/** @param find - asked for the hash and for the date that is not passed. */
export function commitOf(revision: string | undefined, date: string | undefined, find: FindCommit): Commit | undefined {
  if (revision === undefined) return date === undefined ? undefined : { date };
  const commit = find(revision) ?? { id: revision };
  return date === undefined ? commit : { ...commit, date };
}

function inUtc(date: string): string {
  return `${new Date(date).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
