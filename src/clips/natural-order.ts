const COLLATOR = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/**
 * Orders names the way people count: `frame2.png` before `frame10.png`. Names that only differ in
 * case or leading zeros keep a fixed order by code units, so the order is total.
 */
export function compareNaturally(a: string, b: string): number {
  const order = COLLATOR.compare(a, b);
  if (order !== 0) return order;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
