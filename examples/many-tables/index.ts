import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

const finance = new Dataset("finance", {
  displayName: "Finance",
  treeNodeType: "TreeGroup", // a folder
});

const purchasing = new Dataset("purchasing", {
  displayName: "Purchasing",
  treeParentId: finance.id,
});

/** One table for each file: `goods-receipts.csv` becomes "Goods receipts". */
const files = readdirSync("data").filter((file) => file.endsWith(".csv"));

export const datatableIds = Object.fromEntries(
  files.map((file) => {
    const name = basename(file, ".csv");
    const table = new Datatable(name, {
      datasetId: purchasing.id,
      displayName: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " "),
    });
    new DatatableUpload(name, {
      datasetId: purchasing.id,
      datatableId: table.id,
      source: `data/${file}`,
    });
    return [name, table.id];
  }),
);
