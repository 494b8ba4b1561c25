import { Kind, XmlCore, type XmlTokens } from "../../../provider/profile/xml-core";
import { cut, seeded } from "./random";

const NAMES = ["row", "c", "v", "r"];
const SHEET = `<?xml version="1.0"?>\n<x:sheet xmlns:x="http://a/"><x:row r="1"><x:c r="A&amp;1" s="2"><x:v>a &lt; b\r\n ä</x:v></x:c><other r="3"/>
<c r='B1'/></x:row><v> <![CDATA[<&>]]></v></x:sheet>`;

function tokensOf(chunks: Iterable<Uint8Array>): string[] {
  const found: string[] = [];
  const take = ({ count, table, bytes }: XmlTokens) => {
    for (let i = 0; i < 5 * count; i += 5) {
      const [kind, name = 0, depth, from, to] = table.subarray(i, i + 5);
      const value = bytes.toString("utf8", from, to);
      const last = found.length - 1;
      if (kind === Kind.text && found[last]?.startsWith("text ")) found[last] += value;
      else if (kind === Kind.open) found.push(`<${NAMES[name - 1]} ${depth}`);
      else if (kind === Kind.close) found.push(`>${NAMES[name - 1]} ${depth}`);
      else found.push(`${kind === Kind.text ? "text" : NAMES[name - 1]} ${value}`);
    }
  };
  const xml = new XmlCore("it", NAMES, ["v"]);
  for (const chunk of chunks) xml.push(chunk, take);
  xml.end(take);
  return found;
}

test("hands over the elements, attributes and texts it was asked for, wherever chunks end", () => {
  const expected = [
    ...["<row 2", "r 1", "<c 3", "r A&1", "<v 4", "text a < b\n ä", ">v 4", ">c 3", "<c 3", "r B1", ">c 3", ">row 2"],
    ...["<v 2", "text  <&>", ">v 2"],
  ];
  expect(tokensOf([Buffer.from(SHEET)])).toEqual(expected);
  for (let seed = 0; seed < 20; seed++) expect(tokensOf(cut(seeded(seed), Buffer.from(SHEET)))).toEqual(expected);
});

test("hands over more tokens than its list holds", () => {
  const rows = 50_000;
  const found = tokensOf([Buffer.from(`<a>${'<row r="1"/>'.repeat(rows)}</a>`)]);
  expect(found).toHaveLength(3 * rows);
  expect(found.filter((token) => token === "r 1")).toHaveLength(rows);
});

test("names the part and the line of what is no sound XML", () => {
  const xml = new XmlCore('"xl/sheet1.xml"', NAMES, []);
  expect(() => xml.push(Buffer.from("<a>\n<b></a>"), () => {})).toThrow(
    '"xl/sheet1.xml" is not valid XML: line 2: a closing tag does not match the element that is open',
  );
});
