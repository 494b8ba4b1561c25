import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

const sales = new Dataset("sales", {
  displayName: "Sales",
});

const orders = new Datatable("orders", {
  datasetId: sales.id,
  displayName: "Orders",
});

const upload = new DatatableUpload("orders", {
  datasetId: sales.id,
  datatableId: orders.id,
  source: "data/orders.csv",
});

export const datasetId = sales.id;
export const datatableId = orders.id;
export const sha256 = upload.contentSha256;
