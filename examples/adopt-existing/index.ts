import * as pulumi from "@pulumi/pulumi";
import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

// Ids of what was made in the web application: pulumi config set datasetId …
const config = new pulumi.Config();

const claims = new Dataset("claims", {
  displayName: "Claims", // must be what ProcessMind has
  existingId: config.require("datasetId"),
});

const events = new Datatable("events", {
  datasetId: claims.id,
  displayName: "Claim events",
  existingId: config.require("datatableId"),
});

// From now on the program keeps the table's data up to date.
new DatatableUpload("events", {
  datasetId: claims.id,
  datatableId: events.id,
  source: "data/claim-events.csv",
});

export const allAdopted = pulumi.all([claims.adopted, events.adopted]).apply((adopted) => adopted.every(Boolean));
