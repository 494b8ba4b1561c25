import * as pulumi from "@pulumi/pulumi";
import { notOneFile } from "../messages/program";
import { printedAlone, tenantIn } from "../program";
import { ShellResource } from "../shell";
import { countIn } from "./upload-summary";

/** Arguments of a {@link DatatableUpload}. */
export interface DatatableUploadArgs {
  /** The id of the datatable to load: pass `datatable.id`. A change replaces the upload and sends the file there. */
  datatableId: pulumi.Input<string>;
  /** The id of the dataset that holds the table: pass `dataset.id`. A change replaces the upload. */
  datasetId: pulumi.Input<string>;
  /**
   * The path of the file from the program's folder, or a `FileAsset` of it. The format is csv, tsv, txt, xls, xlsx, xlsb
   * or xes. The file must have 1 byte to 5 GiB (the limit of one upload to S3). A path that cannot be used fails
   * the preview.
   *
   * New content sends the file again. Another base name does too, unless `fileName` is set. Another folder or
   * modification time alone does not.
   */
  source: pulumi.Input<string | pulumi.asset.FileAsset>;
  /**
   * The file name to send. ProcessMind derives the format from its extension. A change sends the file again.
   *
   * @defaultValue the base name of `source`
   */
  fileName?: pulumi.Input<string>;
  /** Any values. A change sends the same file again. */
  triggers?: pulumi.Input<pulumi.Input<unknown>[]>;
  /**
   * Content-Type of the upload. A change sends the file again.
   *
   * @defaultValue none is sent, as by ProcessMind's own clients: the upload URL is not signed for one
   */
  contentType?: pulumi.Input<string>;
  /**
   * How long the upload URL stays valid, in whole seconds from 1 to 604,800. A change alone sends nothing.
   *
   * @defaultValue ProcessMind's 3,600, or more if the file is so large that the upload may take longer
   */
  validForSeconds?: pulumi.Input<number>;
  /**
   * How long to wait after the file is stored, in seconds from 0 to 3,600. 0 does not wait. The wait ends when the
   * datatable shows a different row count or different columns, and `loadedRowCount` is set. Otherwise a warning says
   * that ingestion is not confirmed. A change alone sends nothing.
   *
   * The upload never fails because of the wait, but it is recorded only afterwards. After a run that is killed while it
   * waits, the next run sends the file again. Ctrl-C ends the wait and records the upload. The run does not wait for an
   * update of a table that never reports its rows. It waits at most one second for a file with as many rows as the
   * table.
   *
   * @defaultValue 30
   */
  waitForRowsSeconds?: pulumi.Input<number>;
  /**
   * Names of the columns that make the file an event log. The preview then also shows cases, activities, and the first
   * and last event. A column that the file does not have fails the preview. A change sends nothing.
   */
  eventLog?: pulumi.Input<EventLogColumns>;
  /**
   * Guard rail: names of columns that the file must have. A missing one fails the preview. Checked in every run. A change
   * of a guard rail sends nothing.
   */
  requireColumns?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Guard rail: what happens when the last upload had a column that the new file lacks. `show` shows the column in the
   * preview, `error` fails the preview.
   *
   * @defaultValue `"show"`
   */
  onColumnsRemoved?: pulumi.Input<"show" | "error">;
  /**
   * Guard rail: the largest drop of rows since the last upload, in percent from 0 to 100. A larger drop fails the
   * preview.
   *
   * @defaultValue no limit
   */
  maxRowDropPercent?: pulumi.Input<number>;
  /**
   * Guard rail: the new file must be the last one with rows appended and all earlier bytes unchanged. Otherwise the
   * preview fails.
   *
   * @defaultValue `false`
   */
  appendOnly?: pulumi.Input<boolean>;
  /**
   * Guard rail: names of activities that the event log must have, as the file writes them. A missing one fails the
   * preview. Checked in every run. Needs `eventLog`, except for XES logs. A log with more than 1,000 activities, or with
   * one of more than 200 bytes, fails too.
   */
  requireActivities?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Guard rail: whether a new file fails the preview if it has an activity that the last upload lacked. Needs `eventLog`,
   * except for XES logs. The limits of `requireActivities` hold for both files. If the last run recorded no activities,
   * for example without `eventLog`, a new file fails.
   *
   * @defaultValue `false`
   */
  forbidNewActivities?: pulumi.Input<boolean>;
  /**
   * Guard rail: the largest drop of cases since the last upload, in percent from 0 to 100. A larger drop fails the
   * preview. Needs `eventLog`, except for XES logs.
   *
   * Above a million, cases are estimates. A drop that may lie on either side of the limit, within 3 % for each estimate,
   * fails. A file that is only appended to always passes. If the cases of the last file were counted by another column, a
   * new file fails.
   *
   * @defaultValue no limit
   */
  maxCaseDropPercent?: pulumi.Input<number>;
  /**
   * Guard rail: the oldest that the last event of a new file may be, in hours before the run. The limit is above 0 and
   * at most 876,000. An older event fails the preview. So does a file without a time that can be read. Needs
   * `eventLog`, except for XES logs.
   *
   * Times without a zone count as UTC. A time in the future passes. A file that was sent already never fails, because
   * then every other change would fail with it. If its last event is too old, the run warns.
   *
   * @defaultValue no limit
   */
  latestEventWithin?: pulumi.Input<number>;
  /**
   * The one file that may break the guard rails, by the first 8 to 64 digits of its SHA-256. The failure names them.
   * The guard rails apply to any other file, so the setting may stay.
   */
  acceptSha256?: pulumi.Input<string>;
  /**
   * What happens in a run that does not have the file, such as the preview of a pull request. `fail` fails the run.
   * `keepLast` keeps what the last run recorded of the file, sends nothing and warns.
   *
   * Even with `keepLast`, a missing file without an earlier upload fails. A change of `fileName`, `contentType`,
   * `triggers` or the target fails too, because it would have to send the file. Another name of the missing file causes a
   * warning. An `eventLog` is checked against the columns of the last file.
   *
   * @defaultValue `"fail"`
   */
  whenMissing?: pulumi.Input<"fail" | "keepLast">;
  /**
   * What a first upload does in a table that had rows before this run:
   *
   * - `error` sends nothing and fails the `up`.
   * - `skip` sends nothing and records the file as the content of the table. Later files are compared with it.
   * - `send` uploads the file. ProcessMind replaces the rows or appends to them.
   *
   * A first upload is the create of this resource, so a replacement, `--replace` and `pulumi state taint` make one too. A
   * table that does not report its rows gets the file, with a warning. A change alone sends nothing. To send a file again,
   * change `triggers`.
   *
   * @defaultValue `"error"`
   */
  whenTableHasRows?: pulumi.Input<"error" | "send" | "skip">;
  /**
   * The ProcessMind tenant. A change replaces the upload.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: pulumi.Input<string>;
  /**
   * Time limit of the upload, in seconds. Each request to the API before or after it ends after at most 120. A change alone
   * sends nothing.
   *
   * @defaultValue one second for each 500 kB, at least 600
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/** The headings of the columns that make a table an event log. */
export interface EventLogColumns {
  /** The column whose value is the same in all rows of a case, such as an order number. */
  caseId: pulumi.Input<string>;
  /** The column that names what happened in a row, such as `Invoice sent`. */
  activity: pulumi.Input<string>;
  /**
   * The column with the time of the row. ISO (`2024-12-31T13:04:05Z`), `31.12.2024`, `12/31/2024`, `31 Dec 2024`,
   * seconds since 1970 and other forms are read. A time without a zone counts as UTC. Times that are not understood
   * cause a warning.
   */
  timestamp: pulumi.Input<string>;
}

/** Kept for the next comparison. Pulumi's CLI would print them as the change of an upload. */
const HIDDEN = ["__activities", "__columns", "__profileVersion", "__rowSketch"];

/** Pulumi creates Outputs only for properties passed to the constructor, so list all of them, even when undefined. */
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
  requireActivities: undefined,
  forbidNewActivities: undefined,
  maxCaseDropPercent: undefined,
  latestEventWithin: undefined,
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
  activitiesAdded: undefined,
  activitiesRemoved: undefined,
  uploadedAt: undefined,
  loadedRowCount: undefined,
} satisfies Record<Exclude<keyof DatatableUpload, keyof pulumi.CustomResource>, undefined>;

/**
 * A file, loaded into a {@link Datatable}. It is sent again, through a new presigned URL, when its content changes.
 *
 * | Pulumi  | ProcessMind's API |
 * |---------|-------------------|
 * | preview | none, unless it refreshes: reads the file, shows old and new (rows, columns, how it changed), checks the guard rails |
 * | create  | GET the datatable: if it has rows, `whenTableHasRows` decides; then as update |
 * | update  | GET the datatable. GET a presigned URL and PUT the file to storage; after a temporary failure, again with a fresh URL. GET the datatable until it shows different rows |
 * | refresh | GET the datatable. Deleted if it returns 404 and the list lacks the table. A different row count is recorded with a warning, and nothing is sent |
 * | delete  | none: the rows stay, and a warning says so |
 *
 * The state records the hash of the bytes that were sent. If the file changes between preview and upload, nothing is
 * stored and the old hash stays (`SOURCE_CHANGED`). ProcessMind's API does not report whether a second upload replaces
 * the rows or appends to them. So a file is never sent again without a change.
 *
 * @example
 * ```ts
 * new DatatableUpload("orders", { datatableId: orders.id, datasetId: sales.id, source: "data/orders.csv" });
 * ```
 */
export class DatatableUpload extends ShellResource {
  /** The id of the datatable that the file was loaded into. */
  declare public readonly datatableId: pulumi.Output<string>;
  /** The id of the dataset that holds the table. */
  declare public readonly datasetId: pulumi.Output<string>;
  /** The path of the file from the program's folder, with forward slashes. */
  declare public readonly source: pulumi.Output<string>;
  /** The file name that was sent. */
  declare public readonly fileName: pulumi.Output<string>;
  /** The values of the last upload; another value sends the file again. */
  declare public readonly triggers: pulumi.Output<unknown[] | undefined>;
  /** Content-Type of the upload. Undefined if none was sent. */
  declare public readonly contentType: pulumi.Output<string | undefined>;
  /** How long an upload URL stays valid, in seconds. Undefined means the default. */
  declare public readonly validForSeconds: pulumi.Output<number | undefined>;
  /** How long a run waits for the rows of a stored file, in seconds. Undefined means 30. */
  declare public readonly waitForRowsSeconds: pulumi.Output<number | undefined>;
  /** The ProcessMind tenant. */
  declare public readonly tenantId: pulumi.Output<string>;
  /** Time limit of the upload, in seconds. Undefined means the default, which depends on the size. */
  declare public readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /** SHA-256 of the bytes sent, or recorded by `whenTableHasRows: "skip"`, in hex, as `sha256sum` prints it. */
  declare public readonly contentSha256: pulumi.Output<string>;
  /** Size of the file, in bytes. */
  declare public readonly sizeBytes: pulumi.Output<number>;
  /** The columns of the event log. Undefined if the file is not one. */
  declare public readonly eventLog: pulumi.Output<pulumi.Unwrap<EventLogColumns> | undefined>;
  /** Guard rail: columns that the file must have. */
  declare public readonly requireColumns: pulumi.Output<string[] | undefined>;
  /** Guard rail: what happens when a column is missing. Undefined means `show`. */
  declare public readonly onColumnsRemoved: pulumi.Output<"show" | "error" | undefined>;
  /** Guard rail: by how many percent the rows may drop. Undefined means no limit. */
  declare public readonly maxRowDropPercent: pulumi.Output<number | undefined>;
  /** Guard rail: whether rows may only be appended. Undefined means no. */
  declare public readonly appendOnly: pulumi.Output<boolean | undefined>;
  /** Guard rail: activities that the event log must have. */
  declare public readonly requireActivities: pulumi.Output<string[] | undefined>;
  /** Guard rail: whether a new activity fails the preview. Undefined means no. */
  declare public readonly forbidNewActivities: pulumi.Output<boolean | undefined>;
  /** Guard rail: by how many percent the cases may drop. Undefined means no limit. */
  declare public readonly maxCaseDropPercent: pulumi.Output<number | undefined>;
  /** Guard rail: how many hours before the run the last event may be. Undefined means no limit. */
  declare public readonly latestEventWithin: pulumi.Output<number | undefined>;
  /** First digits of the SHA-256 of the one file that may break the guard rails. */
  declare public readonly acceptSha256: pulumi.Output<string | undefined>;
  /** What happens in a run without the file. Undefined means `fail`. */
  declare public readonly whenMissing: pulumi.Output<"fail" | "keepLast" | undefined>;
  /** What a first upload does in a table with rows. Undefined means `error`. */
  declare public readonly whenTableHasRows: pulumi.Output<"error" | "send" | "skip" | undefined>;
  /**
   * What the last change of content did to the data, in one sentence: `appended 320 rows, all earlier bytes unchanged`,
   * `rewritten: 1 of 900 rows differs`. `≈` marks an estimate.
   */
  declare public readonly change: pulumi.Output<string>;
  /** Rows of the file below its header, events of an XES log. Undefined for formats that are not read (xls, xlsb). */
  declare public readonly rows: pulumi.Output<number | undefined>;
  /** Count and first names of the file's columns: `3: case_id, activity, timestamp`. */
  declare public readonly columns: pulumi.Output<string | undefined>;
  /** Columns that the file has and the last one lacked, in the form of `columns`. Undefined if none. */
  declare public readonly columnsAdded: pulumi.Output<string | undefined>;
  /** Columns that the last file had and this one lacks, in the form of `columns`. Undefined if none. */
  declare public readonly columnsRemoved: pulumi.Output<string | undefined>;
  /** `comma`, `semicolon`, `tab` or `pipe`. Undefined with one column, and for formats that are not text. */
  declare public readonly delimiter: pulumi.Output<string | undefined>;
  /** `UTF-8` or `UTF-8 with BOM`. Undefined for formats that are not text. */
  declare public readonly encoding: pulumi.Output<string | undefined>;
  /** `LF`, `CRLF`, `mixed`, or `none` for a file with one line. Undefined for formats that are not text. */
  declare public readonly lineEnding: pulumi.Output<string | undefined>;
  /** Number of cases in the event log; above a million an estimate, as text with `≈`. */
  declare public readonly cases: pulumi.Output<number | string | undefined>;
  /** Number of different activities in the event log; an estimate is text with `≈`. */
  declare public readonly activities: pulumi.Output<number | string | undefined>;
  /** Time of the first event, ISO UTC. Undefined if no time is understood. */
  declare public readonly firstEvent: pulumi.Output<string | undefined>;
  /** Time of the last event, ISO UTC. Undefined if no time is understood. */
  declare public readonly lastEvent: pulumi.Output<string | undefined>;
  /** With `eventLog`: number of cases that the last file lacked. Undefined if none. An estimate is text with `≈`. */
  declare public readonly casesAdded: pulumi.Output<number | string | undefined>;
  /** With `eventLog`: number of cases of the last file that this one lacks, in the form of `casesAdded`. */
  declare public readonly casesRemoved: pulumi.Output<number | string | undefined>;
  /** With `eventLog`: number of cases that both files have with different rows, in the form of `casesAdded`. */
  declare public readonly casesChanged: pulumi.Output<number | string | undefined>;
  /**
   * With `eventLog`: activities that the last file lacked, count and first names: `2: Cancel order, Rework`. Undefined for
   * none, and above 1,000 activities.
   */
  declare public readonly activitiesAdded: pulumi.Output<string | undefined>;
  /** With `eventLog`: number of activities of the last file that this one lacks. Their names are not kept. Undefined if none. */
  declare public readonly activitiesRemoved: pulumi.Output<number | undefined>;
  /**
   * When storage had all bytes, ISO UTC. ProcessMind reads the file after that. Undefined while the file is only recorded
   * (`whenTableHasRows: "skip"`).
   */
  declare public readonly uploadedAt: pulumi.Output<string | undefined>;
  /**
   * Rows of the whole datatable, as of the moment it showed this upload, or of the last refresh. With
   * `whenTableHasRows: "skip"`, as of the moment that recorded the file. Undefined while ingestion is not confirmed. Of
   * several uploads of a table, the newest one counts.
   */
  declare public readonly loadedRowCount: pulumi.Output<number | undefined>;

  /**
   * Declares the upload of a file.
   *
   * @param name - name of the resource in the stack
   * @param args - which file, to which table
   * @param options - Pulumi's resource options
   */
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
