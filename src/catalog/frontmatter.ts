/** What the head of a file says. */
export type Frontmatter = Readonly<Record<string, unknown>>;
