import * as ts from "typescript";
import { Names, naturalName, naturalTableName, slugOf } from "../../provider/generate/names";

const ID = "4f9d0c52-0a6e-4f0e-9a52-0a1b2c3d4e5f";
const OTHER = "b71c6a0e-1111-4222-8333-444455556666";

test.each([
  ["Purchase Orders", "purchase-orders"],
  ["purchaseOrders2024", "purchase-orders2024"],
  ["  Größe / Öl  ", "grosse-ol"],
  ["Crème_brûlée", "creme-brulee"],
  ["受注 データ", "受注-データ"],
  ["Заказы", "заказы"],
  ["한국어 이름", "한국어-이름"],
  ["हिन्दी नाम", "हिन्दी-नाम"],
  ["İstanbul", "istanbul"],
  ["—", ""],
  ["", ""],
])("makes of %j the words %j", (text, words) => {
  expect(slugOf(text)).toBe(words);
});

test("gives a second object with the same name a name with digits of its id", () => {
  const names = new Names();
  expect(names.take("orders", "table", ID)).toEqual({ resource: "orders", variable: "orders" });
  expect(names.take("orders", "table", OTHER)).toEqual({ resource: "orders-b71c6a0e", variable: "ordersB71c6a0e" });
});

test("does not give out two names that differ in case or hyphens alone", () => {
  const names = new Names(["salesOrders"]);
  expect(names.take("sales-orders", "table", ID).resource).toBe("sales-orders-4f9d0c52");
  expect(names.take("salesorders", "table", OTHER).resource).toBe("salesorders-b71c6a0e");
});

test("leaves names that end in upload to the uploads of a program in YAML", () => {
  expect(new Names().take("orders-upload", "table", ID).resource).toBe("orders-upload-4f9d0c52");
});

test.each(["class", "await", "exports", "undefined", "constructor"])("does not call a variable %s", (word) => {
  expect(new Names().take(word, "dataset", ID)).toEqual({ resource: word, variable: `${word}Dataset` });
});

test("names what has no words by its id, also an id that is no UUID", () => {
  expect(naturalName("dataset", ID, "—")).toBe("dataset-4f9d0c52");
  expect(naturalTableName("../7", undefined, "sales")).toMatch(/^sales-table-[0-9a-f]{8}$/);
});

test("does not repeat the dataset in the name of a table", () => {
  expect(naturalTableName(ID, "Orders", "sales")).toBe("sales-orders");
  expect(naturalTableName(ID, "Sales orders", "sales")).toBe("sales-orders");
});

test("tells objects with the longest names apart", () => {
  const names = new Names();
  const long = "Order to cash, all plants ".repeat(12);
  const taken = [ID, OTHER].map((id) => names.take(naturalTableName(id, long, slugOf(long)), "table", id));
  expect(new Set(taken.map(({ resource }) => resource)).size).toBe(2);
  for (const { resource } of taken) expect(resource.length).toBeLessThanOrEqual(45);
});

test("makes valid variables of any name", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % below;
  };
  // Node knows scripts of later versions of Unicode than the compiler.
  const character = (): string => {
    const code = random(0x30000);
    const text = String.fromCodePoint(code);
    return /\p{ID_Continue}/u.test(text) && !ts.isIdentifierPart(code, ts.ScriptTarget.ES2022) ? character() : text;
  };
  const names = new Names();
  const taken = Array.from({ length: 3000 }, (_, index) => {
    const name = Array.from({ length: 1 + random(12) }, character).join("");
    return names.take(naturalName("dataset", String(index), name), "dataset", String(index));
  });
  const program = taken.map(({ resource, variable }) => `const ${variable} = ${JSON.stringify(resource)};`).join("\n");
  const { diagnostics } = ts.transpileModule(program, {
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  expect(new Set(taken.map(({ variable }) => variable.toLowerCase())).size).toBe(taken.length);
  expect(() => new Function(program)).not.toThrow();
});
