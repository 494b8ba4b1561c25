/** One way users install and run the package. Everything that is not said is the plain case. */
export interface Cell {
  name: string;
  /** What the program is written in; default `commonjs`. */
  program?: "commonjs" | "esm" | "typescript" | "typescript-esm";
  /** Who compiles TypeScript; default Pulumi, with the project's ts-node and typescript. */
  compiler?: "pulumi's own" | "tsx by nodeargs" | "tsx by NODE_OPTIONS";
  /** Default `npm`. */
  manager?: "npm" | "pnpm" | "pnpm newest" | "yarn" | "yarn berry";
  /** How the folders lie; default `plain`. */
  layout?: "plain" | "workspace" | "odd path" | "read-only package";
  /** Version of `@pulumi/pulumi`; default {@link DEVELOPED_WITH}. */
  sdk?: string;
  /** What runs engine, program and provider; default the node that runs the matrix. */
  runtime?: "node 20" | "node 22" | "node 24" | "bun";
}

const OLDEST_SDK = "3.216.0";
export const DEVELOPED_WITH = "3.248.0";

export const CELLS: Cell[] = [
  { name: "CommonJS, JavaScript" },
  { name: "ESM, JavaScript", program: "esm" },
  { name: "CommonJS, TypeScript, ts-node", program: "typescript" },
  { name: "CommonJS, TypeScript, the compiler in Pulumi", program: "typescript", compiler: "pulumi's own" },
  { name: "ESM, TypeScript, ts-node", program: "typescript-esm" },
  { name: "CommonJS, TypeScript, tsx by nodeargs", program: "typescript", compiler: "tsx by nodeargs" },
  { name: "ESM, TypeScript, tsx by nodeargs", program: "typescript-esm", compiler: "tsx by nodeargs" },
  { name: "ESM, TypeScript, tsx by NODE_OPTIONS", program: "typescript-esm", compiler: "tsx by NODE_OPTIONS" },
  { name: "pnpm", program: "typescript", manager: "pnpm" },
  { name: "pnpm, newest", manager: "pnpm newest" },
  { name: "yarn 1", program: "typescript", manager: "yarn" },
  { name: "yarn 4, node_modules", program: "typescript", manager: "yarn berry" },
  { name: "npm workspace, package hoisted", program: "typescript", layout: "workspace" },
  { name: "pnpm workspace", layout: "workspace", manager: "pnpm" },
  { name: "yarn 1 workspace, package hoisted", layout: "workspace", manager: "yarn" },
  { name: "a path with blanks and non-ASCII", program: "typescript", layout: "odd path" },
  { name: "ESM in a path with blanks and non-ASCII", program: "esm", layout: "odd path" },
  { name: "read-only package folder", layout: "read-only package" },
  { name: `@pulumi/pulumi ${OLDEST_SDK} (oldest)`, program: "typescript", sdk: OLDEST_SDK },
  { name: "@pulumi/pulumi newest, node 24", program: "typescript", sdk: "latest", runtime: "node 24" },
  { name: "node 20", program: "typescript", runtime: "node 20" },
  { name: "node 22", program: "typescript", runtime: "node 22" },
  { name: "node 24", program: "typescript-esm", runtime: "node 24" },
  { name: `node 24, @pulumi/pulumi ${OLDEST_SDK}`, sdk: OLDEST_SDK, runtime: "node 24" },
  { name: "Bun is refused in one line", runtime: "bun" },
];
