#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { COMPILE_CACHE } from './compile-cache.js';
import { processTerminal } from './terminal/terminal.js';

// A reader that has seen enough (`certlane events | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
enableCompileCache(COMPILE_CACHE);
// Only now, so that it is taken from the cache.
const { z } = await import('zod');
// Compiling a check costs more than making it once.
z.config({ jitless: true });
const { runCertlane } = await import('./program.js');
process.exitCode = await runCertlane(process.argv.slice(2), processTerminal());
