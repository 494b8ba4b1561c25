/** The parts of a URN the display shows. */
export interface UrnParts {
  type: string;
  name: string;
}

/** `urn:pulumi:<stack>::<project>::<chain>::<name>`: the last type of the chain, and the name. */
export function parseUrn(urn: string): UrnParts {
  const [, , chain = "", ...name] = urn.split("::");
  return { type: chain.slice(chain.lastIndexOf("$") + 1), name: name.join("::") };
}

/** Pulumi's short form of a type: `aws:s3/bucket:Bucket` is shown as `aws:s3:Bucket`. */
export function shortType(type: string): string {
  const [pkg, module, name, ...rest] = type.split(":");
  if (!pkg || !module || !name || rest.length > 0) return type;
  const slash = module.lastIndexOf("/");
  if (slash < 0 || module.slice(slash + 1) !== name.charAt(0).toLowerCase() + name.slice(1)) return type;
  return `${pkg}:${module.slice(0, slash)}:${name}`;
}

/** The type of the stack's own resource, the root of the tree. */
export const STACK_TYPE = "pulumi:pulumi:Stack";
