import type * as pulumi from "@pulumi/pulumi";
import { type InputsOf, type LookupOptions, tenantIn } from "../program";
import { deletedFirst, existing, ShellResource } from "../shell";

/** Arguments of a {@link Datatable}. */
export interface DatatableArgs {
  /**
   * The id of the dataset that holds the table: pass `dataset.id`.
   *
   * The preview rejects a change, because the API cannot move a table and its rows would be lost. It also rejects an id
   * that is not known yet, because its dataset is about to be replaced. If `forceDestroy: true` was applied first, a
   * change replaces the table.
   */
  datasetId: pulumi.Input<string>;
  /**
   * The name in ProcessMind; not empty. Whitespace around it is ignored.
   *
   * The preview rejects a change, because the API has no rename. The message names the options. If `forceDestroy: true`
   * was applied first, a change replaces the table.
   */
  displayName: pulumi.Input<string>;
  /**
   * The ProcessMind tenant ("environment" in its web application). A change is rejected, as for `displayName`.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: pulumi.Input<string>;
  /**
   * Adopt the datatable with this id instead of creating one. Its name and dataset must match the program. Deletion then
   * leaves it in ProcessMind, unless `forceDestroy` is set. Ignored after creation.
   */
  existingId?: pulumi.Input<string>;
  /**
   * Whether deletion may destroy rows. Only a `true` in the state counts: apply it with `pulumi up` first, and remove it
   * again afterwards. With `true`, a replacement (also by `--replace` or a taint) deletes this object before it creates
   * the new one. A change sends no request.
   *
   * @defaultValue `false`: a table with rows, or with rows that ProcessMind does not report, is not deleted.
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Create a table although its name is taken in the dataset. Ignored after creation.
   *
   * @defaultValue `false`, which prevents a second copy after a crash in the middle of a run.
   */
  allowSameName?: pulumi.Input<boolean>;
  /**
   * Time limit of each request with its retries, in seconds: above 0, at most 86,400. A change sends no request.
   *
   * @defaultValue stack config `processmind:timeoutSeconds`, else 120
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/** A column as ProcessMind read it from an upload. */
export interface DatatableColumn {
  /** The heading. */
  name: string;
  /** The type, such as `string` or `datetime`. ProcessMind publishes no complete list. */
  type: string;
}

/** Pulumi creates Outputs only for properties passed to the constructor, so list all of them, even when undefined. */
const DATATABLE_PROPERTIES = {
  datasetId: undefined,
  displayName: undefined,
  tenantId: undefined,
  existingId: undefined,
  forceDestroy: undefined,
  allowSameName: undefined,
  timeoutSeconds: undefined,
  rowCount: undefined,
  columns: undefined,
  createdAt: undefined,
  adopted: undefined,
} satisfies Record<keyof DatatableArgs | "rowCount" | "columns" | "createdAt" | "adopted", undefined>;

/**
 * A datatable of a {@link Dataset}. Its rows come from a {@link DatatableUpload}.
 *
 * | Pulumi  | ProcessMind's API |
 * |---------|-------------------|
 * | create  | GET the list (`ALREADY_EXISTS` if the name is taken in the dataset), then POST. A POST that may have succeeded is not repeated |
 * | refresh | GET; deleted if it returns 404 and the list lacks the table |
 * | update  | none: only the state changes |
 * | delete  | GET; rejected with rows and without `forceDestroy`; else DELETE, then GET to see whether the API can delete |
 *
 * - **Deletion**: ProcessMind documents no deletion of a single datatable. If the API has none, a warning says so. The
 *   table leaves the stack and stays until its dataset is deleted.
 * - **Rejected** in the preview: every change of name, dataset or tenant.
 * - **Adopting** what exists: `existingId`. **Only reading** it: {@link Datatable.get}.
 *
 * @example
 * ```ts
 * const orders = new Datatable("orders", { datasetId: sales.id, displayName: "Orders" });
 * ```
 */
export class Datatable extends ShellResource {
  /** The id of the dataset that holds the table. */
  declare public readonly datasetId: pulumi.Output<string>;
  /** The name in ProcessMind. */
  declare public readonly displayName: pulumi.Output<string>;
  /** The ProcessMind tenant. */
  declare public readonly tenantId: pulumi.Output<string>;
  /** The id that the program adopted. Undefined for a table that Pulumi created. */
  declare public readonly existingId: pulumi.Output<string | undefined>;
  /** Whether deletion may destroy rows. Undefined means no. */
  declare public readonly forceDestroy: pulumi.Output<boolean | undefined>;
  /** Whether a create may use a name that is taken. Undefined means no. */
  declare public readonly allowSameName: pulumi.Output<boolean | undefined>;
  /** Time limit of each request with its retries, in seconds. Undefined means the default. */
  declare public readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /**
   * Rows as of creation or adoption; current with `Datatable.get`. Undefined or null if ProcessMind does not report them,
   * 0 if there are none. A refresh leaves it unchanged. The current count is `loadedRowCount` of the upload, or the
   * result of `getDatatable`.
   */
  declare public readonly rowCount: pulumi.Output<number | null | undefined>;
  /** Columns as of creation or adoption; current with `Datatable.get`. */
  declare public readonly columns: pulumi.Output<DatatableColumn[] | undefined>;
  /** When the table was created, ISO UTC. Undefined if ProcessMind did not report it. */
  declare public readonly createdAt: pulumi.Output<string | undefined>;
  /** Whether the table was adopted by `existingId`. */
  declare public readonly adopted: pulumi.Output<boolean>;

  /**
   * Declares a datatable.
   *
   * @param name - name of the resource in the stack
   * @param args - what the table is
   * @param options - Pulumi's resource options
   */
  constructor(name: string, args: DatatableArgs, options?: pulumi.CustomResourceOptions) {
    super(
      "Datatable",
      name,
      { ...DATATABLE_PROPERTIES, ...args, tenantId: tenantIn(args) },
      deletedFirst(args, options),
    );
  }

  /**
   * A datatable that is managed elsewhere. It is read in every preview and `up`, and never changed or deleted. The run
   * fails if it does not exist.
   *
   * @param name - name of the resource in the stack
   * @param id - id of the datatable in ProcessMind
   * @param lookup - another tenant, another time limit
   * @param options - Pulumi's resource options
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    lookup: InputsOf<LookupOptions> = {},
    options?: pulumi.CustomResourceOptions,
  ): Datatable {
    // Every other property comes from ProcessMind's response.
    return new Datatable(name, lookup as DatatableArgs, existing(id, lookup, options));
  }
}
