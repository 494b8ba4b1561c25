import type * as pulumi from "@pulumi/pulumi";
import { type InputsOf, type LookupOptions, tenantIn } from "../program";
import { deletedFirst, existing, ShellResource } from "../shell";

/** What a {@link Datatable} is declared with. */
export interface DatatableArgs {
  /**
   * The id of the dataset that holds the table: pass `dataset.id`.
   *
   * Changing this is refused, in the preview, and so is an id that is not known yet (the dataset is about to be
   * replaced): the API cannot move a table, and its rows would be lost. With `forceDestroy: true` already applied it
   * replaces.
   */
  datasetId: pulumi.Input<string>;
  /**
   * The name shown in ProcessMind; not empty. Changing this is refused, in the preview, since the API has no rename;
   * the message tells both ways out. With `forceDestroy: true` already applied it replaces.
   */
  displayName: pulumi.Input<string>;
  /**
   * The ProcessMind tenant ("environment" in its web application). Changing this is refused, as for `displayName`.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: pulumi.Input<string>;
  /**
   * Take over the datatable with this id instead of creating one. Its name and dataset must be what the program says.
   * Deletion then leaves it in ProcessMind, unless `forceDestroy`. Means nothing after creation.
   */
  existingId?: pulumi.Input<string>;
  /**
   * Whether deletion may destroy rows. Only a `true` that is in the state already counts: apply it with `pulumi up`
   * first, and take it off again afterwards. With `true` a replacement (also by `--replace` or a taint) deletes this
   * object before it creates the new one. Changing this sends no request.
   *
   * @defaultValue `false`: a table with rows, or whose rows ProcessMind does not tell, is not deleted.
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Create a table even if one of this name is in the dataset already. Means nothing after creation.
   *
   * @defaultValue `false`: after a crash in the middle of a run this is what prevents a second copy.
   */
  allowSameName?: pulumi.Input<boolean>;
  /**
   * Time limit of each request, in seconds, its retries included; above 0, at most 86,400. Changing this sends no
   * request.
   *
   * @defaultValue stack config `processmind:timeoutSeconds`, else 120
   */
  timeoutSeconds?: pulumi.Input<number>;
}

/** A column as ProcessMind read it from an upload. */
export interface DatatableColumn {
  name: string;
  /** `string` and `datetime` are known; ProcessMind publishes no closed list. */
  type: string;
}

/** Pulumi makes an Output of every property it is told of, given or not. */
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
 * | create  | GET the list (one of our name in the dataset already: `ALREADY_EXISTS`), then one POST, never a second |
 * | refresh | GET; a 404 that the list confirms means gone |
 * | update  | none: only the state changes |
 * | delete  | GET; with rows and without `forceDestroy` refused; else DELETE, then GET to see whether the API can do that |
 *
 * **Destroy**: ProcessMind documents no deletion of a single datatable. Where it cannot, a warning says so: the table
 * leaves the stack and goes when its dataset goes.
 * **Refused** is every change of name, dataset or tenant, in the preview.
 * **Adopting** what exists: `existingId`. **Only reading** it: {@link Datatable.get}.
 *
 * @example
 * ```ts
 * const orders = new Datatable("orders", { datasetId: sales.id, displayName: "Orders" });
 * ```
 */
export class Datatable extends ShellResource {
  declare public readonly datasetId: pulumi.Output<string>;
  declare public readonly displayName: pulumi.Output<string>;
  declare public readonly tenantId: pulumi.Output<string>;
  declare public readonly existingId: pulumi.Output<string | undefined>;
  declare public readonly forceDestroy: pulumi.Output<boolean | undefined>;
  declare public readonly allowSameName: pulumi.Output<boolean | undefined>;
  declare public readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /**
   * Rows as of its creation or adoption, current with `Datatable.get`; undefined or null when ProcessMind does not report
   * them, 0 when it has none. A refresh leaves it: the current count is an upload's `loadedRowCount`, or `getDatatable`'s.
   */
  declare public readonly rowCount: pulumi.Output<number | null | undefined>;
  /** Columns as of its creation or adoption; current with `Datatable.get`. */
  declare public readonly columns: pulumi.Output<DatatableColumn[] | undefined>;
  /** When it was created, ISO UTC. */
  declare public readonly createdAt: pulumi.Output<string | undefined>;
  /** Whether it was taken over by `existingId`. */
  declare public readonly adopted: pulumi.Output<boolean>;

  constructor(name: string, args: DatatableArgs, options?: pulumi.CustomResourceOptions) {
    super(
      "Datatable",
      name,
      { ...DATATABLE_PROPERTIES, ...args, tenantId: tenantIn(args) },
      deletedFirst(args, options),
    );
  }

  /**
   * A datatable that exists and is managed elsewhere: read in every preview and `up`, never changed or deleted. One that
   * is not there fails the run.
   *
   * @param name - of the resource in the stack
   * @param id - the datatable's id in ProcessMind
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    lookup: InputsOf<LookupOptions> = {},
    options?: pulumi.CustomResourceOptions,
  ): Datatable {
    // What else a declaration says is what ProcessMind answers here.
    return new Datatable(name, lookup as DatatableArgs, existing(id, lookup, options));
  }
}
