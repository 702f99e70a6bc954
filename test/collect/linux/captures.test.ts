import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProbe } from '../../../src/collect/linux/parse.ts';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import { capture, parameters } from './support/throw-away-host.ts';
import { schemaViolations } from './support/schema.ts';

const folder = new URL('../../captures/linux/', import.meta.url);
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => file.slice(0, -'.txt'.length));

function factsOf(name: string): LinuxFacts {
  const result = parseProbe(capture(name), parameters.nonce, parameters.vips);
  if (!('linux' in result)) throw new Error(JSON.stringify(result));
  return result.linux;
}

function known<T>(fact: { readonly value: T } | { readonly missing: string }): T {
  if ('missing' in fact) throw new Error(fact.missing);
  return fact.value;
}

describe('the captures', () => {
  it('are nineteen, each with its facts', () => {
    const facts = readdirSync(folder).filter((file) => file.endsWith('.facts.json'));
    expect(facts).toStrictEqual(names.map((name) => `${name}.facts.json`));
    expect(names).toHaveLength(19);
  });

  it.each(names)('%s gives its facts', async (name) => {
    const facts = factsOf(name);
    expect(schemaViolations(facts)).toStrictEqual([]);
    await expect(`${JSON.stringify(facts, null, 1)}\n`).toMatchFileSnapshot(`../../captures/linux/${name}.facts.json`);
  });

  it('were taken with the probe as it is: the same sections, the same limits', () => {
    const script = readFileSync(new URL('../../../src/collect/linux/probe.sh', import.meta.url), 'utf8');
    for (const name of names) {
      for (const [, section, limit] of capture(name).matchAll(/^@@capture0 begin ([a-z0-9-]+) (all|[0-9]+)$/gm)) {
        expect(script).toContain(`section ${section} ${limit} `);
      }
    }
  });

  it('stay small: an ordinary host prints less than 12 KB', () => {
    expect(capture('compliant').length).toBeLessThan(12_000);
    expect(capture('systemd-host').length).toBeLessThan(12_000);
  });
});

/** A value below net/ipv4/conf. */
function parameter(name: string, key: string): string | undefined {
  return known(factsOf(name).sysctls).find((entry) => entry.key === `net/ipv4/conf/${key}`)?.value;
}

/** Where the VIP is: interface, prefix length, label. */
function holders(name: string): readonly string[] {
  return known(factsOf(name).addresses)
    .filter(({ ip }) => ip === '10.77.0.100')
    .map(({ interface: device, prefixLength, label }) => `${device} ${prefixLength} ${label}`);
}

function routeTypeToBalancer(name: string): string | null | undefined {
  const lookups = known(factsOf(name).routeLookups);
  return lookups.find(({ destination, from }) => destination === '10.77.0.5' && from === null)?.type;
}

function addressTexts({ addresses }: LinuxFacts): readonly string[] {
  return known(addresses)
    .map(({ interface: device, ip, prefixLength, label }) => `${device} ${ip} ${prefixLength} ${label}`)
    .sort();
}

function mainRoutes({ routes }: LinuxFacts): readonly string[] {
  return known(routes)
    .filter(({ table, family }) => table === 'main' && family === 4)
    .map(({ destination, gateway, interface: device }) => `${destination} ${gateway} ${device}`)
    .sort();
}

describe('the facts of the captures', () => {
  it('tell the backends apart', () => {
    expect(holders('compliant')).toStrictEqual(['lo 32 lo:0']);
    expect(holders('mask-24-on-lo')).toStrictEqual(['lo 24 lo']);
    expect(holders('vip-on-eth0')).toStrictEqual(['eth0 24 eth0:0']);
    expect(parameter('compliant', 'all/arp_ignore')).toBe('1');
    expect(parameter('compliant', 'all/arp_announce')).toBe('2');
    expect(parameter('no-sysctls', 'all/arp_ignore')).toBe('0');
    expect(parameter('lo-only-sysctls', 'all/arp_ignore')).toBe('0');
    expect(parameter('lo-only-sysctls', 'lo/arp_ignore')).toBe('1');
  });

  it('show the wide mask where it hurts: the load balancer is the host itself', () => {
    expect(routeTypeToBalancer('compliant')).toBe('unicast');
    expect(routeTypeToBalancer('mask-24-on-lo')).toBe('local');
  });

  it('keep every interface name as the kernel has it, and none of them reaches a prototype', () => {
    const facts = factsOf('odd-names');
    const interfaces = known(facts.interfaces);
    const odd = interfaces.filter(({ kind }) => kind === 'bridge').map(({ name }) => name);
    expect(odd.sort()).toStrictEqual(
      [
        '__proto__',
        'constructor',
        '<script>',
        '=1+1',
        '$(id)',
        'a,b',
        '"q"',
        '*',
        '-oProxy',
        'a;b',
        '\u001b[31mred',
        'a\\b',
        '.dot',
        '..dots',
        'x@y',
        'eth0.100',
        'a]b',
        '@@',
        'ünï',
      ].sort(),
    );
    for (const { name } of interfaces) {
      expect(known(facts.sysctls).filter(({ key }) => key === `net/ipv4/conf/${name}/arp_ignore`)).toHaveLength(1);
    }
    expect(known(facts.sysctls)).toContainEqual({ key: 'net/ipv4/conf/__proto__/arp_ignore', value: '3' });
    expect(({} as Record<string, unknown>)['arp_ignore']).toBeUndefined();
  });

  it('name the file that may not be read, and keep secrets out', () => {
    const { addressFiles, sysctlFiles } = factsOf('systemd-host');
    const netplan = known(addressFiles).find(({ path }) => path === '/etc/netplan/50-cloud-init.yaml');
    expect(netplan?.lines).toStrictEqual({ missing: 'the probe’s user may not read it' });
    expect(capture('systemd-host')).not.toContain('not-for-the-auditor');
    expect(known(sysctlFiles).find(({ target }) => target === '/dev/null')).toMatchObject({
      path: '/etc/sysctl.d/50-pid-max.conf',
      kind: 'link',
      lines: { value: [] },
    });
  });

  it('hold what the kernel says without ip, and say what it does not', () => {
    const complete = factsOf('compliant');
    const poor = factsOf('without-iproute2');
    // The link-local address comes from the hardware address, which each captured host has for itself.
    const given = (facts: typeof poor): readonly string[] =>
      addressTexts(facts).filter((text) => !text.includes(' fe80:'));
    expect(given(poor)).toStrictEqual(given(complete));
    expect(mainRoutes(poor)).toStrictEqual(mainRoutes(complete));
    expect(poor.policyRules).toStrictEqual({ missing: 'ip is not installed' });
    expect(poor.routeLookups).toStrictEqual({ missing: 'ip is not installed' });
  });
});
