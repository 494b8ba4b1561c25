import { closeSync, readSync } from "node:fs";
import { DelimitedReader } from "./delimited";
import type { ProfileRequest } from "./file-profile";
import { MAX_HEADER_BYTES } from "./header";
import { columnsOfWorkbook } from "./workbook";

const PIECE_BYTES = 64 * 1024;

/**
 * The names of a table's columns, from its beginning alone; undefined for formats without a table.
 *
 * @throws UnusableFile when its beginning is not what its format promises.
 */
export async function columnsOf({ source, format }: ProfileRequest): Promise<readonly string[] | undefined> {
  const { descriptor } = source.open();
  try {
    if (format === "xlsx") return await columnsOfWorkbook(descriptor);
    return format === "csv" || format === "tsv" || format === "txt"
      ? await columnsOfText(descriptor, format)
      : undefined;
  } finally {
    closeSync(descriptor);
  }
}

async function columnsOfText(
  descriptor: number,
  format: "csv" | "tsv" | "txt",
): Promise<readonly string[] | undefined> {
  const reader = new DelimitedReader(format === "tsv");
  const piece = Buffer.alloc(PIECE_BYTES);
  try {
    for (let at = 0; at <= MAX_HEADER_BYTES && !reader.columns; ) {
      const bytes = readSync(descriptor, piece, 0, piece.length, at);
      if (bytes === 0) return (await reader.end()).table?.columns;
      reader.push(piece.subarray(0, bytes));
      at += bytes;
    }
    return reader.columns;
  } finally {
    reader.close();
  }
}
