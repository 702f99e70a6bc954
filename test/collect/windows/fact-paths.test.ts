import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { WindowsFacts } from '../../../src/contracts/snapshot.ts';
import { windowsFactPaths, withoutWindowsFact } from '../../support/windows-fact-paths.ts';
import { acceptsFacts } from './support/facts-schema.ts';

const facts = JSON.parse(
  readFileSync(new URL('../../captures/windows/2022-good.facts.json', import.meta.url), 'utf8'),
) as WindowsFacts;

describe('the fact paths of Windows', () => {
  it('name every fact, and the fields that may be untold', () => {
    const names = Object.keys(facts).filter((name) => !['collectorVersion', 'tier', 'notes'].includes(name));
    expect(windowsFactPaths.filter((path) => !path.includes('.')).toSorted()).toStrictEqual(names.toSorted());
    expect(windowsFactPaths).toContain('ipInterfaces[].weakHostSend');
    expect(windowsFactPaths).toContain('interfaces[].componentId');
    expect(windowsFactPaths).toContain('domain.role');
    expect(windowsFactPaths).not.toContain('addresses[].ip');
  });

  it.each(windowsFactPaths)('%s can be dropped, and what is left is still of the published shape', (path) => {
    const less = withoutWindowsFact(facts, path);
    expect(acceptsFacts(less) ? [] : acceptsFacts.errors).toStrictEqual([]);
  });

  it('are dropped indeed', () => {
    const changed = windowsFactPaths.filter(
      (path) => JSON.stringify(withoutWindowsFact(facts, path)) !== JSON.stringify(facts),
    );
    expect(changed.length).toBeGreaterThan(60);
  });
});
