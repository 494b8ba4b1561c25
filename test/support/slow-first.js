// Two workers are done together only if what takes longest begins first.
const SLOW = [
  "test/end-to-end/",
  "test/examples/",
  "test/engine/cli/",
  "test/engine/hosts/",
  "test/package/",
  "test/docs/",
  "test/lifecycle/",
];

module.exports = class SlowFirst {
  sort(tests) {
    const rank = ({ path }) => {
      const index = SLOW.findIndex((folder) => path.replaceAll("\\", "/").includes(folder));
      return index === -1 ? SLOW.length : index;
    };
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
};
