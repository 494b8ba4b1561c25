import type { Behaviour } from "../../emulator/domain/behaviour";
import type { Fault } from "../../emulator/wire/faults";

/**
 * What one seed does: plain data, so that it can be printed, repeated and cut down. Every round holds the whole
 * program and all its files, so that any round, fault or resource can be left out and the rest still makes sense.
 */
export interface Scenario {
  seed: number;
  /** How the service is, from the first round to the last: what its reference leaves open. */
  style: Partial<Behaviour>;
  /** In this process, or a process of its own with a data folder, which can be killed. */
  emulator: "inside" | "process";
  /** The API key in the stack's configuration as a secret, so also in the state; else in the environment. */
  keyInConfig: boolean;
  rounds: Round[];
}

export interface Round {
  verb: "up" | "refresh" | "destroy";
  /** `up --refresh`, `destroy --refresh`. */
  refresh: boolean;
  program: Declaration[];
  files: SourceFile[];
  faults: Fault[];
  /** What the service does during this round beside its style. */
  behaviour: Partial<Behaviour>;
  kill?: Kill;
  /** This file gets other bytes when that request arrives, or as its own upload address is asked for. */
  fileChange?: { path: string; at: number | "address" };
  /** The round runs with a key the service does not know. */
  wrongKey: boolean;
  /** `processmind:timeoutSeconds`; short where a server stays silent. */
  timeoutSeconds: number;
  /** A look at the preview before an `up` that renames: a change that is refused then stops all the others too. */
  previewsRenames: boolean;
  /** No file of the run grows larger than the state before it and so many bytes: a full disk, for a process of its own. */
  diskBytes?: number;
  /**
   * The engine ends as the first upload address is asked for, or the first file arrives; by SIGKILL, and the next round
   * does not wait for what it leaves behind, or by Ctrl-C.
   */
  end?: { signal: "SIGKILL" | "SIGINT"; at: "address" | "file" };
  /** An earlier round has sent and recorded all files. */
  sendsNothing?: boolean;
  /** Through a `pulumi-offline` process with a real program; else the engine runs here and registers by itself. */
  asCommand: boolean;
}

/** SIGKILL as the n-th request of the round arrives: before it is handled, or after, before it is answered. */
export interface Kill {
  target: "provider" | "engine" | "emulator";
  atRequest: number;
  afterMs: number;
}

/** One resource of a program. */
export interface Declaration {
  kind: "folder" | "dataset" | "table" | "upload";
  /** Pulumi's name. */
  name: string;
  /** Empty for uploads. */
  displayName: string;
  /** The name of what holds it. */
  parent?: string;
  /** The id of an earlier holder, written out: what may not move stays there until its rows are given up. */
  oldHolderId?: string;
  forceDestroy?: boolean;
  existingId?: string;
  allowSameName?: boolean;
  /** Uploads only. */
  source?: string;
  /** Uploads only. */
  waitForRowsSeconds?: number;
  /** Uploads only. */
  whenTableHasRows?: "error" | "send" | "skip";
}

/** A file the program uploads: its bytes follow from the version and the number of rows. */
export interface SourceFile {
  path: string;
  version: number;
  rows: number;
}

/** The bytes of a file; the same for the same version and rows, whatever the path. */
export function contentOf({ version, rows }: Pick<SourceFile, "version" | "rows">): string {
  const lines = Array.from({ length: rows }, (_, row) => `case-${row},step ${version},2024-01-${10 + (row % 20)}`);
  return ["case,activity,timestamp", ...lines, ""].join("\n");
}
