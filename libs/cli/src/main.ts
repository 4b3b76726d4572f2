#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { COMPILE_CACHE } from './compile-cache.js';
import { processTerminal } from './terminal/terminal.js';

// A reader that has seen enough (`certlane events | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(
    `certlane: standard output cannot be written (${String(error.code)}); make room, or write elsewhere\n`,
  );
  process.exit(5);
});
// Nobody is left to be told.
process.stderr.on('error', () => undefined);
enableCompileCache(COMPILE_CACHE);
// Only now, so that it is taken from the cache.
const { z } = await import('zod');
// Compiling a check costs more than making it once.
z.config({ jitless: true });
const { runCertlane } = await import('./program.js');
const status = await runCertlane(process.argv.slice(2), processTerminal());
// Written out first, then out: a connection that another side keeps half open must not keep the command.
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write('', done))));
process.exit(status);
