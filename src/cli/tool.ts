import { readFileSync } from 'node:fs';
import type { Tool } from '../contracts/report.ts';

const description = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** This program, as documents name it. */
export const tool: Tool = { name: 'dsr-audit', version: description.version };
