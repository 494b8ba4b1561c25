export { createProgramHost } from "./program-host";
export { createProviderHost } from "./provider-host";
