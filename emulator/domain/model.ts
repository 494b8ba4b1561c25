/** What the emulated tenant consists of: plain data, exactly what the data folder keeps. No behaviour here. */

export const COLUMN_TYPES = ["string", "datetime", "integer", "number"] as const;

/** A column as ingestion found it. */
export interface Column {
  name: string;
  type: (typeof COLUMN_TYPES)[number];
}

/** A dataset, or a folder of datasets (`TreeGroup`). */
export interface Dataset {
  id: string;
  displayName: string;
  treeNodeType: "Dataset" | "TreeGroup";
  treeParentId: string | null;
  createdAt: string;
}

/** A datatable. Without `rowCount` and `columns` nothing was ever ingested into it. */
export interface Datatable {
  id: string;
  datasetId: string;
  displayName: string;
  createdAt: string;
  rowCount?: number;
  columns?: Column[];
}

/** The bytes a presigned PUT left behind. */
export interface StoredObject {
  /** Names the bytes in the store; made by the emulator, never by a client. */
  objectId: string;
  sizeBytes: number;
  sha256: string;
  md5: string;
  contentType: string | null;
  storedAt: string;
  /** False in discard mode: hashed and counted, then thrown away. */
  kept: boolean;
}

/** What became of the stored bytes: `skipped` means stored, and not a format that is parsed here. */
export type Ingestion = "waiting" | "done" | "failed" | "skipped";

/** One presigned URL and what came of it. */
export interface Upload {
  id: string;
  datatableId: string;
  /** The key within the bucket. */
  key: string;
  fileName: string;
  declaredSizeBytes: number;
  lastModifiedMs: number;
  requestedAt: string;
  expiresAt: string;
  object?: StoredObject;
  ingestion?: Ingestion;
  /** Why ingestion failed or was skipped. */
  ingestionNote?: string;
}

/** Everything one emulator knows. */
export interface TenantState {
  version: 1;
  tenant: { id: string; displayName: string; createdAt: string; plan: string };
  /** Signs presigned URLs; kept so that URLs outlive a restart. */
  signingSecret: string;
  datasets: Dataset[];
  datatables: Datatable[];
  uploads: Upload[];
}
