import { schemaText } from "./schema";

// For the test, which compares it with the schema checked in.
process.stdout.write(schemaText());
