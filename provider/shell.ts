import * as pulumi from "@pulumi/pulumi";
import { cannotImport, underBun } from "./messages/program";
import { printedAlone } from "./program";

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
    refuseImport(kind, name, options);
    // What `pulumi.dynamic.Resource` registers too, but for the text, and the names of secrets where there are any.
    const inputs = { ...properties, ...secretNames(properties), __provider: SHELL_TEXTS[kind] };
    super(`pulumi-nodejs:dynamic/processmind:${kind}`, name, inputs, options);
  }
}

/** Pulumi's provider process cannot import, and ends in a TypeError of its own. */
function refuseImport(kind: string, name: string, options: pulumi.CustomResourceOptions | undefined): void {
  const id = options?.import;
  if (id === undefined) return;
  const text = typeof id === "string" ? JSON.stringify(id) : "…";
  throw printedAlone(cannotImport(kind, name, text));
}

/**
 * Pulumi hands secrets to a dynamic provider in plain text. Only here can be seen which inputs are secret, so their
 * names go along, and the provider keeps their values out of its messages.
 */
function secretNames(properties: pulumi.Inputs): { __secretInputs?: Promise<string[] | undefined> } {
  const outputs = Object.entries(properties).filter(([, value]) => pulumi.Output.isInstance(value));
  if (outputs.length === 0) return {};
  const isSecret = ([, value]: [string, pulumi.Output<unknown>]) => pulumi.isSecret(value);
  const names = Promise.all(outputs.map(isSecret)).then((secret) => {
    const found = outputs.filter((_, index) => secret[index]).map(([key]) => key);
    return found.length === 0 ? undefined : found;
  });
  return { __secretInputs: names };
}

/** Pulumi's own dynamic resources end with a stack trace about functions there; of a `RunError` it shows the text alone. */
function refuseBun(): void {
  const bun = process.versions["bun"];
  if (bun === undefined) return;
  throw new pulumi.RunError(underBun(bun).toString());
}

/**
 * The options of an object whose data may be destroyed. For `--replace` and a taint Pulumi makes the new object first
 * and asks no `diff` about the order; the new one would be rejected while the old one has its name. An adopted object is
 * adopted anew, so nothing may be deleted before.
 */
export function deletedFirst(
  { forceDestroy, existingId }: { forceDestroy?: unknown; existingId?: unknown },
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.CustomResourceOptions | undefined {
  const mayDestroy = forceDestroy === true && existingId === undefined;
  return mayDestroy ? { deleteBeforeReplace: true, ...options } : options;
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
