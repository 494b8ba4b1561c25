import * as pulumi from "@pulumi/pulumi";

/**
 * The shell: the one line of code that goes into users' state.
 *
 * Pulumi keeps a dynamic resource's behaviour as program text in the stack's state, under `__provider`, and loads that
 * text in its provider process: on create and update the text of today, on delete and refresh the text of long ago.
 * Left to Pulumi's serialiser, the text is a copy of our code: kilobytes, different when linked, installed or built by
 * another compiler, and frozen at the version that wrote it. So this package writes the text itself. It holds no code,
 * only where to find the code that is installed now.
 *
 * All of this is a state format, read by every version to come, and never changed: the text, the specifier
 * `pulumi-processmind/lifecycle`, the names of the kinds, the seven signatures of ./lifecycle, and the type tokens
 * below. `test/unit/shell.test.ts` holds a snapshot.
 */
const SHELL_TEXTS = {
  Dataset: 'exports.handler = () => require("pulumi-processmind/lifecycle").dataset;',
  Datatable: 'exports.handler = () => require("pulumi-processmind/lifecycle").datatable;',
  DatatableUpload: 'exports.handler = () => require("pulumi-processmind/lifecycle").datatableUpload;',
} as const;

/** A resource that Pulumi's own dynamic provider process runs, by the shell of its kind. */
export abstract class ShellResource extends pulumi.CustomResource {
  constructor(
    kind: keyof typeof SHELL_TEXTS,
    name: string,
    properties: pulumi.Inputs,
    options: pulumi.CustomResourceOptions | undefined,
  ) {
    refuseBun();
    // What `pulumi.dynamic.Resource` registers too, but for the text.
    super(`pulumi-nodejs:dynamic/processmind:${kind}`, name, { ...properties, __provider: SHELL_TEXTS[kind] }, options);
  }
}

/** Pulumi's own dynamic resources end with a stack trace about functions there; of a `RunError` it shows the text alone. */
function refuseBun(): void {
  const bun = process.versions["bun"];
  if (bun === undefined) return;
  throw new pulumi.RunError(
    `running pulumi-processmind: this is Bun ${bun}, where Pulumi has no dynamic providers. Set \`runtime: nodejs\` in ` +
      "Pulumi.yaml; Bun can stay the package manager (`packagemanager: bun` in the runtime's options).",
  );
}

/**
 * Makes Pulumi read the object with this id instead of registering one. An unknown tenant makes the id unknown too, so
 * that a preview asks nobody about it.
 */
export function existing(
  id: pulumi.Input<pulumi.ID>,
  lookup: { tenantId?: pulumi.Input<string | undefined> },
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions {
  return { ...options, id: pulumi.all([id, lookup.tenantId]).apply(([known]) => known) };
}
