/**
 * A catalogue of any size for measuring speed and memory: agents, skills and commands in plugins, each with a text
 * of its own of a realistic length (about 2 KB). The same seed gives the same files. Quality of ranking is not
 * measured on it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const actions =
  'builds reviews debugs designs migrates documents tests profiles secures deploys monitors refactors plans audits automates translates models scales'.split(
    ' ',
  );
const things =
  'components|database queries|HTTP interfaces|data pipelines|neural networks|mobile apps|build scripts|access controls|payment flows|search indexes|event queues|caches|design systems|release notes|infrastructure|test suites|dashboards|type definitions|compilers|game loops|firmware|invoices|schedulers|recommendations|translations'.split(
    '|',
  );
const technologies =
  'React,Vue,Angular,Svelte,Node.js,Django,Rails,Spring,.NET,Go,Rust,C++,Swift,Kotlin,Flutter,PostgreSQL,MySQL,Redis,Kafka,Kubernetes,Terraform,AWS,GCP,Azure,PyTorch,pandas,Spark,Airflow,GraphQL,gRPC,OAuth,Stripe,Elasticsearch,Playwright,pytest,Jest,webpack,Docker,Ansible,Prometheus'.split(
    ',',
  );
const qualities =
  'slow,flaky,insecure,undocumented,legacy,distributed,real-time,accessible,multi-tenant,offline,embedded,high-traffic,regulated,experimental'.split(
    ',',
  );
const places =
  'in production,before a release,after an incident,during onboarding,at scale,on a tight budget,across teams,for audits,in a monorepo,behind a proxy'.split(
    ',',
  );
const sentences = [
  'Start from what is measured, never from what is assumed about {thing}.',
  'Read the existing {tech} code before changing how it {action} {thing}.',
  'When {thing} turn out to be {quality}, write down why before you mend them.',
  'Prefer the smallest change to {tech} that makes the {quality} case pass.',
  'Ask for the limits that hold {place}, and state them in the result.',
  'List what was left undone about {thing}, with the reason for each point.',
  'Verify with {tech} itself, not with a stand-in, whenever {thing} are {quality}.',
  'Keep {thing} apart from {thing}: they change for different reasons {place}.',
];

/** Pseudo-random numbers in 0..1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Pick = <T>(list: readonly T[]) => T;

function fill(sentence: string, pick: Pick): string {
  return sentence
    .replaceAll('{thing}', () => pick(things))
    .replaceAll('{tech}', () => pick(technologies))
    .replaceAll('{action}', () => pick(actions))
    .replaceAll('{quality}', () => pick(qualities))
    .replaceAll('{place}', () => pick(places));
}

const PER_PLUGIN = 20;

/** Writes `size` definitions below `root`: six in ten are agents, the others skills and commands. */
export function writeCatalogue(root: string, size: number, seed = 1): void {
  const random = seeded(seed);
  const pick: Pick = (list) => list[Math.floor(random() * list.length)];
  for (let i = 0; i < size; i++) {
    const tech = pick(technologies);
    const thing = pick(things);
    const action = pick(actions);
    const name = `${slug(tech)}-${slug(thing)}-${slug(action)}-${i}`;
    const description = fill(
      `${capital(action)} {quality} ${thing} with ${tech} {place}. Use it when ${thing} are {quality} and {tech} is in the way.`,
      pick,
    );
    const plugin = join(root, 'plugins', `plugin-${Math.floor(i / PER_PLUGIN)}`);
    const part = i % 10;
    const path =
      part < 6 ? `agents/${name}.md` : part < 8 ? `skills/${name}/SKILL.md` : `commands/${name}.md`;
    const body = bodyOf(`${capital(thing)} with ${tech}`, pick, random);
    write(
      join(plugin, path),
      `---\nname: ${name}\ndescription: ${description}\nmodel: ${pick(['opus', 'sonnet', 'haiku'])}\n---\n\n${body}`,
    );
  }
}

function bodyOf(title: string, pick: Pick, random: () => number): string {
  const sections = ['How you work', 'What you look at', 'What you hand back', 'What you leave alone'].map(
    (heading) => {
      const count = 3 + Math.floor(random() * 5);
      const lines = Array.from({ length: count }, () => `- ${fill(pick(sentences), pick)}`);
      return `## ${heading}\n\n${lines.join('\n')}`;
    },
  );
  return `# ${title}\n\n${fill('You are the one who {action} {thing} with {tech}.', pick)}\n\n${sections.join('\n\n')}\n`;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Tasks as people write them, none like another. */
export function writeQuestions(count: number, seed = 2): string[] {
  const random = seeded(seed);
  const pick: Pick = (list) => list[Math.floor(random() * list.length)];
  const forms = [
    'our {thing} are {quality} {place}, who can help with {tech}',
    'find out why {thing} got {quality} since we moved to {tech}',
    'we need somebody who {action} {thing} {place}',
    'make the {quality} {thing} work with {tech} and {tech}',
    'the customers say {thing} are {quality}; mend it {place}',
  ];
  return Array.from({ length: count }, (_, i) => `${fill(pick(forms), pick)} (case ${i})`);
}
