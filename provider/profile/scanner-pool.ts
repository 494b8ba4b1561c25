import { Scanner } from "./scanner";

/** Scanners own megabytes of memory to read into, so they are used again. */
const idle: Scanner[] = [];

/** The borrower returns it. */
export function borrowScanner(): Scanner {
  return idle.pop() ?? new Scanner();
}

export function returnScanner(scanner: Scanner): void {
  idle.push(scanner);
}
