import {
  type Monitor,
  NO_OPTIONS,
  type ProgramHost,
  type ProgramResult,
  type Properties,
  type Registered,
  UNKNOWN,
} from "../../engine/model";
import type { Declaration } from "./scenario";

/** Programs of declarations: as a program of its own for `pulumi-offline`, and registered from here, which is cheaper. */

const SHELLS = {
  folder: ["Dataset", "dataset"],
  dataset: ["Dataset", "dataset"],
  table: ["Datatable", "datatable"],
  upload: ["DatatableUpload", "datatableUpload"],
} as const;

/** `index.js`: what a user would write, from `plan.json`. */
export const PROGRAM = `const { Dataset, Datatable, DatatableUpload } = require("pulumi-processmind");
const made = {};
for (const { kind, name, displayName, parent, oldHolderId, forceDestroy, existingId, allowSameName, source, waitForRowsSeconds, whenTableHasRows } of require("./plan.json")) {
  const holder = made[parent];
  const holderId = oldHolderId ?? holder?.id;
  const shared = { displayName, forceDestroy, existingId, allowSameName };
  if (kind === "folder") made[name] = new Dataset(name, { ...shared, treeNodeType: "TreeGroup", treeParentId: holderId });
  if (kind === "dataset") made[name] = new Dataset(name, { ...shared, treeParentId: holderId });
  if (kind === "table") made[name] = new Datatable(name, { ...shared, datasetId: holderId });
  if (kind === "upload") made[name] = new DatatableUpload(name, { datatableId: holder.id, datasetId: holder.datasetId, source, waitForRowsSeconds, whenTableHasRows });
}
`;

/** A host that registers the declarations itself, with what the program above would send. */
export function declaredProgram(program: Declaration[], project: string, tenantId: string): ProgramHost {
  return {
    async run({ stack }, monitor, abort) {
      const killed = new Promise<ProgramResult>((resolve) => {
        abort.addEventListener("abort", () => resolve({ ok: false, exitCode: null }));
      });
      const root = await monitor.registerResource({
        ...NO_OPTIONS,
        type: "pulumi:pulumi:Stack",
        name: `${project}-${stack}`,
        custom: false,
        parent: "",
        inputs: {},
      });
      const finished = registerAll(program, monitor, root.urn, tenantId).then(
        async (): Promise<ProgramResult> => {
          await monitor.registerResourceOutputs(root.urn, {});
          return { ok: true, exitCode: 0 };
        },
        (error): ProgramResult => ({ ok: false, exitCode: 32, reason: String(error) }),
      );
      return Promise.race([finished, killed]);
    },
  };
}

async function registerAll(program: Declaration[], monitor: Monitor, stack: string, tenantId: string): Promise<void> {
  const made = new Map<string, Promise<Registered>>();
  for (const declaration of program) {
    made.set(declaration.name, register(declaration, made.get(declaration.parent ?? ""), monitor, stack, tenantId));
  }
  await Promise.all(made.values());
}

async function register(
  declaration: Declaration,
  holding: Promise<Registered> | undefined,
  monitor: Monitor,
  stack: string,
  tenantId: string,
): Promise<Registered> {
  const holder = await holding;
  const links = linksTo(declaration, holder);
  const [token, name] = SHELLS[declaration.kind];
  return monitor.registerResource({
    ...NO_OPTIONS,
    type: `pulumi-nodejs:dynamic/processmind:${token}`,
    name: declaration.name,
    custom: true,
    parent: stack,
    inputs: {
      ...ownInputs(declaration),
      ...links,
      tenantId,
      __provider: `exports.handler = () => require("pulumi-processmind/lifecycle").${name};`,
    },
    dependencies: holder ? [holder.urn] : [],
    propertyDependencies: holder ? Object.fromEntries(Object.keys(links).map((key) => [key, [holder.urn]])) : {},
  });
}

function ownInputs(declaration: Declaration): Properties {
  const { kind, displayName, forceDestroy, existingId, allowSameName, source, waitForRowsSeconds = 0 } = declaration;
  const { whenTableHasRows } = declaration;
  return {
    ...(kind === "upload" ? { source: source ?? "", waitForRowsSeconds } : { displayName }),
    ...(kind === "folder" ? { treeNodeType: "TreeGroup" } : {}),
    ...(forceDestroy === undefined ? {} : { forceDestroy }),
    ...(existingId === undefined ? {} : { existingId }),
    ...(allowSameName === undefined ? {} : { allowSameName }),
    ...(whenTableHasRows === undefined ? {} : { whenTableHasRows }),
  };
}

function linksTo({ kind, oldHolderId }: Declaration, holder: Registered | undefined): Properties {
  if (!holder) return {};
  // Not known in a preview.
  const id = oldHolderId ?? (holder.id || UNKNOWN);
  if (kind === "table") return { datasetId: id };
  if (kind === "upload") return { datatableId: id, datasetId: holder.outputs["datasetId"] ?? UNKNOWN };
  return { treeParentId: id };
}
