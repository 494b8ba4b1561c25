import * as says from "../../../provider/messages/files";
import { profileOf, refusalOf } from "./profiled";

/** What the warnings about odd headers ask, and which fixes rejections offer. */

const warningsOf = async (content: string) => (await profileOf(content)).warnings;
const optionsOf = (content: string): Promise<readonly string[]> =>
  profileOf(content).then(
    () => [],
    ({ options }) => options,
  );
const HEADER = says.headerOnLine(1);

describe("a column without a name", () => {
  test.each<[string, number, says.Unnamed]>([
    ["a,b,\n1,2,\n3,4,\n", 3, "last"],
    ["a,b,\n1,2,\n3,4,note\n", 3, "between"],
    [",a,b\n0,1,2\n1,3,4\n", 1, "first"],
    [",a,b\n,1,2\n,3,4\n", 1, "first and empty"],
  ])("is explained by what stands below it in %j", async (content, column, where) => {
    expect(await warningsOf(content)).toEqual([says.columnsWithoutName(HEADER, [column], where)]);
  });

  test("is not explained at both ends when one has values", async () => {
    const names = says.columnsWithoutName(HEADER, [1, 4], "both ends");
    expect(await warningsOf(",a,b,\n,1,2,\n,3,4,\n")).toEqual([names]);
    const between = says.columnsWithoutName(HEADER, [1, 4], "between");
    expect(await warningsOf(",a,b,\n,1,2,\n,3,4,x\n")).toEqual([between]);
  });
});

describe("numbers and times in a header", () => {
  // DuckDB 1.5 takes the first line of each for a header, too.
  test.each([
    "gene,100022,100025\ng1,TRUE,FALSE\ng2,FALSE,TRUE\n",
    "name,1,2\nland,France,Spain\ncity,Paris,Madrid\n",
    "case,2024-01-05,2024-01-06\nC1,done,open\nC2,open,done\n",
  ])("are names above texts in %j", async (content) => {
    expect(await warningsOf(content)).toEqual([]);
  });

  test.each([
    ["C1,Pay,5\nC2,Pay,x\nC3,Pay,6\n", says.numberIn(3)],
    ["C1,Pay,5\nC2,Pay,x\n", says.numberIn(3)],
    ["C1,Pay,5\nC2,Pay,NULL\nC3,Pay,\n", says.numberIn(3)],
  ])("may be those of a row in %j", async (content, value) => {
    expect(await warningsOf(content)).toEqual([says.headerIsRow(HEADER, value)]);
  });
});

describe("one column", () => {
  test.each([";", "\t", "|"])("may have a title above an uneven table with %j", async (delimiter) => {
    const content = ["Exported", "", "case;n", "C1;5", "# note", "C2;6", ""].join("\n").replaceAll(";", delimiter);
    const name = delimiter === "\t" ? "tab" : `"${delimiter}"`;
    expect(await warningsOf(content)).toContain(says.oneColumnBelow(1, 3, 2, name));
  });

  test("is not a table when few lines have a delimiter", async () => {
    expect(await warningsOf("text\nfirst\nsecond; and more\nthird\n")).toEqual([says.oneColumn()]);
  });

  test("may be due to quotes in its header", async () => {
    const warnings = await warningsOf('1;"say "hello" twice"\n2;"say "hello" twice"\n');
    expect(warnings).toContain(says.oneColumnOfQuotes('";"'));
  });

  test.each(["a/b/c\nd/e/f\n", "x@y.org\nz@y.org\n", "{a}\n{b}\n", "c\\x\nd\\y\n"])(
    "is not said to have a delimiter that paths and addresses hold in %j",
    async (content) => {
      expect((await warningsOf(content))[0]).toBe(says.oneColumn());
    },
  );
});

test("asks for a header when most rows are equal to it", async () => {
  expect(await warningsOf("T\nT\nT\nF\n")).toContain(says.mostlyHeaders(2, 2));
  expect(await warningsOf("a,b\n1,2\na,b\n3,4\n")).toEqual([says.repeatedHeader(1, 3)]);
});

test("offers to delete a title when the header has one field", async () => {
  const content = "# cleaned\nid,name,n\n1,a,2\n2,b\n";
  expect(await refusalOf(content)).toBe("line 2 has 3 fields, and the header has 1");
  expect(await optionsOf(content)).toContain("delete what stands above line 2 if it is a title or a comment");
  expect(await optionsOf("a,b\n1\n")).not.toContainEqual(expect.stringContaining("title"));
});

test.each(['a,b\n"x"  ,y\n', 'a,b\n"x \\"y\\"",z\n', 'a,b\n"x" y,z\n'])(
  "offers the fixes of quotes in %j",
  async (content) => {
    expect(await refusalOf(content)).toBe("line 2 has text after a closing quote");
    expect(await optionsOf(content)).toEqual([
      expect.stringContaining("delete spaces"),
      expect.stringContaining('"a ""b"""'),
    ]);
  },
);

test.each(["2024-13", "2024-00", "2024-1", "3024-01", "2024-01 10:00", "2024/01"])(
  "does not read the time %j",
  async (time) => {
    const log = { caseId: "case", activity: "activity", timestamp: "time" };
    const { eventLog, warnings } = await profileOf(`case,activity,time\nC1,Pay,${time}\n`, "csv", log);
    expect(eventLog).not.toHaveProperty("firstEvent");
    expect(warnings).toEqual([says.unreadTimes(1, "line", 2)]);
  },
);
