#!/usr/bin/env node
import process from 'node:process';
import { main } from './cli/main.ts';
import { exitCodes } from './errors.ts';

// Node would exit with 1, which means "not compliant": a bug must not look like a verdict.
process.on('uncaughtException', (error) => {
  process.stderr.write(`dsr-audit: internal error: ${error.stack ?? error.message}\n`);
  process.exit(exitCodes.internalError);
});

process.exitCode = await main(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
});
