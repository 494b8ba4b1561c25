import { JsScanner, type Scanner } from "./scanner";

/** Scanners own megabytes of memory to read into, so they are used again. */
const idle: Scanner[] = [];

export function borrowScanner(): Scanner {
  return idle.pop() ?? new JsScanner();
}

export function returnScanner(scanner: Scanner): void {
  idle.push(scanner);
}
