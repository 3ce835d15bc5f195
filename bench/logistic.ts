/** Logistic regression for a handful of features: fitting the matcher's weights, offline. */

export interface LogisticModel {
  readonly weights: readonly number[];
  readonly bias: number;
  /** 0..1. */
  predict(features: readonly number[]): number;
}

const STEPS = 1500;
const RATE = 0.3;

/** Gradient descent on standardised features; `ridge` pulls their weights to zero. */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  ridge: number,
): LogisticModel {
  const width = rows[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? 0));
  const means = columns.map(average);
  const spreads = columns.map(
    (column, at) => Math.sqrt(average(column.map((v) => (v - (means[at] ?? 0)) ** 2))) || 1,
  );
  const standard = rows.map((row) => row.map((v, at) => (v - (means[at] ?? 0)) / (spreads[at] ?? 1)));
  const weights = new Float64Array(width);
  let bias = 0;
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(width);
    let slopeOfBias = 0;
    for (const [at, row] of standard.entries()) {
      const error =
        sigmoid(row.reduce((sum, v, j) => sum + v * (weights[j] ?? 0), bias)) - (labels[at] ? 1 : 0);
      slopeOfBias += error;
      for (const [j, v] of row.entries()) slope[j] += error * v;
    }
    bias -= (RATE * slopeOfBias) / rows.length;
    for (let j = 0; j < width; j++) weights[j] -= RATE * (slope[j] / rows.length + ridge * weights[j]);
  }
  const scaled = [...weights].map((weight, at) => weight / (spreads[at] ?? 1));
  const shifted = bias - scaled.reduce((sum, weight, at) => sum + weight * (means[at] ?? 0), 0);
  return {
    weights: scaled,
    bias: shifted,
    predict: (features) => sigmoid(features.reduce((sum, v, at) => sum + v * (scaled[at] ?? 0), shifted)),
  };
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
