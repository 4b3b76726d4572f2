import { existsSync } from 'node:fs';

/** The root folder of the repository, from the sources as well as from the compiled tests. */
export const repositoryRoot: URL = (() => {
  let url = new URL('.', import.meta.url);
  while (!existsSync(new URL('pnpm-workspace.yaml', url))) url = new URL('..', url);
  return url;
})();
