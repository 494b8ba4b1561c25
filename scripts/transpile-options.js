/** How esbuild makes CommonJS of TypeScript; on a cold cache the compiler takes 20 times as long. */
module.exports = {
  loader: "ts",
  format: "cjs",
  target: "es2022",
  // Jest has no modules but CommonJS; what is imported when it is needed is then required.
  supported: { "dynamic-import": false },
};
