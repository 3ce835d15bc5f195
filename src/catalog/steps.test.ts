import { describe, expect, it } from 'vitest';
import { extractSteps, findMentions } from './steps.ts';

const titles = (text: string): string[] => extractSteps(text).map(({ title }) => title);

describe('steps', () => {
  it('are headings of phases, in their order', () => {
    const text =
      '# Flow\n\n## Phase 1: Plan\n\nText.\n\n## Phase 2: **Build** (parallel)\n\nText.\n\n## Notes\n\nEnd.\n';
    expect(extractSteps(text)).toMatchObject([
      { title: 'Plan', parallel: false },
      { title: 'Build (parallel)', parallel: true },
    ]);
  });

  it('are the innermost of nested phases; what holds for the outer one holds for them', () => {
    const text =
      '## Phase 1: All at once, in parallel\n### Step 1: A\n### Step 2: B\n## Phase 2: Then\nText.\n';
    expect(extractSteps(text)).toMatchObject([
      { title: 'A', parallel: true },
      { title: 'B', parallel: true },
      { title: 'Then', parallel: false },
    ]);
  });

  it('are numbered headings, else the longest numbered list', () => {
    expect(titles('## 1. Look\n\n## 2. Leap\n')).toEqual(['Look', 'Leap']);
    expect(
      titles('1. one\n2. two\n\nText.\n\n1. Read the issue. Then more.\n2. Fix it.\n3. Ship it.\n'),
    ).toEqual(['Read the issue', 'Fix it.', 'Ship it.']);
  });

  it('are not found in code', () => {
    expect(titles('```\n## Step 1: a\n## Step 2: b\n```\n')).toEqual([]);
  });

  it('are in other languages, too', () => {
    expect(titles('## Шаг 1: План\n## Шаг 2: Сборка\n')).toHaveLength(2);
    expect(titles('## 第1步：计划\n## 第2步：构建\n')).toHaveLength(2);
  });

  it('are bounded', () => {
    const text = Array.from({ length: 20_000 }, (_, i) => `## Step ${i}: x\n`).join('');
    expect(extractSteps(text).length).toBeLessThanOrEqual(60);
  });
});

describe('mentions', () => {
  it('are certain where an agent is called, with the line of the file', () => {
    const text = 'Text.\n\nsubagent_type: "dev:builder"\nTask(subagent_type="reviewer")\n';
    expect(findMentions(text, 10)).toEqual([
      { agent: 'dev:builder', line: 12 },
      { agent: 'reviewer', line: 13 },
    ]);
  });

  it('are guesses elsewhere, in the order of the text, each once', () => {
    const text =
      'Ask the planner agent, then @test-writer, `fixer` and **Painter**; a code-reviewer last. `fixer` again.';
    expect(findMentions(text)).toEqual(['planner', 'test-writer', 'fixer', 'Painter', 'code-reviewer']);
  });

  it('take two colons for one', () => {
    expect(findMentions('subagent_type: c4::code')).toEqual([{ agent: 'c4:code' }]);
  });
});
