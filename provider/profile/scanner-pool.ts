import { JsScanner, type Scanner } from "./scanner";
import { WasmScanner } from "./scanner-wasm";

/** Scanners own megabytes of memory to read into, so they are used again. */
const idle: Scanner[] = [];

/** The fastest there is. The borrower returns it. */
export function borrowScanner(): Scanner {
  return idle.pop() ?? newScanner();
}

export function returnScanner(scanner: Scanner): void {
  idle.push(scanner);
}

function newScanner(): Scanner {
  try {
    return new WasmScanner();
  } catch {
    return new JsScanner();
  }
}
