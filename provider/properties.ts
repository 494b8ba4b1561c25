/**
 * The properties that `keeps` wants. A loop, since with thousands of resources lists of pairs are most of a check's time.
 */
export function pickBy<T extends object>(properties: T, keeps: (key: string, value: unknown) => boolean): Partial<T> {
  const result: Partial<T> = {};
  for (const key in properties) if (keeps(key, properties[key])) result[key] = properties[key];
  return result;
}

export function withoutUndefined<T extends object>(properties: T): T {
  return pickBy(properties, (_, value) => value !== undefined) as T;
}
