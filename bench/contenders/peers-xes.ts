import * as fs from "node:fs";
import { SaxesParser } from "saxes";

/** `peers-xes.js FILE`: reads the same XML with saxes, and does nothing with it. */

async function main(): Promise<void> {
  const [file = ""] = process.argv.slice(2);
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  for await (const text of fs.createReadStream(file, { encoding: "utf8", highWaterMark: 256 * 1024 }))
    parser.write(text);
  parser.close();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
