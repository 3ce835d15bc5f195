/**
 * The vector that stands for a definition: what it says of itself, and what its body is about, in equal parts.
 *
 *   ½ · unit("name: description") + ½ · mean of the unit vectors of the body's passages
 *
 * Its dot product with a query's unit vector is the mean of the query's similarities to both, so that one row holds
 * both. Without a body the description stands for the whole.
 */
import { passagesOf } from './passages.ts';
import type { Embedding } from './semantic.ts';
import { definitionWeights } from './word-weights.ts';

/** Names the recipe with its model, for what is kept of it: another recipe, another number. */
export function vectorTag({ model }: Embedding): string {
  return `${model}-2`;
}

export function definitionVector(
  { name, description }: { readonly name: string; readonly description: string },
  body: string,
  embedding: Embedding,
): Float32Array {
  const vector = embedding.embed(`${name}: ${description}`, definitionWeights(name));
  const passages = passagesOf(body)
    .map((passage) => embedding.embed(passage, definitionWeights()))
    .filter((passage) => passage.some((value) => value !== 0));
  if (passages.length === 0) return vector;
  for (let i = 0; i < vector.length; i++) {
    let sum = 0;
    for (const passage of passages) sum += passage[i];
    vector[i] = 0.5 * vector[i] + (0.5 * sum) / passages.length;
  }
  return vector;
}
