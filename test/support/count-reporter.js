// Prints the count in the form CI reads, as the last line of a run.
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests > 0 ? `, ${results.numPendingTests} skipped` : "";
    // After the default reporter's summary, which goes to stderr.
    process.on("exit", () => process.stdout.write(`${results.numPassedTests} passed, ${failed} failed${skipped}\n`));
  }
};
