/** How is this done, in what steps, by whom? */
import type { Handler } from '../handler.ts';
import { rankedOf, round, workflowHit } from '../hit.ts';
import type { Catalogue } from '../ports.ts';
import { quote, reasoningOf } from '../reasoning.ts';

const LIMIT = 5;

export function queryWorkflows(catalogue: Catalogue): Handler<'queryWorkflows'> {
  return ({ goal, limit = LIMIT, detail = 'brief' }) => {
    const snapshot = catalogue.current();
    const answer = snapshot.search('workflow', { text: goal, limit });
    const ranked = rankedOf(snapshot, 'workflow', answer.hits);
    return {
      workflows: ranked.map((hit) => workflowHit(hit, detail)),
      reasoning: reasoningOf(snapshot, { kind: 'workflow', asked: quote(goal) }, answer, ranked),
      confidence: round(answer.confidence),
    };
  };
}
