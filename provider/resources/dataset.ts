import type * as pulumi from "@pulumi/pulumi";
import { type InputsOf, type LookupOptions, tenantIn } from "../program";
import { deletedFirst, existing, ShellResource } from "../shell";

/** What a {@link Dataset} is declared with. */
export interface DatasetArgs {
  /**
   * The name shown in ProcessMind; not empty. Compared exactly as sent, but for blanks around it.
   *
   * Changing this is refused, in the preview: the API has no rename, and a new dataset would lose the data of this
   * one. The message tells the ways out. With `forceDestroy: true` already applied it replaces.
   */
  displayName: pulumi.Input<string>;
  /**
   * `Dataset`, which holds datatables, or `TreeGroup`, a folder of datasets. Changing this is refused, as for
   * `displayName`.
   *
   * @defaultValue `"Dataset"`
   */
  treeNodeType?: pulumi.Input<"Dataset" | "TreeGroup">;
  /**
   * The id of the TreeGroup that holds the dataset; absent at the top of the tree. Changing this is refused, as for
   * `displayName`: the API has no move.
   */
  treeParentId?: pulumi.Input<string>;
  /**
   * The ProcessMind tenant ("environment" in its web application). Changing this is refused, as for `displayName`.
   *
   * @defaultValue stack config `processmind:tenantId`, else the environment variable `PROCESSMIND_TENANT_ID`
   */
  tenantId?: pulumi.Input<string>;
  /**
   * Take over the dataset with this id instead of creating one. Its name, type and folder must be what the program
   * says. Deletion then leaves it in ProcessMind, unless `forceDestroy`. Means nothing after creation.
   */
  existingId?: pulumi.Input<string>;
  /**
   * Whether deletion may destroy data. Only a `true` that is in the state already counts: apply it with `pulumi up`
   * first, and take it off again afterwards. With `true` a replacement (also by `--replace` or a taint) deletes this
   * object before it creates the new one. Changing this sends no request.
   *
   * @defaultValue `false`: a dataset with rows, or whose rows ProcessMind does not tell, is not deleted.
   */
  forceDestroy?: pulumi.Input<boolean>;
  /**
   * Create a dataset even if one of this name is there already. Means nothing after creation.
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

/** Pulumi makes an Output of every property it is told of, given or not. */
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
 * | create  | GET the list (one of our name and folder there already: `ALREADY_EXISTS`), then one POST, never a second |
 * | refresh | GET; a 404 that the list confirms means gone; a name changed in ProcessMind comes into the state |
 * | update  | none: only the state changes |
 * | delete  | GET, then DELETE only if nothing would be lost or `forceDestroy` is in the state |
 *
 * **Destroy** deletes the dataset with all its datatables, for good; hence the guard.
 * **Refused** is every change of name, type, folder or tenant, in the preview.
 * **Adopting** what exists: `existingId`. **Only reading** it: {@link Dataset.get}. Pulumi's `import` option is rejected.
 *
 * @example
 * ```ts
 * const sales = new Dataset("sales", { displayName: "Sales" });
 * ```
 */
export class Dataset extends ShellResource {
  declare public readonly displayName: pulumi.Output<string>;
  declare public readonly treeNodeType: pulumi.Output<"Dataset" | "TreeGroup">;
  declare public readonly treeParentId: pulumi.Output<string | undefined>;
  declare public readonly tenantId: pulumi.Output<string>;
  declare public readonly existingId: pulumi.Output<string | undefined>;
  declare public readonly forceDestroy: pulumi.Output<boolean | undefined>;
  declare public readonly allowSameName: pulumi.Output<boolean | undefined>;
  declare public readonly timeoutSeconds: pulumi.Output<number | undefined>;
  /** When it was created, ISO UTC; undefined where the reply to its create did not report it. */
  declare public readonly createdAt: pulumi.Output<string | undefined>;
  /** Datatables in it as of its creation or adoption, current with `Dataset.get`; undefined where not reported. */
  declare public readonly datatableCount: pulumi.Output<number | undefined>;
  /** Whether it was taken over by `existingId`. */
  declare public readonly adopted: pulumi.Output<boolean>;

  constructor(name: string, args: DatasetArgs, options?: pulumi.CustomResourceOptions) {
    super("Dataset", name, { ...DATASET_PROPERTIES, ...args, tenantId: tenantIn(args) }, deletedFirst(args, options));
  }

  /**
   * A dataset that exists and is managed elsewhere: read in every preview and `up`, never changed or deleted. One that is
   * not there fails the run. `treeNodeType` and `treeParentId` are undefined where ProcessMind does not tell them.
   *
   * @param name - of the resource in the stack
   * @param id - the dataset's id in ProcessMind
   */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    lookup: InputsOf<LookupOptions> = {},
    options?: pulumi.CustomResourceOptions,
  ): Dataset {
    // What else a declaration says is what ProcessMind answers here.
    return new Dataset(name, lookup as DatasetArgs, existing(id, lookup, options));
  }
}
