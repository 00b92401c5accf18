/** The query of an address, of which what is given twice counts once. */
export function only<T extends object>(query: T): T {
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, Array.isArray(value) ? value[0] : value]),
  ) as T;
}
