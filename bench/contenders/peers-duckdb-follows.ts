import { DuckDBInstance } from "@duckdb/node-api";

/** `peers-duckdb-follows.js FILE ...`: how often which activity directly follows which, by DuckDB with two threads. */

const FOLLOWS = `
  SELECT activity, next, count(*) FROM (
    SELECT activity, lead(activity) OVER (PARTITION BY case_id ORDER BY "timestamp") AS next
    FROM read_csv($file, header = true, columns = {
      'case_id': 'VARCHAR', 'activity': 'VARCHAR', 'timestamp': 'TIMESTAMPTZ', 'resource': 'VARCHAR', 'amount': 'DOUBLE' })
  ) WHERE next IS NOT NULL GROUP BY ALL`;

async function main(): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  for (const file of process.argv.slice(2)) {
    const reader = await connection.runAndReadAll(FOLLOWS, { file });
    process.stdout.write(`${reader.getRows().length}\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
