const { transpile } = require("../../scripts/transpile.js");

/** Types are checked once, by `tsc`, in `npm run verify`. */
module.exports = { process: (source, file) => transpile(source, file, true) };
