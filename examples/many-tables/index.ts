import { readdirSync } from "node:fs";
import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

// Before `pulumi destroy`, which refuses to lose rows: pulumi config set forceDestroy true && pulumi up
const forceDestroy = new pulumi.Config().getBoolean("forceDestroy");

const finance = new Dataset("finance", {
  displayName: "Finance",
  treeNodeType: "TreeGroup", // a folder
  forceDestroy,
});

const purchasing = new Dataset("purchasing", {
  displayName: "Purchasing",
  treeParentId: finance.id,
  forceDestroy,
});

/**
 * Files that were renamed, with the names they had. A resource keeps its name, or its table would be deleted and made
 * anew. Of `invoices.csv`, now `vendor-invoices.csv`: { "vendor-invoices": "invoices" }
 */
const formerNames: { [name: string]: string } = {};

/** One table for each file: `goods-receipts.csv` becomes "Goods receipts". Another file changes no other name. */
const files = readdirSync("data").filter((file) => file.endsWith(".csv"));

export const datatableIds = Object.fromEntries(
  files.map((file) => {
    const fileName = basename(file, ".csv");
    const name = formerNames[fileName] ?? fileName;
    const table = new Datatable(name, {
      datasetId: purchasing.id,
      displayName: name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " "),
      forceDestroy,
    });
    new DatatableUpload(name, {
      datasetId: purchasing.id,
      datatableId: table.id,
      source: `data/${file}`,
      fileName: `${name}.csv`, // under another name the same file would be sent again
    });
    return [name, table.id];
  }),
);
