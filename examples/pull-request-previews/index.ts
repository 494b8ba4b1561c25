import { Dataset, Datatable, DatatableUpload } from "pulumi-processmind";

const claims = new Dataset("claims", { displayName: "Reviewed claims" });

const events = new Datatable("events", { datasetId: claims.id, displayName: "Claim events" });

new DatatableUpload("events", {
  datasetId: claims.id,
  datatableId: events.id,
  source: "data/claim-events.csv",
  // Adds cases, activities and the time span to what a reviewer sees.
  eventLog: { caseId: "case_id", activity: "activity", timestamp: "timestamp" },
  // What no pull request may do without saying so; each fails the preview.
  requireColumns: ["case_id", "activity", "timestamp"],
  onColumnsRemoved: "error",
  maxRowDropPercent: 10,
});
