/** An emulator of the ProcessMind API and its presigned storage, for tests and for trying things without an account. */
export { BEHAVIOURS, type Behaviour, type Mark, type Switch } from "./domain/behaviour";
export { EmulatorError } from "./domain/errors";
export type { Column, Dataset, Datatable, Ingestion, StoredObject, TenantState, Upload } from "./domain/model";
export { DEFAULT_API_KEY, type Emulator, type EmulatorOptions, startEmulator } from "./emulator";
export type { Fault, FaultAction, FaultMatch } from "./wire/faults";
export type { JournalEntry } from "./wire/journal";
