import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

const support = new Dataset("support", { displayName: "Support" });

const tickets = new Datatable("tickets", { datasetId: support.id, displayName: "Tickets" });

const months = readdirSync("data")
  .filter((file) => /^\d{4}-\d{2}\.csv$/.test(file))
  .sort();

/** One upload for each month, in their order. The month names it, so a new file leaves the earlier ones as they are. */
let previous: DatatableUpload | undefined;
for (const file of months) {
  previous = new DatatableUpload(
    `tickets-${basename(file, ".csv")}`,
    {
      datasetId: support.id,
      datatableId: tickets.id,
      source: `data/${file}`,
      whenTableHasRows: "send", // the rows of the earlier months
      requireColumns: ["ticket", "activity", "timestamp"],
    },
    { dependsOn: previous },
  );
}
