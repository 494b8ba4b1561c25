const transpileOptions = require("./scripts/transpile-options.js");

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "^.+\\.ts$": ["<rootDir>/test/support/transpile.js", transpileOptions] },
  // Jest looks up each global of a test's own context in a slow way; these become arguments of each module. Not those that
  // a test replaces, such as Date, or that a package declares for itself, such as Set.
  sandboxInjectedGlobals: ["Array", "Float64Array", "Math", "Number", "Object", "Uint32Array", "Uint8Array"],
  // The repository links itself into node_modules, and the tour copies examples: jest would see those modules twice.
  modulePathIgnorePatterns: [
    "<rootDir>/([a-z]+/)?dist/",
    "<rootDir>/node_modules/pulumi-processmind/",
    "<rootDir>/.start/",
  ],
  // Its sources, as tsconfig.json has it for the compiler; other processes than jest load what is built.
  moduleNameMapper: { "^processmind-emulator$": "<rootDir>/emulator/index.ts" },
  // A limit for what hangs, not a measurement: a busy machine is many times slower.
  testTimeout: 300_000,
  // For two cores: a third of the time of a worker is waiting for processes it started. With three, 16 % of the cores was idle,
  // with four 10 %.
  maxWorkers: 4,
  testSequencer: "<rootDir>/test/support/slow-first.js",
  coverageProvider: "v8",
  reporters: ["default", "<rootDir>/test/support/count-reporter.js"],
};
