import { deflateRawSync } from "node:zlib";
import { profileOf, refusalOf } from "./profiled";

/** Files that are something else than their name promises, as servers, version control and other programs write them. */

test.each([
  ["a web page (HTML)", '<div class="error">Access, denied</div>\n'],
  ["a web page (HTML)", "<p>Session expired, please log in</p>\n"],
  ["a web page (HTML)", "<h1>Not Found</h1>"],
  ["a web page (HTML)", '<a href="/login">Found</a>.\n\n'],
  [
    "a web page (HTML)",
    "<br />\n<b>Warning</b>:  mysqli_connect(): failed in <b>/srv/x.php</b> on line <b>3</b><br />\n",
  ],
  ["a web page (HTML)", "<center>504</center>"],
  ["a web page (HTML)", "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"],
  ["a web page (HTML)", `${" \n".repeat(300)}<html>\n`],
  ["a web page (HTML)", "\u00a0<html>"],
  ["a web page (HTML)", `<!--[if IE]> ${"x".repeat(500)} <![endif]-->\n<!doctype html>\n<html>`],
  ["XML", '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">\n'],
  ["XML", "<SOAP-ENV:Envelope>\n<SOAP-ENV:Body/>"],
  ["XML", '<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Code>'],
  ["XML", "<errors>\n<error>a, b</error></errors>"],
  ["XML", '<log xes.version="1.0">\n<trace>'],
  ["XML", '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'],
  ["JSON", "{'error': 'denied'}"],
])("rejects %s that begins as %j", async (what, text) => {
  for (const format of ["csv", "tsv", "txt", "xlsx"] as const) {
    expect(await refusalOf(text, format)).toBe(`it is ${what}, such as an error message that was saved in its place`);
  }
});

test.each([
  "<title>,<year>\na,1\n",
  "<p>\t<b>\n1\t2\n",
  "<a>|<b>\n1|2\n",
  "PAR1,PAR2\n1,2\n",
  "outs,deps\n1,2\n",
  "ARROW1;b\n1;2\n",
  "BZh;b\n1;2\n",
])("takes the header of %j", async (text) => {
  expect(await profileOf(text)).toMatchObject({ table: { rows: 1 }, warnings: [] });
});

const DVC = "outs:\n- md5: a304afb96060aad90176268345e10355\n  size: 14445097\n  hash: md5\n  path: data.csv\n";

test.each([
  ["Git LFS", "\ufeffversion https://git-lfs.github.com/spec/v1\r\noid sha256:00\r\nsize 1\r\n"],
  ["Git LFS", "version https://hawser.github.com/spec/v1\noid sha256:00\nsize 1\n"],
  ["git-annex", "../../.git/annex/objects/xx/yy/SHA256E-s1--aa.csv/SHA256E-s1--aa.csv"],
  ["DVC", DVC],
  ["DVC", DVC.replaceAll("\n", "\r\n")],
  ["DVC", `md5: 4f9cb8e45e35a8a2b3ee6ab7f2f9a1e1\nfrozen: true\ndeps:\n- path: get\n${DVC}`],
])("rejects a pointer of %s that begins as %j", async (system, text) => {
  for (const format of ["csv", "xes", "xlsx", "xls"] as const) {
    expect(await refusalOf(text, format)).toBe(`it is a ${system} pointer, not the file`);
  }
});

const latin1 = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["a Parquet file, not text", latin1("PAR1\x15\x04\x15\x10\x15\x14")],
  ["an Avro file, not text", latin1("Obj\x01\x04\x14avro.codec")],
  ["an Arrow file, not text", latin1("ARROW1\0\0\xff\xff\xff\xff")],
  ["an SQLite database, not text", latin1("SQLite format 3\0\x10\0")],
  ["a PDF document, not text", latin1("%PDF-1.7\n%\xb5\xb5\n1 0 obj\n")],
  ["a PDF document, not text", latin1("%PDF-1.4\n1 0 obj\n")],
  ["an RTF document, not text", latin1("{\\rtf1\\ansi\\ansicpg1252")],
  ["an SPSS file, not text", latin1("$FL2@(#) IBM SPSS STATISTICS 64-bit\0")],
  ["compressed with Zstandard", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58])],
  ["compressed with xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])],
  ["compressed with bzip2", latin1("BZh91AY&SY\xb1")],
  ["compressed with 7-Zip", Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0x00])],
  ["compressed with LZ4", Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x64])],
  ["compressed with RAR", latin1("Rar!\x1a\x07\x01\0")],
  ["a zip archive or an Excel workbook", latin1(`PK\x05\x06${"\0".repeat(18)}`)],
  ["a zip archive or an Excel workbook", Buffer.concat([latin1("PK\x07\x08PK\x03\x04"), deflateRawSync("a,b")])],
])("says that a csv is %s", async (what, content) => {
  expect(await refusalOf(content)).toBe(`it is ${what}`);
});

test("says that a file of zeros is no text", async () => {
  expect(await refusalOf(Buffer.alloc(5_000))).toBe("line 1 holds a NUL byte, which is not text");
});
