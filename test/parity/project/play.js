// Carries out a program that is data (../model.ts), with Pulumi's SDK: the same for every engine.
const pulumi = require("@pulumi/pulumi");

const TYPE = "pulumi-nodejs:dynamic/test:";

class Custom extends pulumi.CustomResource {
  constructor(kind, type, name, inputs, options) {
    const __provider = `exports.handler = () => require("./provider.js").${kind};`;
    const properties = { label: name, serial: undefined, shadow: undefined, ...inputs, __provider };
    super(TYPE + (type ?? "Thing"), name, properties, options);
  }
}

class Component extends pulumi.ComponentResource {
  constructor(type, name, inputs, options) {
    super(`test:index:${type ?? "Group"}`, name, inputs, options);
  }
}

class Account extends pulumi.ProviderResource {
  constructor(name, inputs, options) {
    super("pulumi-nodejs", name, inputs, options);
  }
}

module.exports = async function play(program) {
  const made = new Map();
  for (const line of program.logs ?? []) pulumi.log[line.severity](line.message, made.get(line.of));
  for (const declared of program.resources) {
    const resource = make(declared, made);
    made.set(declared.name, resource);
    if (declared.outputs) resource.registerOutputs(resolved(declared.outputs, made));
    // One after the other, so that nothing but what came before has happened when one fails.
    if (program.serial) await new Promise((resolve) => resource.urn.apply(resolve));
  }
  if (program.throws) throw new pulumi.RunError(program.throws);
  if (program.rejects) throw new Error(program.rejects);
  return resolved(program.outputs ?? {}, made);
};

function make({ kind, name, type, inputs = {}, options = {}, id }, made) {
  const values = resolved(inputs, made);
  const given = { ...optionsOf(options, made), ...(id === undefined ? {} : { id: resolved(id, made) }) };
  if (kind === "component") return new Component(type, name, values, given);
  if (kind === "account") return new Account(name, values, given);
  return new Custom(kind, type, name, values, given);
}

/** Options that name other resources get the resources themselves. */
function optionsOf(options, made) {
  const found = (name) => (name === "$root" ? pulumi.rootStackResource : made.get(name));
  const result = { ...options };
  for (const key of ["parent", "deletedWith", "provider"]) {
    if (key in result) result[key] = found(result[key]);
  }
  if (result.dependsOn) result.dependsOn = result.dependsOn.map(found);
  if (result.aliases) {
    result.aliases = result.aliases.map((alias) =>
      alias.parent === undefined ? alias : { ...alias, parent: found(alias.parent) },
    );
  }
  return result;
}

function resolved(value, made) {
  if (Array.isArray(value)) return value.map((item) => resolved(item, made));
  if (typeof value !== "object" || value === null) return value;
  if ("$ref" in value) return reference(made.get(value.$ref), value.property ?? "id");
  if ("$secret" in value) return pulumi.secret(resolved(value.$secret, made));
  if ("$long" in value) return "x".repeat(value.$long);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item, made)]));
}

function reference(resource, property) {
  if (property === "$self") return resource;
  // What is not declared has no Output: it comes out of all of them.
  return resource[property] ?? resource.urn.apply(() => undefined);
}
