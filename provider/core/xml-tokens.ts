/** The list of tokens that JavaScript reads, and the names that it wants to hear about. */

export namespace Kind {
  export const open: i32 = 1;
  export const attribute: i32 = 2;
  export const close: i32 = 3;
  export const text: i32 = 4;
}

/** A token: kind, name, depth, from, to. */
const TOKEN_BYTES: usize = 20;
const LIST_TOKENS: u32 = 8192;
/** More than one tag can add. */
const SPARE_TOKENS: u32 = 1100;
const list: usize = heap.alloc(TOKEN_BYTES * (LIST_TOKENS as usize));
export let tokens: u32 = 0;

/** A hash table of 64 places for at most 31 names. */
const PLACES: usize = 64;
const nameHashes: usize = memory.data(512);
const nameIds: usize = memory.data(64);
const wantsText: usize = memory.data(32);

/** Takes the tokens: the list is nearly full. */
@external("host", "takeTokens")
declare function takeTokens(): void;

export function tokensAt(): usize {
  return list;
}

export function clearTokens(): void {
  tokens = 0;
}

export function clearNames(): void {
  memory.fill(nameHashes, 0, 8 * PLACES);
  memory.fill(wantsText, 0, 32);
  tokens = 0;
}

/** From here on a name has this number, from 1 to 31. */
export function addName(hash: u64, id: u32, isText: bool): void {
  let place = (hash & (PLACES - 1)) as usize;
  while (load<u64>(nameHashes + 8 * place) !== 0) place = (place + 1) & (PLACES - 1);
  store<u64>(nameHashes + 8 * place, hash);
  store<u8>(nameIds + place, id as u8);
  store<u8>(wantsText + id, isText as u8);
}

/** The number of a name; 0 when it is none of them. */
@inline
export function idOf(hash: u64): u32 {
  let place = (hash & (PLACES - 1)) as usize;
  while (true) {
    const there = load<u64>(nameHashes + 8 * place);
    if (there === hash) return load<u8>(nameIds + place);
    if (there === 0) return 0;
    place = (place + 1) & (PLACES - 1);
  }
}

@inline
export function isTextWanted(id: u32): bool {
  return load<u8>(wantsText + id) !== 0;
}

/** Before a tag: afterwards there is room for all it adds. */
export function makeRoom(): void {
  if (tokens + SPARE_TOKENS < LIST_TOKENS) return;
  takeTokens();
  tokens = 0;
}

export function emit(kind: i32, id: u32, depth: i32, from: usize, to: usize): void {
  if (tokens === LIST_TOKENS) {
    takeTokens();
    tokens = 0;
  }
  const token = list + TOKEN_BYTES * (tokens as usize);
  store<i32>(token, kind);
  store<u32>(token, id, 4);
  store<i32>(token, depth, 8);
  store<u32>(token, from as u32, 12);
  store<u32>(token, to as u32, 16);
  tokens++;
}
