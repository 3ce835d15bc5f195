/** Whom a workflow means by the names in its text, once it is known who there is. */
import type { Entry } from './entry.ts';
import type { Fault } from './frontmatter.ts';
import type { CertainMention, Draft, Mention, Step } from './kind.ts';
import type { Names } from './names.ts';

/** Steps with their agents; agents of the whole text, those of the steps first. `plugin`: the workflow's own. */
export function settlePlan(
  draft: Draft,
  plugin: string | undefined,
  names: Names,
  report: (fault: Fault) => void,
): Required<Pick<Entry, 'steps' | 'agents' | 'plan'>> {
  const idsOf = mentionResolver(draft.name, plugin, names, report);
  // First, for these know their lines.
  const named = idsOf(draft.mentions ?? []);
  const plan: Step[] = (draft.steps ?? []).map(({ title, mentions, parallel }) => ({
    title,
    agents: idsOf(mentions),
    parallel,
  }));
  const agents = [...new Set([...plan.flatMap((step) => step.agents), ...named])];
  return { steps: plan.map(({ title }) => title), agents, plan };
}

function mentionResolver(
  own: string,
  plugin: string | undefined,
  names: Names,
  report: (fault: Fault) => void,
): (mentions: readonly Mention[]) => string[] {
  const resolve = (mention: Mention): string | undefined => {
    if (typeof mention === 'string') {
      // A workflow that is called like an agent does not name it by saying its own name.
      return mention === own ? undefined : names.agentFor(mention, plugin)?.id;
    }
    const agent = mention.agent.replace(/^@(?:agent-)?/, '');
    const id = names.agentFor(agent, plugin)?.id;
    if (id === undefined && names.plugins.has(agent.split(':', 1)[0]) && agent.includes(':')) {
      report(dangling(mention));
    }
    return id;
  };
  return (mentions) => [...new Set(mentions.map(resolve))].filter((id) => id !== undefined);
}

/** Agents that come with the orchestrator have no plugin: a name without one may be such a name. */
function dangling({ agent, line }: CertainMention): Fault {
  return {
    ...(line !== undefined && { line }),
    cause: `It hands work to the agent "${agent}", which its plugin does not have.`,
    remedy: 'Correct the name, or add the agent.',
  };
}
