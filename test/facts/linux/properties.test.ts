import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Address, LinuxFacts, NetworkInterface, Route } from '../../../src/contracts/snapshot.ts';
import type { Backend } from '../../../src/facts/backend.ts';
import { factCatalogue } from '../../../src/facts/catalogue.ts';
import { explainArp } from '../../../src/facts/linux/explain-arp.ts';
import { linuxSubjects } from '../../../src/facts/linux/subjects.ts';
import type { Derived } from '../../../src/facts/subject.ts';
import { backend, binding, defaultRules, linuxFacts, sysctls } from '../../support/linux-facts.ts';

const names = ['lo', 'eth0', 'eth1', 'br0', 'dummy0', 'tunl0'] as const;
const ips = ['10.77.0.11', '10.77.0.100', '10.77.0.1', '192.0.2.5', '127.0.0.1', '203.0.113.10', '0.0.0.0'] as const;
const ip6s = ['2001:db8::100', '2001:db8::11', 'fe80::1', '::1'] as const;

const link: fc.Arbitrary<NetworkInterface> = fc.record({
  name: fc.constantFrom(...names),
  index: fc.integer({ min: 1, max: 9 }),
  flags: fc.constantFrom(0x9, 0x1003, 0x1002, 0x1083, 0x83, 0x1803, 0x11, 0xffff, 0),
  type: fc.constantFrom(1, 32, 772, 768, 512),
  address: fc.constantFrom('', '02:00:00:00:00:01'),
  linkIndex: fc.integer({ min: 0, max: 9 }),
  operState: fc.constantFrom('up', 'down', 'unknown'),
  kind: fc.constantFrom(null, 'bridge', 'bond', 'vlan', 'vrf', 'dummy', 'macvlan', 'ipip'),
  master: fc.constantFrom(null, null, ...names),
  bridgePort: fc.boolean(),
});

const addressOf4: fc.Arbitrary<Address> = fc.record({
  interface: fc.constantFrom(...names),
  label: fc.constant(null),
  family: fc.constant(4 as const),
  ip: fc.constantFrom(...ips),
  peer: fc.constantFrom(null, null, ...ips),
  prefixLength: fc.integer({ min: 0, max: 32 }),
  scope: fc.constantFrom('global', 'host', 'link', '100', null, 'nonsense'),
  flags: fc.subarray(['secondary', 'permanent', 'dynamic']),
  validLifetime: fc.constantFrom(null, 100),
  preferredLifetime: fc.constantFrom(null, 0),
});
const addressOf6: fc.Arbitrary<Address> = fc.record({
  interface: fc.constantFrom(...names),
  label: fc.constant(null),
  family: fc.constant(6 as const),
  ip: fc.constantFrom(...ip6s),
  peer: fc.constant(null),
  prefixLength: fc.integer({ min: 0, max: 128 }),
  scope: fc.constantFrom('global', 'link', null),
  flags: fc.subarray(['tentative', 'dadfailed', 'optimistic']),
  validLifetime: fc.constantFrom(null, 100),
  preferredLifetime: fc.constantFrom(null, 0),
});

const someRoute: fc.Arbitrary<Route> = fc
  .record({
    table: fc.constantFrom('local', 'main', 'default', '100'),
    type: fc.constantFrom('unicast', 'local', 'broadcast', 'blackhole', 'throw', 'anycast'),
    destination: fc.oneof(
      fc.tuple(fc.constantFrom(...ips), fc.integer({ min: 0, max: 32 })).map(([ip, length]) => `${ip}/${length}`),
      fc.tuple(fc.constantFrom(...ip6s), fc.integer({ min: 0, max: 128 })).map(([ip, length]) => `${ip}/${length}`),
    ),
    gateway: fc.constantFrom(null, null, ...ips, ...ip6s),
    interface: fc.constantFrom(null, ...names),
    source: fc.constant(null),
    scope: fc.constantFrom(null, 'link'),
    metric: fc.constantFrom(null, 0, 100),
  })
  .map((route): Route => ({ ...route, family: route.destination.includes(':') ? 6 : 4 }));

const value = fc.integer({ min: -1, max: 9 });
const parameters = fc
  .dictionary(
    fc
      .tuple(
        fc.constantFrom('all', 'default', ...names),
        fc.constantFrom(
          'arp_ignore',
          'arp_announce',
          'rp_filter',
          'forwarding',
          'proxy_arp',
          'proxy_arp_pvlan',
          'arp_filter',
          'route_localnet',
          'accept_local',
          'medium_id',
          'send_redirects',
        ),
      )
      .map((path) => path.join('/')),
    value,
    { maxKeys: 12 },
  )
  .map((changes) => sysctls(changes, names));

const rule = fc.constantFrom(
  'from 10.77.0.11 lookup 100',
  'from all to 192.0.2.0/24 lookup 100',
  'from all goto 9',
  'not from all iif eth0 blackhole',
);
const rules = fc
  .array(rule, { maxLength: 2 })
  .map((some) => [
    ...defaultRules(),
    ...some.map((text, index) => ({ family: 4 as const, priority: 100 + index, text })),
  ]);

/** Any facts: each part known or, now and then, missing. */
const facts: fc.Arbitrary<LinuxFacts> = fc
  .record({
    interfaces: fc.uniqueArray(link, { selector: ({ name }) => name, maxLength: 6 }),
    addresses: fc.array(fc.oneof(addressOf4, addressOf6), { maxLength: 8 }),
    routes: fc.array(someRoute, { maxLength: 10 }),
    policyRules: rules,
    gone: fc.subarray(
      [
        'interfaces',
        'addresses',
        'routes',
        'policyRules',
        'sysctls',
        'neighbours',
        'nftables',
        'arptables',
        'listeners',
      ],
      { maxLength: 2 },
    ),
    sysctls: parameters,
    proxies: fc.array(fc.tuple(fc.constantFrom(...ips, ...ip6s), fc.constantFrom(...names)), { maxLength: 2 }),
  })
  .map(({ gone, proxies, interfaces, addresses, routes, policyRules, sysctls }) =>
    linuxFacts({
      interfaces: { value: interfaces },
      addresses: { value: addresses },
      routes: { value: routes },
      policyRules: { value: policyRules },
      sysctls,
      neighbours: {
        value: proxies.map(([ip, device]) => ({
          ip,
          interface: device,
          hardwareAddress: null,
          proxy: true,
          state: null,
        })),
      },
      ...Object.fromEntries(gone.map((part) => [part, { missing: 'not collected' }])),
    }),
  );

const host: fc.Arbitrary<Backend> = fc
  .record({
    methods: fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('10.77.0.100', '203.0.113.10', '2001:db8::100'),
        fc.constantFrom(
          'loopback' as const,
          'dummy' as const,
          'anyip' as const,
          'arptables' as const,
          'redirect' as const,
          'tunnel' as const,
        ),
      ),
      { selector: ([vip]) => vip, minLength: 1, maxLength: 3 },
    ),
    client: fc.constantFrom(undefined, '198.51.100.20', '10.77.0.2'),
    balanced: fc.boolean(),
    ingressInterfaces: fc.subarray(['eth0', 'eth7'], { maxLength: 1 }),
    role: fc.constantFrom('backend' as const, 'local-node' as const),
    address: fc.constantFrom('10.77.0.11', 'web01.example.net'),
  })
  .map(({ methods, client, balanced, ...rest }) =>
    backend({
      ...rest,
      bindings: methods.map(([vip, method]) =>
        binding({
          vip,
          method,
          ports: [{ number: 80, protocol: 'tcp' }],
          ...(client === undefined ? {} : { client }),
          ...(balanced ? { loadBalancer: { name: 'aloha', addresses: ['10.77.0.5', '192.0.2.5'] } } : {}),
        }),
      ),
    }),
  );

const valueOf = (fact: Derived | undefined): unknown =>
  fact !== undefined && 'value' in fact ? fact.value : undefined;

describe('whatever a host says', () => {
  const ajv = new Ajv2020({ strict: false });

  it('each subject has every fact of the catalogue, with a value that its schema allows or a reason', () => {
    fc.assert(
      fc.property(host, facts, (backend, said) => {
        for (const subject of linuxSubjects(backend, said)) {
          const definitions = factCatalogue.get(`linux/${subject.kind}`);
          expect(new Set(subject.facts.keys())).toEqual(new Set(definitions?.keys()));
          for (const [name, fact] of subject.facts) {
            if (!('value' in fact)) {
              expect(Object.values(fact).every((reason) => typeof reason === 'string' && reason.length > 4)).toBe(true);
            } else if (!ajv.validate(definitions?.get(name)?.schema ?? false, fact.value)) {
              throw new Error(`${name} ${JSON.stringify(fact.value)}: ${ajv.errorsText()}`);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('hijackRisk is the disjunction of answeredOn and announcedOn, and false without an interface that hears neighbours', () => {
    fc.assert(
      fc.property(host, facts, (backend, said) => {
        const subjects = linuxSubjects(backend, said);
        const ingress = valueOf(subjects.find(({ kind }) => kind === 'host')?.facts.get('ingressInterfaces'));
        for (const { facts } of subjects.filter(({ kind }) => kind === 'vip')) {
          const [answered, announced, risk] = ['answeredOn', 'announcedOn', 'hijackRisk'].map((name) =>
            valueOf(facts.get(name)),
          );
          const claims = [answered, announced].map((list) => (Array.isArray(list) ? list.length > 0 : undefined));
          if (claims.includes(true)) expect(risk).toBe(true);
          else expect(risk).toBe(claims.includes(undefined) ? undefined : false);
          if (Array.isArray(ingress) && ingress.length === 0) expect(risk).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('8 on all and no forwarding answers for no IPv4 address', () => {
    fc.assert(
      fc.property(host, facts, (backend, said) => {
        const quiet = { ...said, sysctls: sysctls({ 'all/arp_ignore': 8 }, names) };
        const vips = linuxSubjects(backend, quiet).filter(
          ({ kind, vip }) => kind === 'vip' && vip?.includes('.') === true,
        );
        const answered = vips.map(({ facts }) => valueOf(facts.get('answeredOn')));
        expect(answered.filter((list) => Array.isArray(list) && list.length > 0)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('an explanation says of each VIP what its subject says', () => {
    fc.assert(
      fc.property(host, facts, (backend, said) => {
        for (const { vip = '', facts } of linuxSubjects(backend, said).filter(({ kind }) => kind === 'vip')) {
          const explanation = explainArp(backend, said, vip);
          expect(explanation.hijackRisk).toEqual(facts.get('hijackRisk'));
          if (!('value' in explanation.interfaces)) continue;
          const claiming = explanation.interfaces.value.filter(({ claim }) => claim.answers === true);
          const answered = valueOf(facts.get('answeredOn'));
          if (Array.isArray(answered)) expect(claiming.map((each) => each.interface)).toEqual(answered);
        }
      }),
      { numRuns: 40 },
    );
  });
});
