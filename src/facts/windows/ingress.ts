import { all, chain, combine, derived } from '../derived.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { type Adapter, belongsTo } from './adapter.ts';
import { activeSetting, vipFamilies, type WindowsHost } from './windows-host.ts';

const strings = { type: 'array', items: { type: 'string' } };

/** The facts of one ingress interface of a Windows host. */
export const windowsIngressFacts = new Map([
  [
    'ntVersion',
    {
      schema: { type: 'number' },
      meaning: '5.2 for 2003, 6.0 for 2008, 6.1 for 2008 R2, 6.2 for 2012, 6.3 for 2012 R2, 10 later.',
    },
  ],
  ['families', { schema: { type: 'array', items: { enum: [4, 6] } }, meaning: "IP versions of the host's VIPs." }],
  [
    'weakHostReceive',
    { schema: { enum: ['enabled', 'disabled'] }, meaning: 'Weak host receive, for every family that has a VIP.' },
  ],
  ['defaultGateways', { schema: strings, meaning: 'Default gateways on this interface.' }],
  [
    'gatewaysAtLoadBalancer',
    { schema: strings, meaning: 'Default gateways on this interface that are addresses of a load balancer or VIPs.' },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof windowsIngressFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

/** The facts of one ingress interface. */
export function windowsIngress(host: WindowsHost, adapter: Adapter): DerivedFacts<Name> {
  const families = vipFamilies(host.backend);
  const gateways = defaultGateways(host, adapter);
  const balancers = host.backend.bindings.flatMap((binding) => binding.loadBalancer?.addresses ?? []);
  return {
    ntVersion: host.ntVersion,
    families: derived(families),
    weakHostReceive: chain(host.ntVersion, (version): Derived<'enabled' | 'disabled'> => {
      const switchable = version < 6 ? families.filter((family) => family === 6) : families;
      if (switchable.length === 0) {
        return { notapplicable: 'Windows 2003 always uses the weak host model for IPv4; there is no switch' };
      }
      const settings = switchable.map((family) => activeSetting(host, adapter, family, 'weakHostReceive'));
      return combine([all(settings)], (values: readonly string[]) =>
        values.every((value) => value === 'enabled') ? 'enabled' : 'disabled',
      );
    }),
    defaultGateways: gateways,
    gatewaysAtLoadBalancer:
      balancers.length === 0
        ? { notapplicable: 'the inventory names no loadBalancer with addresses for this host' }
        : combine([gateways], (list: readonly string[]) => {
            const forbidden = new Set([...balancers, ...host.backend.bindings.map(({ vip }) => vip)]);
            return list.filter((gateway) => forbidden.has(gateway));
          }),
  };
}

function defaultGateways(host: WindowsHost, adapter: Adapter): Derived<readonly string[]> {
  const { gateways } = host.facts;
  if ('missing' in gateways) return gateways;
  const found = gateways.value.filter((row) => belongsTo(row, adapter)).map((row) => row.ip);
  return derived(found, { source: `gateways of ${adapter.name}`, text: found.join(', ') || 'none' });
}
