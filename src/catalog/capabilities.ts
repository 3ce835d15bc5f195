/**
 * Capability tags for definitions that declare none, which is nearly all of them.
 *
 *   name ─ without "specialist", "expert", … ──────┐
 *   description ─ names of technologies, list items ┼─► weighed, the best dozen
 *   body ─ headings, bold terms, list heads ────────┘
 */
import { plain, slug } from './text.ts';

const MOST = 12;
/** From this weight on more than a heading of the body speaks for a tag. */
const SUPPORTED = 2.5;
const MOST_WEAK = 5;
const BODY_READ = 12_000;

export interface TagSource {
  readonly name: string;
  readonly description: string;
  readonly body: string;
}

/** At most a dozen tags, the most telling first: `react`, `hooks`, `performance-optimization`. */
export function deriveCapabilities({ name, description, body }: TagSource): string[] {
  const weights = new Map<string, number>();
  for (const tag of tagsOfName(name)) weigh(weights, tag, 6);
  const said = leadingText(description);
  for (const tag of technologies(said)) weigh(weights, tag, 3);
  for (const tag of listItems(said)) weigh(weights, tag, 2.5);
  const read = body.slice(0, BODY_READ);
  for (const tag of bodyTerms(read)) weigh(weights, tag, 1);
  const words = new Set(`${said} ${name}`.toLowerCase().match(/[\p{L}\p{N}+#.]+/gu));
  for (const [tag, weight] of weights)
    if (tag.split('-').every((word) => words.has(word))) weights.set(tag, weight + 1.5);
  return best([...weights].sort((a, b) => b[1] - a[1]));
}

/** What nothing but a heading supports fills no more than its share. */
function best(ranked: readonly (readonly [string, number])[]): string[] {
  const strong = ranked.filter(([, weight]) => weight >= SUPPORTED);
  const weak = ranked.slice(strong.length, strong.length + MOST_WEAK);
  return [...strong, ...weak].slice(0, MOST).map(([tag]) => tag);
}

function weigh(weights: Map<string, number>, term: string, weight: number): void {
  const tag = tagOf(term);
  if (tag === '') return;
  weights.set(tag, Math.min(8, (weights.get(tag) ?? 0) + weight));
}

/** A term in the form of a tag, or '' for one that tells nothing. */
function tagOf(term: string): string {
  const tag = slug(plain(term))
    .replace(/^[^\p{L}\p{N}.]+|[^\p{L}\p{N}+#]+$/gu, '')
    .replace(/[^\p{L}\p{N}+#./-]+/gu, '-');
  const words = withoutLead(tag.split('-').filter((word) => word !== ''));
  const telling = words.filter((word) => !empty.has(word));
  const bare = words.join('-');
  if (telling.length === 0 || words.length > 3 || bare.length < 2 || bare.length > 32) return '';
  return /^\d+$/.test(bare) || headingsOnly.has(bare) ? '' : bare;
}

/** `expertise in testing`, `writing the tests` → what comes after the verbs and small words. */
function withoutLead(words: readonly string[]): readonly string[] {
  const first = words.findIndex((word) => !leads.has(word));
  return first < 0 ? [] : words.slice(first);
}

const leads = new Set(
  (
    'a an and the or of for to in on with by from at your our my its their this that these those how what when why where which ' +
    'is are be do don not no never always only also use uses using used run runs running ensure ensures ensuring apply applies ' +
    'applying provide provides providing handle handles handling include includes including create creates creating make makes ' +
    'implement implements implementing build builds building write writes master masters mastering specialized specializing ' +
    'specializes specialize expert expertise skilled focus focused focuses focusing covers covering perform performs performing ' +
    'conduct conducts conducting identify identifies identifying establish establishing evaluating assess assessing checking ' +
    'optimizes optimizing optimises improving debugs manages managing generates generating detect detects detecting analyze ' +
    'analyzes analyzing gather gathers gathering present seek synthesizes transforms maintain maintains key core common example ' +
    'essential important basic general specific must should will can'
  ).split(' '),
);

/** Headings that bodies share whatever they are about. */
const headingsOnly = new Set(
  (
    'concepts competencies principles anti-patterns behavioral-mindset behavioral-flow actions objective objectives ' +
    'track-progress delegation delegation-instructions after-delegation tool-coordination mcp-integration strengths issues ' +
    'recommendations suggestions findings verdict trade-offs setup configuration installation troubleshooting quick-start ' +
    'prerequisites remember note-taking review-criteria standard-workflow decision-framework success fix issue ' +
    'load-more mode modes start notes-for self-review argument-parsing reference-guide related-skills'
  ).split(' '),
);

/** What people are called rather than what they do. */
const roles: Readonly<Record<string, string>> = {
  reviewer: 'review',
  tester: 'testing',
  debugger: 'debugging',
  auditor: 'audit',
  designer: 'design',
  writer: 'writing',
  optimizer: 'optimization',
  analyzer: 'analysis',
  analyst: 'analysis',
  architect: 'architecture',
  researcher: 'research',
  planner: 'planning',
  modernizer: 'modernization',
  migrator: 'migration',
  orchestrator: 'orchestration',
};

function tagsOfName(name: string): string[] {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[\s_./:-]+/)
    .filter((word) => word !== '');
  const mapped = words.map((word) => (Object.hasOwn(roles, word) ? roles[word] : word));
  const kept = mapped.filter((word) => !empty.has(word));
  return [kept.join('-'), ...kept.filter((word) => word.length > 1)];
}

/** The description up to its examples. */
function leadingText(description: string): string {
  const end = description.search(/<example|\bExamples?:|<commentary/i);
  return end > 40 ? description.slice(0, end) : description.slice(0, 800);
}

/** Words that look like names: capitals inside a sentence, digits, `+`, `#`, `.`; and hyphenated terms. */
function technologies(text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(
    /(?<![\p{L}\p{N}])(?:\.NET|[\p{L}][\p{L}\p{N}]*(?:[+#]+|(?:[./-][\p{L}\p{N}]+)+)?)/gu,
  )) {
    const [word] = match;
    const start =
      match.index === 0 || /[.!?:]\s+$/.test(text.slice(Math.max(0, match.index - 3), match.index));
    const shouted = /^[A-Z]{4,}$/.test(word) && !/\d/.test(word) && empty.has(word.toLowerCase());
    const looksNamed =
      /[+#.]|\p{Lu}.*\p{Lu}|\p{L}\d/u.test(word) ||
      (!start && /^\p{Lu}/u.test(word)) ||
      /^[a-z]+-[a-z]+$/.test(word);
    if (looksNamed && !shouted && word.length > 1) found.push(word);
  }
  return found;
}

/** `handles hooks, state management and routing` → its items of one to three words. */
function listItems(text: string): string[] {
  return text
    .split(/[.;:!?()\n]+|\s[-–—]\s/)
    .flatMap((sentence) => (sentence.includes(',') ? sentence.split(/,|\band\b|\bor\b|&/) : []))
    .map((item) => item.trim())
    .filter((item) => item !== '' && item.split(/\s+/).length <= 3);
}

function bodyTerms(body: string): string[] {
  const terms: string[] = [];
  for (const [, heading, bold, item] of body.matchAll(
    /^#{2,4} +([^\n]{2,60})$|\*\*([^*\n]{2,40}?):?\*\*|^[-*] +([\p{L}][\p{L}\p{N} .+#/-]{1,28})$/gmu,
  )) {
    const term = (heading ?? bold ?? item).replace(/^\d+[.)]\s*|:$/g, '');
    if (term.split(/\s+/).length <= 3) terms.push(term);
  }
  return terms;
}

/** Words that tell nothing about what someone can do, in descriptions of agents. */
const empty = new Set(
  (
    'a an the and or of for to in on with by from at as is are be been use used uses using when you your this that these those it its ' +
    'any all both each more most other such only own same than too very can will just must should need needs needed also into across ' +
    'agent agents subagent sub-agent specialist expert experts expertise master senior lead junior pro professional engineer developer ' +
    'dev assistant helper consultant advisor guru ninja elite world-class skill skills skilled specializing specialized specializes ' +
    'proactively proactive immediately ensure ensures ensuring build builds building create creates creating implement implements ' +
    'implementing implementation provide provides providing handle handles handling include includes including work works working ' +
    'task tasks user users project projects code team teams best practices practice modern advanced complex comprehensive robust ' +
    'high quality deep strong new existing production production-ready enterprise enterprise-grade scalable clean good great better ' +
    'overview introduction purpose role responsibilities responsibility principles principle key core focus areas area approach output ' +
    'outputs input inputs instructions instruction process workflow workflows guidelines guideline rules rule steps step phase notes note ' +
    'important critical example examples format summary conclusion capabilities capability tools tool communication protocol ' +
    'checklist deliverables deliverable requirements requirement definition description goal goals mission behavior behavioral traits ' +
    'knowledge base response interactions phases integration development always never do dont not avoid follow following before after ' +
    'what how why where which who when-to-use use-when what-it-does usage features feature related resources references reference ' +
    'file files name names value values type types item items list option options result results system systems solution solutions ' +
    'application applications app apps software technology technologies technical platform platforms technique techniques pattern patterns ' +
    'us we our they their them his her he she i me my if then else else-if no yes ok via per etc eg ie e.g i.e ' +
    'make makes making get gets help helps helping want wants asks ask asked trigger triggers triggered scenarios scenario expertly focused ' +
    'claude anthropic sonnet opus haiku todo first second third next final general purpose various multiple common main based ' +
    'design designs designing write writes writing manage manages managing develop develops developing optimize optimizes optimizing ' +
    'constraints constraint input-format output-format success criteria questions question answer answers arguments argument $arguments'
  ).split(/\s+/),
);
// These say something as a name's part though they say nothing as a verb of a description.
for (const word of ['design', 'writing']) empty.delete(word);
