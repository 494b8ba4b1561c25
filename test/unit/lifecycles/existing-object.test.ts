import { adoptedReplacement } from "../../../provider/lifecycles/existing-object";
import type { Policy } from "../../../provider/lifecycles/policy";
import { UNKNOWN } from "../../../provider/unknown";

interface Inputs {
  displayName: string;
  datasetId: string;
  tenantId: string;
  existingId?: string;
  forceDestroy?: boolean;
  timeoutSeconds?: number;
}
const POLICY: Policy<Inputs> = {
  displayName: "refuse",
  datasetId: "refuse-parent",
  tenantId: "refuse",
  existingId: "ignore",
  forceDestroy: "update",
  timeoutSeconds: "update",
};
const STORED = { displayName: "a", datasetId: "d", existingId: "x", forceDestroy: true };

test.each<[string, object, object, string[] | undefined]>([
  ["another name", {}, { displayName: "b" }, ["displayName"]],
  ["another name and place", {}, { displayName: "b", datasetId: "e" }, ["displayName", "datasetId"]],
  ["a place not known yet: it is about to be replaced", {}, { datasetId: UNKNOWN }, ["datasetId"]],
  ["a name not known yet may be the old one", {}, { displayName: UNKNOWN }, undefined],
  ["no change", {}, {}, undefined],
  ["forceDestroy set back", {}, { forceDestroy: false }, undefined],
  ["existingId removed", {}, { displayName: "b", existingId: undefined }, undefined],
  ["existingId not known yet", {}, { displayName: "b", existingId: UNKNOWN }, undefined],
  ["existingId set only now", { existingId: undefined }, { displayName: "b" }, ["displayName"]],
  [
    "without forceDestroy it is rejected elsewhere",
    { forceDestroy: false },
    { displayName: "b", forceDestroy: true },
    undefined,
  ],
])("rejects the replacement of an adopted object: %s", (_what, stored, wanted, changed) => {
  const failures = adoptedReplacement<Inputs>(POLICY, { ...STORED, ...stored }, { ...STORED, ...wanted }, (names) => ({
    property: "existingId",
    reason: names.join(),
  }));
  expect(failures).toEqual(changed === undefined ? [] : [{ property: "existingId", reason: changed.join() }]);
});
