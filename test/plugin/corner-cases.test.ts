import { testCornerCases } from "../lifecycle/corner-cases";
import { startedWith } from "../lifecycle/scene";
import { startPluginHost } from "../support/plugin-host";

// Both hosts run the same lifecycles, which the dynamic provider's process meets in all of them. Here are those in which
// the hosts differ: errors and half-made objects on their way to the engine, and what is kept out of them.
testCornerCases(startedWith(startPluginHost), [
  "400 that quotes the key and an upload address",
  "500, then success",
  "a reset after it was done",
  "JSON cut short",
]);
