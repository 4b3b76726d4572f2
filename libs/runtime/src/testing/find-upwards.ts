import { accessSync, constants } from 'node:fs';
import { dirname, join } from 'node:path';

/** The path of a program below this folder or one above it, as the set-up puts programs into the repository. */
export function findUpwards(path: string, folder = process.cwd()): string | undefined {
  const candidate = join(folder, path);
  if (isExecutable(candidate)) return candidate;
  const parent = dirname(folder);
  return parent === folder ? undefined : findUpwards(path, parent);
}

/** Whether this is a program that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
