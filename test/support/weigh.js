/**
 * Writes weights.json anew: the processor seconds each test file takes, with all it starts. A reporter, for Linux:
 * npx jest --runInBand --reporters=./test/support/weigh.js
 */
const fs = require("node:fs");
const path = require("node:path");

const FILE = path.join(__dirname, "weights.json");
const TICKS_PER_SECOND = 100;
/** What takes less begins in any order. */
const LEAST_SECONDS = 3;

module.exports = class Weigh {
  seconds = [];
  began = 0;

  onTestFileStart() {
    this.began = ticks();
  }

  onTestFileResult(test) {
    const name = path.relative(test.context.config.rootDir, test.path).replaceAll("\\", "/");
    this.seconds.push([name, Math.round((ticks() - this.began) / TICKS_PER_SECOND)]);
  }

  onRunComplete() {
    const slow = this.seconds.filter(([, seconds]) => seconds >= LEAST_SECONDS).sort((a, b) => b[1] - a[1]);
    fs.writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(slow), null, 2)}\n`);
  }
};

/** The processor time of this process and of those it has waited for: utime, stime, cutime and cstime of proc(5). */
function ticks() {
  const stat = fs.readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}
