/** Where definitions lie. */

/**
 * One place to index. `project`: a repository (its plugins, its `.claude`, bare folders); `user`: a `.claude`
 * folder of a person with installed plugins; `builtin`: a repository shipped with the program, which loses
 * against everything else.
 */
export interface Root {
  readonly path: string;
  readonly scope: 'project' | 'user' | 'builtin';
}
