import { runReview } from "./command";

runReview(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
