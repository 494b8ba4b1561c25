import { adoptedReplacement, adoptionMismatch, unexpectedRefusal } from "../../../provider/lifecycles/adopt";
import { UNKNOWN } from "../../../provider/lifecycles/checks";
import type { Policy } from "../../../provider/lifecycles/policy";

interface Inputs {
  displayName: string;
  datasetId: string;
  existingId?: string;
  forceDestroy?: boolean;
}
const POLICY: Policy<Inputs> = {
  displayName: "refuse",
  datasetId: "refuse-parent",
  existingId: "ignore",
  forceDestroy: "update",
};
const STORED = { displayName: "a", datasetId: "d", existingId: "x", forceDestroy: true };

test.each<[string, object, object, string | undefined]>([
  ["another name", {}, { displayName: "b" }, "displayName"],
  ["another name and place", {}, { displayName: "b", datasetId: "e" }, "displayName, datasetId"],
  ["a place not known yet: it is about to be replaced", {}, { datasetId: UNKNOWN }, "datasetId"],
  ["a name not known yet may be the old one", {}, { displayName: UNKNOWN }, undefined],
  ["no change", {}, {}, undefined],
  ["forceDestroy taken back", {}, { forceDestroy: false }, undefined],
  ["existingId taken away", {}, { displayName: "b", existingId: undefined }, undefined],
  ["existingId not known yet", {}, { displayName: "b", existingId: UNKNOWN }, undefined],
  ["existingId given only now", { existingId: undefined }, { displayName: "b" }, "displayName"],
  [
    "without forceDestroy it is refused elsewhere",
    { forceDestroy: false },
    { displayName: "b", forceDestroy: true },
    undefined,
  ],
])("replacing what was taken over: %s", (_what, stored, wanted, changed) => {
  const failures = adoptedReplacement<Inputs>(POLICY, { ...STORED, ...stored }, { ...STORED, ...wanted });
  const reason = `existingId must be removed before ${changed} can change: a new object would be made, and existingId names the old one`;
  expect(failures).toEqual(changed === undefined ? [] : [{ property: "existingId", reason }]);
});

test.each([
  [
    "ADOPTION_MISMATCH",
    adoptionMismatch("Dataset", "Sales", "d-1", ['displayName is "A", not "B"', 'treeParentId is "x", not "none"']),
    'taking over Dataset "Sales" by existingId "d-1": what is there is another than what the program describes: displayName is "A", not "B"; ' +
      'treeParentId is "x", not "none". Nothing was changed. Correct existingId, or write in the program what ProcessMind has.',
  ],
  [
    "DELETE_REFUSED",
    unexpectedRefusal("Datatable", "Orders", "t-1"),
    'deleting Datatable "Orders" (t-1): the API answered "success": false. It is still there. Delete it in ProcessMind and run `pulumi refresh`, or try again.',
  ],
])("%s", (code, error, message) => {
  expect([error.code, error.message]).toEqual([code, message]);
});
