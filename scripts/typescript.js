/**
 * Lets node run TypeScript: `node -r ./scripts/typescript.js scripts/start.ts`. Transpiles only, as jest does: types are
 * checked by `tsc` in `npm run verify`.
 */
const fs = require("node:fs");
const { transpile } = require("./transpile.js");

process.setSourceMapsEnabled(true);
require.extensions[".ts"] = (module, file) =>
  module._compile(transpile(fs.readFileSync(file, "utf8"), file, "inline").code, file);
