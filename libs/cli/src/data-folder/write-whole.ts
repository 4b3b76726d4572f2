import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

/**
 * Writes a file so that a reader sees the old content or the new one, never a part, also after a crash.
 * @param mode permission bits of the file
 */
export async function writeWhole(path: string, content: string, mode: number): Promise<void> {
  // A name of its own: of two that write at once, neither takes the other's file away.
  const temporary = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(temporary, 'w', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}
