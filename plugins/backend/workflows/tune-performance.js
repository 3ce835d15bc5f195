/**
 * Finds and removes the bottleneck of a slow operation: three measurements at once, one change, one proof.
 * The catalogue reads `meta` alone; an orchestrator supplies `agent`, `parallel` and `args`.
 */
export const meta = {
  name: 'tune-performance',
  description:
    'Make a slow operation fast with proof: measure server, database and browser at once, change the bottleneck, measure again.',
  whenToUse: 'Use when a page or request takes seconds and it is not known whether browser, server or database is to blame.',
  arguments: '<operation and target, such as "checkout under 800 ms">',
  keywords: ['performance', 'latency', 'bottleneck', 'profiling'],
  phases: [
    {
      title: 'Measure in all layers',
      detail: 'The three measurements run in parallel and do not change anything.',
      agents: ['backend:performance-engineer', 'data:query-optimizer', 'frontend:performance-engineer'],
      parallel: true,
    },
    {
      title: 'Name the bottleneck',
      detail: 'One layer holds most of the time; the others are left alone.',
      agents: ['backend:performance-engineer'],
    },
    {
      title: 'Change it',
      detail: 'The smallest change that could halve the time.',
      agents: ['backend:backend-developer'],
    },
    {
      title: 'Prove it',
      detail: 'Same load, same percentiles, before and after; behaviour unchanged.',
      agents: ['quality:test-engineer', 'backend:performance-engineer'],
    },
  ],
};

/** @param {{ agent: Function, parallel: Function, args: string }} tools what the orchestrator hands in */
export async function run({ agent, parallel, args }) {
  const [measure, name, change, prove] = meta.phases;
  const readings = await parallel(
    measure.agents.map((agentType) => () => agent(`Measure, change nothing: ${args}`, { agentType })),
  );
  const bottleneck = await agent(`Name the bottleneck of "${args}" from: ${JSON.stringify(readings)}`, {
    agentType: name.agents[0],
  });
  const diff = await agent(`Remove it: ${bottleneck}`, { agentType: change.agents[0] });
  return parallel(
    prove.agents.map((agentType) => () => agent(`Prove the effect on "${args}" of: ${diff}`, { agentType })),
  );
}
