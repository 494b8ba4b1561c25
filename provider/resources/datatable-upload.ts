import * as pulumi from "@pulumi/pulumi";
import { notOneFile } from "../messages/program";
import { printedAlone, tenantIn } from "../program";
import { ShellResource } from "../shell";
import { countIn } from "./upload-summary";

/** What a {@link DatatableUpload} is declared with. */
export interface DatatableUploadArgs {
  /** The id of the datatable to load: pass `datatable.id`. Changing this replaces the upload: the file is sent there. */
  datatableId: pulumi.Input<string>;
  /** The id of the dataset that holds the table: pass `dataset.id`. Changing this replaces the upload. */
  datasetId: pulumi.Input<string>;
  /**
   * The path of the file, from the program's folder, or a `FileAsset` of it. csv, tsv, txt, xls, xlsx, xlsb or xes; not empty, at most 5 GiB
   * (the limit of one upload to S3). A path that cannot be used fails the preview.
   *
   * New content uploads again; another folder or modification time alone does not; another base name does, unless
   * `fileName` is set.
   */
  source: pulumi.Input<string | pulumi.asset.FileAsset>;
  /**
   * The file name sent, whose extension tells ProcessMind the format. Changing this uploads again.
   *
   * @defaultValue the base name of `source`
   */
  fileName?: pulumi.Input<string>;
  /** Any values; a change uploads the same file again. */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
  /**
   * Content-Type of the upload. Changing this uploads again.
   *
   * @defaultValue none is sent, as ProcessMind's own clients do: the address is not signed for one
   */
  contentType?: pulumi.Input<string>;
  /**
   * How long the upload address stays valid, in whole seconds from 1 to 604,800. Changing this does nothing by
   * itself.
   *
   * @defaultValue ProcessMind's 3,600, or more where the file is so large that the upload may take longer
   */
  validForSeconds?: pulumi.Input<number>;
  /**
   * How long to wait, in seconds, after the file is stored until the datatable shows another row count or other columns
   * than before; from 0, which does not wait, to 3,600. Then `loadedRowCount` is set; else a warning says "stored, not
   * confirmed". It is not waited for what cannot show: an update of a table that does not tell its rows. A file with as
   * many rows as the table has is waited for a second at most. The upload never fails by this, but is recorded only
   * after it: a run that is killed while it waits sends the file again next time. Ctrl-C ends the wait, and records the
   * upload. Changing this does nothing by itself.
   *
   * @defaultValue 30
   */
  waitForRowsSeconds?: pulumi.Input<number>;
  /**
   * Names of the columns that make the file an event log: then the preview also tells cases, activities and the first
   * and last event. A column the file does not have fails the preview. Changing this sends nothing.
   */
  eventLog?: pulumi.Input<EventLogColumns>;
  /**
   * Guard rail: names of columns that must be there, or the preview fails. Judged at every run. Changing a guard rail
   * sends nothing.
   */
  requireColumns?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Guard rail: what a column does that the last upload had and the new file has not: `show` it, or `error`, which fails
   * the preview.
   *
   * @defaultValue `"show"`
   */
  onColumnsRemoved?: pulumi.Input<"show" | "error">;
  /**
   * Guard rail: the part of the last upload's rows, in percent, that may be gone from the new file; from 0 to 100. More
   * fails the preview.
   *
   * @defaultValue no limit
   */
  maxRowDropPercent?: pulumi.Input<number>;
  /**
   * Guard rail: the new file must be the last one with something appended, all earlier bytes unchanged, or the preview
   * fails.
   *
   * @defaultValue `false`
   */
  appendOnly?: pulumi.Input<boolean>;
  /**
   * The one file that may pass the guard rails: the first 8 to 64 digits of its SHA-256, which the failure names. Any
   * other file is judged as before, so it need not be taken away afterwards.
   */
  acceptSha256?: pulumi.Input<string>;
  /**
   * What to do in a run that does not have the file, such as a pull request's preview: `fail`; or `keepLast`, which keeps
   * what the last run recorded of it, sends nothing and warns. Without an earlier upload a missing file always fails, and so
   * does a change of `fileName`, `contentType`, `triggers` or the target: it would have to send the file. Another name of
   * the missing file is warned of. An `eventLog` is judged by the columns of the last file.
   *
   * @defaultValue `"fail"`
   */
  whenMissing?: pulumi.Input<"fail" | "keepLast">;
  /**
   * What a first upload does in a table that has rows before this run: `error` sends nothing and fails the `up`; `skip`
   * sends nothing and records the file as the one the table holds, which later files are compared with; `send` uploads,
   * and ProcessMind replaces the rows or adds to them. A first upload is the create of this resource, so a replacement,
   * `--replace` and `pulumi state taint` make one too. A table that does not report its rows gets the file, with a
   * warning. Changing this does nothing by itself; to send a file again, change `triggers`.
   *
   * @defaultValue `"error"`
   */
  whenTableHasRows?: pulumi.Input<"error" | "send" | "skip">;
  /**
   * The ProcessMind tenant. Changing this replaces the upload.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: pulumi.Input<string>;
  /**
   * Time limit of the upload, in seconds; a request to the API before or after it has at most 120 of them. Changing this
   * does nothing by itself.
   *
   * @defaultValue by size (500 kB a second), at least 600
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/** Names of the columns that make a table an event log; any headings. */
export interface EventLogColumns {
  caseId: pulumi.Input<string>;
  activity: pulumi.Input<string>;
  timestamp: pulumi.Input<string>;
}

/** Kept for the next comparison. Pulumi's CLI would print them as the change of an upload. */
const HIDDEN = ["__columns", "__profileVersion", "__rowSketch"];

/** Pulumi makes an Output of every property it is told of, given or not. */
const UPLOAD_PROPERTIES = {
  datatableId: undefined,
  datasetId: undefined,
  source: undefined,
  fileName: undefined,
  triggers: undefined,
  contentType: undefined,
  validForSeconds: undefined,
  waitForRowsSeconds: undefined,
  tenantId: undefined,
  timeoutSeconds: undefined,
  eventLog: undefined,
  requireColumns: undefined,
  onColumnsRemoved: undefined,
  maxRowDropPercent: undefined,
  appendOnly: undefined,
  acceptSha256: undefined,
  whenMissing: undefined,
  whenTableHasRows: undefined,
  contentSha256: undefined,
  sizeBytes: undefined,
  change: undefined,
  rows: undefined,
  columns: undefined,
  columnsAdded: undefined,
  columnsRemoved: undefined,
  delimiter: undefined,
  encoding: undefined,
  lineEnding: undefined,
  cases: undefined,
  activities: undefined,
  firstEvent: undefined,
  lastEvent: undefined,
  casesAdded: undefined,
  casesRemoved: undefined,
  casesChanged: undefined,
  uploadedAt: undefined,
  loadedRowCount: undefined,
} satisfies Record<Exclude<keyof DatatableUpload, keyof pulumi.CustomResource>, undefined>;

/**
 * A file, loaded into a {@link Datatable}: sent again, through a new presigned URL, when its content changed.
 *
 * | Pulumi  | ProcessMind's API |
 * |---------|-------------------|
 * | preview | none, unless it refreshes: the file is read, old and new are shown (rows, columns, how it changed), and the guard rails judged |
 * | create  | GET the datatable: with rows, `whenTableHasRows` decides; then as update |
 * | update  | GET the datatable; GET a presigned URL, PUT the file to storage, again with a fresh URL when that failed in a way that may pass; GET the datatable until it shows other rows |
 * | refresh | GET the datatable; a 404 that the list confirms means gone; another row count is recorded with a warning, and nothing is sent |
 * | delete  | none: the rows stay, and a warning says so |
 *
 * What is recorded is the hash of the bytes that were sent. If the file changes between preview and upload, nothing is
 * stored and the old hash stays (`SOURCE_CHANGED`). Whether a second upload replaces the rows or appends to them is
 * ProcessMind's setting, which its API does not tell; so a file is never sent again without a change.
 *
 * @example
 * ```ts
 * new DatatableUpload("orders", { datatableId: orders.id, datasetId: sales.id, source: "data/orders.csv" });
 * ```
 */
export class DatatableUpload extends ShellResource {
  declare public readonly datatableId: pulumi.Output<string>;
  declare public readonly datasetId: pulumi.Output<string>;
  /** The path from the program's folder, with forward slashes. */
  declare public readonly source: pulumi.Output<string>;
  declare public readonly fileName: pulumi.Output<string>;
  declare public readonly triggers: pulumi.Output<unknown[] | undefined>;
  declare public readonly contentType: pulumi.Output<string | undefined>;
  declare public readonly validForSeconds: pulumi.Output<number | undefined>;
  declare public readonly waitForRowsSeconds: pulumi.Output<number | undefined>;
  declare public readonly tenantId: pulumi.Output<string>;
  declare public readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /** SHA-256 of the bytes sent, or recorded by `whenTableHasRows: "skip"`, in hex: what `sha256sum` prints for the file. */
  declare public readonly contentSha256: pulumi.Output<string>;
  declare public readonly sizeBytes: pulumi.Output<number>;
  declare public readonly eventLog: pulumi.Output<pulumi.Unwrap<EventLogColumns> | undefined>;
  declare public readonly requireColumns: pulumi.Output<string[] | undefined>;
  declare public readonly onColumnsRemoved: pulumi.Output<"show" | "error" | undefined>;
  declare public readonly maxRowDropPercent: pulumi.Output<number | undefined>;
  declare public readonly appendOnly: pulumi.Output<boolean | undefined>;
  declare public readonly acceptSha256: pulumi.Output<string | undefined>;
  declare public readonly whenMissing: pulumi.Output<"fail" | "keepLast" | undefined>;
  declare public readonly whenTableHasRows: pulumi.Output<"error" | "send" | "skip" | undefined>;
  /**
   * What the last change of content did to the data, in a sentence: `appended 320 rows, all earlier bytes unchanged`,
   * `rewritten: 1 of 900 rows differs`. `≈` marks an estimate.
   */
  declare public readonly change: pulumi.Output<string>;
  /** Rows of the file below its header, events of an XES log; undefined for formats that are not read (xls, xlsb). */
  declare public readonly rows: pulumi.Output<number | undefined>;
  /** Count and first names of the file's columns: `3: case_id, activity, timestamp`. */
  declare public readonly columns: pulumi.Output<string | undefined>;
  /** Columns the file has and the one before it had not, as `columns` is written; undefined for none. */
  declare public readonly columnsAdded: pulumi.Output<string | undefined>;
  /** Columns the file before it had and this one has not. */
  declare public readonly columnsRemoved: pulumi.Output<string | undefined>;
  /** `comma`, `semicolon`, `tab` or `pipe`; undefined with one column, and for formats that are no text. */
  declare public readonly delimiter: pulumi.Output<string | undefined>;
  /** `UTF-8` or `UTF-8 with BOM`. */
  declare public readonly encoding: pulumi.Output<string | undefined>;
  /** `LF`, `CRLF`, `mixed`, or `none` in a file of one line. */
  declare public readonly lineEnding: pulumi.Output<string | undefined>;
  /** Cases of the event log; a text with `≈` where there are so many that they are estimated. */
  declare public readonly cases: pulumi.Output<number | string | undefined>;
  /** Different activities of the event log; a text with `≈` where there are so many that they are estimated. */
  declare public readonly activities: pulumi.Output<number | string | undefined>;
  /** Time of the first event, ISO UTC. */
  declare public readonly firstEvent: pulumi.Output<string | undefined>;
  /** Time of the last event, ISO UTC. */
  declare public readonly lastEvent: pulumi.Output<string | undefined>;
  /** Cases that the file before it did not have; with `eventLog`, undefined for none. A text with `≈` is an estimate. */
  declare public readonly casesAdded: pulumi.Output<number | string | undefined>;
  /** Cases of the file before it that it does not have, as `casesAdded`. */
  declare public readonly casesRemoved: pulumi.Output<number | string | undefined>;
  /** Cases that both files have with other rows, as `casesAdded`. */
  declare public readonly casesChanged: pulumi.Output<number | string | undefined>;
  /**
   * When storage had all bytes, ISO UTC. "Stored" is not "loaded": ProcessMind reads the file after that. Undefined while
   * the file is only recorded (`whenTableHasRows: "skip"`).
   */
  declare public readonly uploadedAt: pulumi.Output<string | undefined>;
  /**
   * Rows of the datatable once it showed this upload, as of the last refresh, or when `whenTableHasRows: "skip"` recorded
   * the file; undefined while that is not confirmed.
   * With an upload that adds to what is there it counts all of them.
   */
  declare public readonly loadedRowCount: pulumi.Output<number | undefined>;

  constructor(name: string, args: DatatableUploadArgs, options?: pulumi.CustomResourceOptions) {
    super(
      "DatatableUpload",
      name,
      { ...UPLOAD_PROPERTIES, ...args, source: pathOf(name, args.source), tenantId: tenantIn(args) },
      { ...options, hideDiffs: [...(options?.hideDiffs ?? []), ...HIDDEN] },
    );
    countIn(this);
  }
}

/** The path alone is registered: an asset would put this machine's absolute path into the state. */
function pathOf(name: string, source: DatatableUploadArgs["source"]): pulumi.Input<string> {
  if (typeof source === "string") return source;
  return isPending(source) ? pulumi.output(source).apply(async (known) => pathIn(name, known)) : pathIn(name, source);
}

function isPending(source: object): source is Promise<unknown> | pulumi.Output<unknown> {
  return source instanceof Promise || pulumi.Output.isInstance(source);
}

/** Outputs hold assets as bare objects, so their class does not tell. */
function pathIn(name: string, source: unknown): string | Promise<string> {
  const { __pulumiAsset, __pulumiArchive, path } = (source ?? {}) as Partial<Record<string, unknown>>;
  if (__pulumiAsset === true && path !== undefined) return path as string | Promise<string>;
  if (__pulumiAsset !== true && __pulumiArchive !== true) return source as string;
  throw printedAlone(notOneFile(name, __pulumiArchive === true));
}
