/** How likely the first hit is the right one, from a few features of the whole answer. */

export interface Evidence {
  readonly top: number;
  readonly margin: number;
  readonly known: number;
}

/** 0..1. */
export function confidenceOf({ top, margin, known }: Evidence): number {
  const x = -5.5 + 8 * top + 8 * margin + 0.5 * known;
  return 1 / (1 + Math.exp(-x));
}
