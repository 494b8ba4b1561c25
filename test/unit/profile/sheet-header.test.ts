import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import * as says from "../../../provider/messages/files";
import { profileOf } from "./profiled";
import { workbookOf } from "./workbook-of";

/** Headers as programs show them: cells that hold no text, or an empty one. */

// LibreOffice up to 4.1 writes the attributes of a format in this order.
test("reads the formats of dates whose code stands before its id", async () => {
  const log = { caseId: "case", activity: "activity", timestamp: "time" };
  const parts = unzipSync(
    workbookOf([Object.values({ ...log, timestamp: "time" }), ["C1", "Pay", new Date("2024-01-05")]]),
  );
  const styles = strFromU8(parts["xl/styles.xml"] as Uint8Array).replace(
    /<numFmts>.*<\/numFmts>/,
    '<numFmts><numFmt formatCode="GENERAL" numFmtId="163"/><numFmt formatCode="YYYY\\-MM\\-DD" numFmtId="164"/><numFmt formatCode="0.00" numFmtId="165"/></numFmts>',
  );
  const found = await profileOf(zipSync({ ...parts, "xl/styles.xml": strToU8(styles) }), "xlsx", log);
  expect(found).toMatchObject({ eventLog: { firstEvent: "2024-01-05T00:00:00Z" }, warnings: [] });
  const plain = styles.replace('<xf numFmtId="164"/></cellXfs>', '<xf numFmtId="163"/></cellXfs>');
  const other = await profileOf(zipSync({ ...parts, "xl/styles.xml": strToU8(plain) }), "xlsx", log);
  expect(other.warnings).toEqual([says.serialTimes(1)]);
});
