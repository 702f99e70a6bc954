#!/usr/bin/env node
import process from 'node:process';
import { exitCodes } from './errors.ts';

// Node exits with 1, which means "not compliant", where something is thrown, and with 13 where a promise never settles:
// neither may look like a verdict. Therefore everything else is imported after this.
process.on('uncaughtException', (error) => {
  process.stderr.write(`dsr-audit: internal error: ${error.stack ?? error.message}\n`);
  process.exit(exitCodes.internalError);
});
process.on('exit', (code) => {
  if (code === 13) process.exitCode = exitCodes.internalError;
});

const { main } = await import('./cli/main.ts');
process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
});
