/** Why the text is no sound XML; provider/profile/xml-core.ts has the words. */
export namespace Problem {
  export const none: i32 = 0;
  export const textOutside: i32 = 1;
  export const closeTag: i32 = 2;
  export const entity: i32 = 3;
  export const tooDeep: i32 = 4;
  export const tooLong: i32 = 5;
  export const unclosed: i32 = 6;
  export const character: i32 = 7;
  export const attribute: i32 = 8;
  export const twice: i32 = 9;
  export const name: i32 = 10;
  export const comment: i32 = 11;
  export const instruction: i32 = 12;
  export const doctype: i32 = 13;
  export const lessThan: i32 = 14;
  export const cdataEnd: i32 = 15;
  export const secondRoot: i32 = 16;
  export const noRoot: i32 = 17;
  export const markup: i32 = 18;
  export const manyAttributes: i32 = 19;
  export const root: i32 = 20;
  export const nestedTrace: i32 = 21;
  export const objectCentric: i32 = 22;
  export const lateDeclaration: i32 = 23;
}

/** The line that is being read. */
export let xmlLine: u64 = 1;

export function setLine(line: u64): void {
  xmlLine = line;
}

export function addLines(count: u64): void {
  xmlLine += count;
}
