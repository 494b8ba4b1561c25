import * as fs from "node:fs/promises";
import { zipSync } from "fflate";

/** Event logs in other formats than csv: always the same bytes. */

const ACTIVITIES = ["Create order", "Check credit", "Approve &amp; sign", "Pick goods", "Ship", "Send invoice", "Pay"];
const TRACES_AT_ONCE = 1_000;

const timeOf = (event: number) => new Date(Date.UTC(2024, 0, 1) + event * 61_000).toISOString();

/** An XES log of about so many bytes, seven events a trace. */
export async function writeXes(file: string, sizeBytes: number): Promise<void> {
  const handle = await fs.open(file, "w");
  try {
    let written = 0;
    const write = async (text: string) => {
      await handle.writeFile(text);
      written += text.length;
    };
    await write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n');
    for (let first = 0; written < sizeBytes; first += TRACES_AT_ONCE) {
      await write(Array.from({ length: TRACES_AT_ONCE }, (_, index) => trace(first + index)).join(""));
    }
    await write("</log>\n");
  } finally {
    await handle.close();
  }
}

function trace(number: number): string {
  const events = ACTIVITIES.map(
    (activity, index) => `\t\t<event>
\t\t\t<string key="concept:name" value="${activity}"/>
\t\t\t<string key="org:resource" value="Ann Lee"/>
\t\t\t<date key="time:timestamp" value="${timeOf(7 * number + index)}"/>
\t\t\t<float key="amount" value="${(number % 997) / 4}"/>
\t\t</event>\n`,
  );
  return `\t<trace>\n\t\t<string key="concept:name" value="C${number}"/>\n${events.join("")}\t</trace>\n`;
}

/** A workbook of one sheet with so many rows, all its texts inline. */
export async function writeWorkbook(file: string, rows: number): Promise<void> {
  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = [`C${Math.floor(row / 7)}`, ACTIVITIES[row % 7] ?? "", timeOf(row), "Ann Lee"].map(text).join("");
    return `<row>${cells}<c><v>${(row % 997) / 4}</v></c></row>`;
  });
  const header = ["case_id", "activity", "timestamp", "resource", "amount"].map(text).join("");
  const sheet = `<worksheet xmlns="${MAIN}"><sheetData><row>${header}</row>${lines.join("")}</sheetData></worksheet>`;
  const parts = { ...PARTS, "xl/worksheets/sheet1.xml": sheet };
  const bytes = Object.entries(parts).map(([name, content]) => [name, Buffer.from(content)] as const);
  await fs.writeFile(file, zipSync(Object.fromEntries(bytes), { level: 1 }));
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const relations = (type: string, target: string) =>
  `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/${type}" Target="${target}"/></Relationships>`;
const PARTS = {
  "[Content_Types].xml": `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`,
  "_rels/.rels": relations("officeDocument", "xl/workbook.xml"),
  "xl/workbook.xml": `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="log" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  "xl/_rels/workbook.xml.rels": relations("worksheet", "worksheets/sheet1.xml"),
};
