import { DuckDBInstance } from "@duckdb/node-api";

/** `peers-duckdb.js FILE`: the counts and the span of an event log, by DuckDB with as many threads as ours has. */

const COUNTS = `
  SELECT count(*), count(DISTINCT case_id), count(DISTINCT activity), min("timestamp"), max("timestamp")
  FROM read_csv($file, header = true, columns = {
    'case_id': 'VARCHAR', 'activity': 'VARCHAR', 'timestamp': 'TIMESTAMPTZ', 'resource': 'VARCHAR', 'amount': 'DOUBLE' })`;

async function main(): Promise<void> {
  const [file = ""] = process.argv.slice(2);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(COUNTS, { file });
  process.stdout.write(`${reader.getRows()[0]?.map(String).join(" ")}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
