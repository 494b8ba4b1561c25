const { transformSync } = require("esbuild");

/** Types are checked once, by `tsc`, in `npm run verify`. Options that differ make jest transpile anew. */
module.exports = {
  process: (source, file, { transformerConfig }) =>
    transformSync(source, { ...transformerConfig, sourcefile: file, sourcemap: true }),
};
