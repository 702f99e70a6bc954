import { validators } from '../../../../src/contracts/validation.ts';
import type { LinuxFacts } from '../../../../src/contracts/snapshot.ts';

/** What the schema of the snapshot document has against the facts of one host. */
export function schemaViolations(linux: LinuxFacts): readonly unknown[] {
  const at = '2026-11-22T00:00:00Z';
  return validators.snapshot.violations({
    formatVersion: 1,
    tool: { name: 'dsr-audit', version: '0' },
    run: { id: '0'.repeat(32), startedAt: at, finishedAt: at, interrupted: null },
    hosts: [{ name: 'web01', address: '10.77.0.11', platform: 'linux', transport: 'ssh', state: 'collected', linux }],
  });
}
