import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fakeTerminal } from '../testing/fake-terminal.js';
import { inTemporaryFolder } from '../testing/temporary-folder.js';
import { secretFrom, sessionPassword } from './password.js';

describe('a session password', () => {
  it.each(['A', 'SECRET1', '12345678', 'A/-.&()9'])('may be %s', (password) => {
    expect(sessionPassword(password, '--password')).toBe(password);
  });

  it.each([
    ['', 'is empty'],
    ['123456789', 'has 9 octets'],
    ['ÄÖÜÄÖ', 'has 10 octets'],
    ['secret1', 'holds other characters than A-Z'],
    ['A B', 'holds other characters than A-Z'],
    ['A_B', 'holds other characters than A-Z'],
  ])('may not be %j, and the value is not repeated', (password, problem) => {
    let message = '';
    try {
      sessionPassword(password, '--password');
    } catch (thrown) {
      message = (thrown as Error).message;
    }
    expect(message).toContain(`--password: the password given ${problem}`);
    if (password !== '') expect(message).not.toContain(password);
  });
});

describe('where a secret comes from', () => {
  it('is the option, the first line of a file, or of standard input', () =>
    inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, 'beta.pass'), 'FROMFILE\r\nsecond line\n');
      const terminal = fakeTerminal({ workingFolder: folder, input: 'FROMIN\n' });
      const secret = (value?: string, file?: string) => secretFrom(terminal, { name: 'password', value, file });
      expect(await secret('DIRECT')).toBe('DIRECT');
      expect(await secret(undefined, 'beta.pass')).toBe('FROMFILE');
      expect(await secret(undefined, '-')).toBe('FROMIN');
      expect(await secret()).toBeUndefined();
      await writeFile(join(folder, 'empty'), '\nsecond line\n');
      await expect(secret(undefined, 'empty')).rejects.toThrow(
        "--password-file is 'empty': the first line of the file is empty",
      );
      await expect(secret(undefined, '/dev/zero')).rejects.toThrow('the file has more than 4096 octets');
      await expect(secret(undefined, '')).rejects.toThrow("--password-file is '': no file is named");
      await expect(secret('DIRECT', 'beta.pass')).rejects.toThrow(
        'give either --password or --password-file, not both',
      );
      await expect(secret(undefined, 'missing')).rejects.toThrow("--password-file is 'missing': no such file");
      await expect(secret(undefined, '.')).rejects.toThrow("--password-file is '.': this is a folder");
    }));
});
