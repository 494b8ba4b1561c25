/** What was being done when something happened: gerund and noun, the beginning of an error's message. */

export const readingTheConfiguration = () => "reading the configuration";

export const runningThePackage = () => "running pulumi-processmind";

export const declaring = (kind: string, name: string) => `declaring ${kind} "${name}"`;

export const lookingUp = (noun: string) => `looking up ${noun}`;

export const lookingUpByName = (noun: string, displayName: string, where: string) =>
  `looking up ${noun} "${displayName}" in ${where}`;

export const listingDatasets = (tenantId: string) => `listing the datasets of tenant "${tenantId}"`;

export const listingDatatables = (tenantId: string) => `listing the datatables of tenant "${tenantId}"`;

export const listingDatatablesIn = (datasetId: string) => `listing the datatables of Dataset "${datasetId}"`;

export const reading = (noun: string, id: string) => `reading ${noun} "${id}"`;

export const readingNamed = (noun: string, displayName: string, id: string) =>
  `reading ${noun} "${displayName}" (${id})`;

export const creating = (noun: string, displayName: string) => `creating ${noun} "${displayName}"`;

export const creatingIn = (datasetId: string, displayName: string) =>
  `creating Datatable "${displayName}" in Dataset "${datasetId}"`;

export const adopting = (noun: string, displayName: string, id: string) =>
  `adopting ${noun} "${displayName}" by existingId "${id}"`;

export const deleting = (noun: string, id: string) => `deleting ${noun} "${id}"`;

export const deletingNamed = (noun: string, displayName: string, id: string) =>
  `deleting ${noun} "${displayName}" (${id})`;

export const presigning = (datatableId: string) => `getting an upload URL for Datatable "${datatableId}"`;

export const uploading = (fileName: string, datatableId: string) =>
  `uploading "${fileName}" to Datatable "${datatableId}"`;
