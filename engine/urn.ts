/** The type every stack's root component has. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
/** The only package this engine runs. */
export const PACKAGE = "pulumi-nodejs";
/** The type of a provider resource of {@link PACKAGE}. */
export const PROVIDER_TYPE = `pulumi:providers:${PACKAGE}`;

/** Whether the type is that of a provider resource, of any package. */
export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/** Builds a URN; a root stack as the parent adds nothing to the chain of types. */
export function makeUrn(stack: string, project: string, parent: string, type: string, name: string): string {
  const chain = parent === "" ? "" : urnChain(parent);
  const own = chain === "" || chain === STACK_TYPE ? type : `${chain}$${type}`;
  return `urn:pulumi:${stack}::${project}::${own}::${name}`;
}

/** The chain of types, parents first: `parent:Type$own:Type`. */
export function urnChain(urn: string): string {
  return urn.split("::")[2] ?? "";
}

/** The resource's own type. */
export function urnType(urn: string): string {
  const chain = urnChain(urn);
  return chain.slice(chain.lastIndexOf("$") + 1);
}

/** The resource's name, which may contain `::` itself. */
export function urnName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** The resource's own type and its name. */
export function parseUrn(urn: string): { type: string; name: string } {
  return { type: urnType(urn), name: urnName(urn) };
}

/** Pulumi's short form of a type: `aws:s3/bucket:Bucket` is shown as `aws:s3:Bucket`. */
export function shortType(type: string): string {
  const [pkg, module, name, ...rest] = type.split(":");
  if (!pkg || !module || !name || rest.length > 0) return type;
  const slash = module.lastIndexOf("/");
  if (slash < 0 || module.slice(slash + 1) !== name.charAt(0).toLowerCase() + name.slice(1)) return type;
  return `${pkg}:${module.slice(0, slash)}:${name}`;
}

/** The URN of a provider reference `<urn>::<id>`. */
export function referenceUrn(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}

/** The id of a provider reference `<urn>::<id>`. */
export function referenceId(reference: string): string {
  return reference.slice(reference.lastIndexOf("::") + 2);
}
