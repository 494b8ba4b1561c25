import type * as pulumi from "@pulumi/pulumi";
import { type InputsOf, type LookupOptions, tenantIn } from "../program";
import { deletedFirst, existing, ShellResource } from "../shell";

/** Arguments of a {@link Dataset}. */
export interface DatasetArgs {
  /**
   * The name in ProcessMind; not empty. Whitespace around it is ignored.
   *
   * The preview rejects a change. The API has no rename, and a new dataset would lose the data of this one. The message
   * names the options. If `forceDestroy: true` was applied first, a change replaces the dataset.
   */
  displayName: pulumi.Input<string>;
  /**
   * `Dataset`, which holds datatables, or `TreeGroup`, a folder of datasets. A change is rejected, as for `displayName`.
   *
   * @defaultValue `"Dataset"`
   */
  treeNodeType?: pulumi.Input<"Dataset" | "TreeGroup">;
  /**
   * The id of the TreeGroup that holds the dataset; absent at the top of the tree. A change is rejected, as for
   * `displayName`: the API has no move.
   */
  treeParentId?: pulumi.Input<string>;
  /**
   * The ProcessMind tenant ("environment" in its web application). A change is rejected, as for `displayName`.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: pulumi.Input<string>;
  /**
   * Adopt the dataset with this id instead of creating one. Its name, type and folder must match the program. Deletion
   * then leaves it in ProcessMind, unless `forceDestroy` is set. Ignored after creation.
   */
  existingId?: pulumi.Input<string>;
  /**
   * Whether deletion may destroy data. Only a `true` in the state counts: apply it with `pulumi up` first, and remove it
   * again afterwards. With `true`, a replacement (also by `--replace` or a taint) deletes this object before it creates
   * the new one. A change sends no request.
   *
   * @defaultValue `false`: a dataset with rows, or with rows that ProcessMind does not report, is not deleted.
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Create a dataset although its name is taken. Ignored after creation. A move to another folder also needs it if
   * ProcessMind's list does not report folders.
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

/** Pulumi creates Outputs only for properties passed to the constructor, so list all of them, even when undefined. */
const DATASET_PROPERTIES = {
  displayName: undefined,
  treeNodeType: undefined,
  treeParentId: undefined,
  tenantId: undefined,
  existingId: undefined,
  forceDestroy: undefined,
  allowSameName: undefined,
  timeoutSeconds: undefined,
  createdAt: undefined,
  datatableCount: undefined,
  adopted: undefined,
} satisfies Record<keyof DatasetArgs | "createdAt" | "datatableCount" | "adopted", undefined>;

/**
 * A dataset in ProcessMind, or a folder (`TreeGroup`) of datasets.
 *
 * | Pulumi  | ProcessMind's API |
 * |---------|-------------------|
 * | create  | GET the list (`ALREADY_EXISTS` if the name is taken in that folder), then POST. A POST that may have succeeded is not repeated |
 * | refresh | GET; deleted if it returns 404 and the list lacks the dataset; a name changed in ProcessMind enters the state |
 * | update  | none: only the state changes |
 * | delete  | GET, then DELETE only if nothing would be lost or `forceDestroy` is in the state |
 *
 * - **Deletion** deletes the dataset with all its datatables, permanently.
 * - **Rejected** in the preview: every change of name, type, folder or tenant.
 * - **Adopting** what exists: `existingId`. **Only reading** it: {@link Dataset.get}. Pulumi's `import` option is rejected.
 *
 * @example
 * ```ts
 * const sales = new Dataset("sales", { displayName: "Sales" });
 * ```
 */
export class Dataset extends ShellResource {
  /** The name in ProcessMind. */
  declare public readonly displayName: pulumi.Output<string>;
  /** `Dataset`, or `TreeGroup` for a folder. */
  declare public readonly treeNodeType: pulumi.Output<"Dataset" | "TreeGroup">;
  /** The id of the folder that holds the dataset. Undefined at the top of the tree. */
  declare public readonly treeParentId: pulumi.Output<string | undefined>;
  /** The ProcessMind tenant. */
  declare public readonly tenantId: pulumi.Output<string>;
  /** The id that the program adopted. Undefined for a dataset that Pulumi created. */
  declare public readonly existingId: pulumi.Output<string | undefined>;
  /** Whether deletion may destroy data. Undefined means no. */
  declare public readonly forceDestroy: pulumi.Output<boolean | undefined>;
  /** Whether a create may use a name that is taken. Undefined means no. */
  declare public readonly allowSameName: pulumi.Output<boolean | undefined>;
  /** Time limit of each request with its retries, in seconds. Undefined means the default. */
  declare public readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /** When the dataset was created, ISO UTC. Undefined if ProcessMind did not report it. */
  declare public readonly createdAt: pulumi.Output<string | undefined>;
  /**
   * Number of its datatables, as of creation or adoption; current with `Dataset.get`. Undefined if ProcessMind does not
   * report it.
   */
  declare public readonly datatableCount: pulumi.Output<number | undefined>;
  /** Whether the dataset was adopted by `existingId`. */
  declare public readonly adopted: pulumi.Output<boolean>;

  /**
   * Declares a dataset.
   *
   * @param name - name of the resource in the stack
   * @param args - what the dataset is
   * @param options - Pulumi's resource options
   */
  constructor(name: string, args: DatasetArgs, options?: pulumi.CustomResourceOptions) {
    super("Dataset", name, { ...DATASET_PROPERTIES, ...args, tenantId: tenantIn(args) }, deletedFirst(args, options));
  }

  /**
   * A dataset that is managed elsewhere. It is read in every preview and `up`, and never changed or deleted. The run
   * fails if it does not exist. `treeNodeType` and `treeParentId` are undefined if ProcessMind does not report them.
   *
   * @param name - name of the resource in the stack
   * @param id - id of the dataset in ProcessMind
   * @param lookup - another tenant, another time limit
   * @param options - Pulumi's resource options
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    lookup: InputsOf<LookupOptions> = {},
    options?: pulumi.CustomResourceOptions,
  ): Dataset {
    // Every other property comes from ProcessMind's response.
    return new Dataset(name, lookup as DatasetArgs, existing(id, lookup, options));
  }
}
