import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { WindowsFacts } from '../../../../src/contracts/snapshot.ts';

const snapshot = JSON.parse(
  readFileSync(new URL('../../../../reports/snapshot.schema.json', import.meta.url), 'utf8'),
) as { $defs: Record<string, object> };

/** Whether a value is the Windows facts that the published schema describes; its errors say why not. */
export const acceptsFacts = new Ajv2020({ allErrors: true, strict: false }).compile<WindowsFacts>({
  $ref: '#/$defs/windowsFacts',
  $defs: snapshot.$defs,
});
