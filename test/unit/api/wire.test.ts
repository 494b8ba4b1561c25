import {
  idOf,
  parseDataset,
  parseDatatable,
  parseList,
  parsePresignedUrl,
  parseSuccess,
} from "../../../provider/api/wire";
import { ProcessMindError } from "../../../provider/errors";

const ORIGIN = { doing: "reading it", details: { method: "GET", path: "/tenant/t/it", status: 200 } };

type Parse = (json: unknown, origin: typeof ORIGIN) => unknown;
const list: Parse = (json, origin) => parseList(json, origin, parseDataset);

/** What happened, as the error tells it; everything around that is the same for all. */
function refusalOf(parse: Parse, json: unknown): string {
  try {
    parse(json, ORIGIN);
  } catch (error) {
    if (!(error instanceof ProcessMindError)) throw error;
    const { code, mayHaveHappened, message } = error;
    expect({ code, mayHaveHappened }).toEqual({ code: "BAD_RESPONSE", mayHaveHappened: true });
    const [, happened = message] = /^reading it: (.*) \(BAD_RESPONSE, status 200\)\.\n/.exec(message) ?? [];
    return happened;
  }
  throw new Error("accepted");
}

describe("what is accepted", () => {
  test.each<[string, Parse, unknown, unknown]>([
    [
      "a dataset in full",
      parseDataset,
      {
        id: "d",
        displayName: "Sales",
        createdAt: "2024",
        datatableCount: 2,
        treeNodeType: "Dataset",
        treeParentId: "f",
        datatables: [{ id: "t", displayName: "Orders", rowCount: 3 }],
      },
      {
        id: "d",
        displayName: "Sales",
        createdAt: "2024",
        datatableCount: 2,
        treeNodeType: "Dataset",
        treeParentId: "f",
        datatables: [{ id: "t", displayName: "Orders", rowCount: 3 }],
      },
    ],
    ["a dataset of nothing but an id", parseDataset, { id: "d" }, { id: "d" }],
    [
      "null is not told, but at the top of the tree",
      parseDataset,
      {
        id: "d",
        displayName: null,
        createdAt: null,
        datatableCount: null,
        treeNodeType: null,
        treeParentId: null,
        datatables: null,
      },
      { id: "d", treeParentId: null },
    ],
    [
      "a dataset without tables is not one that does not tell",
      parseDataset,
      { id: "d", datatables: [] },
      { id: "d", datatables: [] },
    ],
    ["fields nobody knows are left out", parseDataset, { id: "d", color: "red", displayname: "x" }, { id: "d" }],
    [
      "numbers as ids, everywhere",
      parseDataset,
      { id: 7, treeParentId: 0, datatables: [{ id: 8, datasetId: 7 }] },
      { id: "7", treeParentId: "0", datatables: [{ id: "8", datasetId: "7" }] },
    ],
    [
      "a datatable in full",
      parseDatatable,
      {
        id: "t",
        displayName: "Orders",
        datasetId: "d",
        rowCount: 0,
        columns: [{ name: "case", type: "string", more: 1 }],
        createdAt: "2024",
      },
      {
        id: "t",
        displayName: "Orders",
        datasetId: "d",
        rowCount: 0,
        columns: [{ name: "case", type: "string" }],
        createdAt: "2024",
      },
    ],
    ["null rows stay null", parseDatatable, { id: "t", rowCount: null, columns: null }, { id: "t", rowCount: null }],
    ["absent rows stay absent", parseDatatable, { id: "t" }, { id: "t" }],
    [
      "columns that say little",
      parseDatatable,
      { id: "t", columns: [{}, { name: "a", type: null }] },
      {
        id: "t",
        columns: [
          { name: "", type: "" },
          { name: "a", type: "" },
        ],
      },
    ],
    ["an empty list", list, [], []],
    ["a list", list, [{ id: "a" }, { id: 2 }], [{ id: "a" }, { id: "2" }]],
    ["an id", idOf, { id: "x/ y" }, "x/ y"],
    [
      "a presigned URL, untouched",
      parsePresignedUrl,
      { PreSignedUploadUrl: "https://s3.test/k?X=a%2Fb&Y=+" },
      "https://s3.test/k?X=a%2Fb&Y=+",
    ],
    ["a deletion", parseSuccess, { success: true }, true],
    ["a deletion that does not say", parseSuccess, {}, undefined],
    ["a deletion that says it in another way", parseSuccess, { success: "false", error: "locked" }, undefined],
    ["a deletion that was refused", parseSuccess, { success: false }, false],
  ])("%s", (_what, parse, json, expected) => {
    expect(parse(json, ORIGIN)).toStrictEqual(expected);
  });
});

describe("what is refused, and how the field is named", () => {
  test.each<[Parse, unknown, string]>([
    [parseDataset, null, "the response is null, expected an object"],
    [parseDataset, [], "the response is a list, expected an object"],
    [parseDataset, "text", "the response is a string, expected an object"],
    [parseDataset, 5, "the response is a number, expected an object"],
    [parseDataset, {}, "the response has no id: only nothing"],
    [parseDataset, { Id: "x", name: "y" }, "the response has no id: only Id, name"],
    [parseDataset, { id: null, name: "y" }, "the response has no id: only name"],
    [parseDataset, { id: "" }, "the response has no id: only nothing"],
    [parseDataset, { id: {} }, '"id" is an object, expected text'],
    [parseDataset, { id: true }, '"id" is a boolean, expected text'],
    [parseDataset, { id: "d", displayName: 5 }, '"displayName" is a number, expected text'],
    [parseDataset, { id: "d", createdAt: 1704067200000 }, '"createdAt" is a number, expected text'],
    [parseDataset, { id: "d", datatableCount: "2" }, '"datatableCount" is a string, expected a number'],
    [parseDataset, { id: "d", treeNodeType: ["Dataset"] }, '"treeNodeType" is a list, expected text'],
    [parseDataset, { id: "d", treeParentId: {} }, '"treeParentId" is an object, expected text'],
    [parseDataset, { id: "d", datatables: {} }, '"datatables" is an object, expected a list'],
    [parseDataset, { id: "d", datatables: ["t"] }, "the response is a string, expected an object"],
    [parseDataset, { id: "d", datatables: [{ displayName: "x" }] }, "the response has no id: only displayName"],
    [parseDatatable, { id: "t", rowCount: "5" }, '"rowCount" is a string, expected a number'],
    [parseDatatable, { id: "t", datasetId: false }, '"datasetId" is a boolean, expected text'],
    [parseDatatable, { id: "t", columns: "a,b" }, '"columns" is a string, expected a list'],
    [parseDatatable, { id: "t", columns: ["a"] }, 'an item of "columns" is a string, expected an object'],
    [parseDatatable, { id: "t", columns: [{ name: 1 }] }, '"name" is a number, expected text'],
    [list, { items: [], next: "2" }, "the response is an object, expected a list"],
    [list, [{ id: "a" }, null], "the response is null, expected an object"],
    [parsePresignedUrl, {}, "the response has no PreSignedUploadUrl: only nothing"],
    [
      parsePresignedUrl,
      { preSignedUploadUrl: "https://secret" },
      "the response has no PreSignedUploadUrl: only preSignedUploadUrl",
    ],
    [parsePresignedUrl, { PreSignedUploadUrl: null, a: 1 }, "the response has no PreSignedUploadUrl: only a"],
    [
      parsePresignedUrl,
      { PreSignedUploadUrl: "secret" },
      "the response has an unusable PreSignedUploadUrl: only nothing",
    ],
    [parseSuccess, [], "the response is a list, expected an object"],
  ])("%# %p", (parse, json, expected) => {
    expect(refusalOf(parse, json)).toBe(expected);
  });

  test("nor does a field of a long name", () => {
    expect(refusalOf(parseDataset, { ["x".repeat(100_000)]: 1 })).toBe(
      `the response has no id: only ${"x".repeat(36)}`,
    );
  });

  test("an answer of many fields does not flood the message", () => {
    const fields = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, index]));
    const names = Array.from({ length: 5 }, (_, index) => `f${index}`).join(", ");
    expect(refusalOf(parseDataset, fields)).toBe(`the response has no id: only ${names}, …`);
  });
});
