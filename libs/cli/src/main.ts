#!/usr/bin/env node
import { runCertlane } from './program.js';
import { processTerminal } from './terminal/terminal.js';

// A reader that has seen enough (`certlane events | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.exitCode = await runCertlane(process.argv.slice(2), processTerminal());
