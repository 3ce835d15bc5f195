/** Logistic regression for a handful of features: fitting the matcher's weights, offline. */

export interface LogisticModel {
  readonly weights: readonly number[];
  readonly bias: number;
  /** 0..1. */
  predict(features: readonly number[]): number;
}

export interface LabelledRow {
  readonly features: readonly number[];
  readonly label: boolean;
  /** How much the row counts; 1 when left out. */
  readonly weight?: number;
}

const STEPS = 12;

/** Newton's method (iteratively reweighted least squares); `ridge` × rows pulls all weights but the bias to zero. */
export function fitLogistic(rows: readonly LabelledRow[], ridge: number): LogisticModel {
  const size = (rows[0]?.features.length ?? 0) + 1;
  const theta = new Float64Array(size);
  for (let step = 0; step < STEPS; step++) {
    const slope = new Float64Array(size);
    const curve = Array.from({ length: size }, () => new Float64Array(size));
    for (const { features, label, weight = 1 } of rows)
      addRow([...features, 1], label, weight, theta, slope, curve);
    for (let at = 0; at < size - 1; at++) {
      slope[at] += ridge * rows.length * theta[at];
      curve[at][at] += ridge * rows.length;
    }
    const change = solve(curve, slope);
    for (let at = 0; at < size; at++) theta[at] -= change[at];
  }
  return {
    weights: [...theta.subarray(0, size - 1)],
    bias: theta[size - 1],
    predict: (features) => sigmoid(dot([...features, 1], theta)),
  };
}

function addRow(
  row: readonly number[],
  label: boolean,
  weight: number,
  theta: Float64Array,
  slope: Float64Array,
  curve: readonly Float64Array[],
): void {
  const predicted = sigmoid(dot(row, theta));
  const steep = weight * Math.max(1e-6, predicted * (1 - predicted));
  for (let i = 0; i < row.length; i++) {
    slope[i] += weight * (predicted - (label ? 1 : 0)) * row[i];
    for (let j = 0; j < row.length; j++) curve[i][j] += steep * row[i] * row[j];
  }
}

/** Gauss–Jordan elimination; the matrix is positive definite and is overwritten. */
function solve(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  for (let at = 0; at < right.length; at++) {
    const pivot = matrix[at][at] || 1e-9;
    for (let row = 0; row < right.length; row++) {
      if (row === at) continue;
      const factor = matrix[row][at] / pivot;
      if (factor === 0) continue;
      for (let column = at; column < right.length; column++)
        matrix[row][column] -= factor * matrix[at][column];
      right[row] -= factor * right[at];
    }
  }
  return right.map((value, at) => value / (matrix[at][at] || 1e-9));
}

const dot = (a: readonly number[], b: Float64Array): number =>
  a.reduce((sum, value, at) => sum + value * b[at], 0);

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
