import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../src/collect/windows/document.ts';
import { parseWindows } from '../../../src/collect/windows/parse.ts';
import { acceptsFacts } from './support/facts-schema.ts';

const nonce = '0123456789abcdef';

function parse(document: unknown): ReturnType<typeof parseWindows> {
  // What JSON.stringify leaves beyond ASCII the collector would escape.
  const json = JSON.stringify(document).replaceAll(
    /[^\u0020-\u007e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return parseWindows(
    `DSRAUDIT-BEGIN ${nonce} powershell 1\n${Buffer.from(json).toString('base64')}\nDSRAUDIT-END ${nonce} ${json.length}\n`,
    nonce,
  );
}

const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('10.77.0.1', '::1', '{0A1B2C3D-0000-4000-8000-000000000011}', 1, 0, 255),
);
const names = [
  'InterfaceIndex',
  'InterfaceAlias',
  'AddressFamily',
  'Store',
  'IPAddress',
  'PrefixLength',
  'SubnetMask',
  'guid',
  'Name',
  'NetCfgInstanceId',
  'HardwareID',
  'id',
  'rule',
  'profile',
  'type',
  'name',
  'status',
  'address',
  'port',
  'ComponentID',
  'Enabled',
  'NetbiosOptions',
  'category',
  'DestinationPrefix',
  'Destination',
  'Mask',
  'SettingID',
];
const row = fc.dictionary(fc.constantFrom(...names), fc.oneof(scalar, fc.array(scalar, { maxLength: 3 })), {
  noNullPrototype: true,
});
const rows = fc.array(row, { maxLength: 3 });
const lines = fc.array(fc.string(), { maxLength: 5 });
const document = fc.record(
  {
    schema: fc.constant(1),
    notes: fc.array(fc.record({ step: fc.string(), error: fc.string() }), { maxLength: 3 }),
    powershell: row,
    identity: row,
    product: row,
    computer: row,
    tcpip: row,
    clock: scalar,
    computerName: scalar,
    connections: rows,
    devices: rows,
    drivers: rows,
    registryInterfaces: rows,
    netbt: rows,
    linkage: rows,
    ipInterfaces: rows,
    ipAddresses: rows,
    ipRoutes: rows,
    connectionProfiles: rows,
    dnsClients: rows,
    adapterBindings: rows,
    netAdapters: rows,
    persistentIpInterfaces: rows,
    persistentIpAddresses: rows,
    persistentIpRoutes: rows,
    adapterConfigurations: rows,
    ip4Routes: rows,
    firewallProfiles: rows,
    firewallPolicies: rows,
    firewallRules: rows,
    networkList: rows,
    tcpListeners: rows,
    udpListeners: rows,
    services: rows,
    registryRoutes: lines,
    httpListenOnly: lines,
    netshActive4: lines,
    netshPersistent4: lines,
    netshDump4: lines,
  },
  { requiredKeys: ['schema', 'notes'], noNullPrototype: true },
);

describe('the document of the collector', () => {
  it('gives facts of the published shape, whatever a host says in it', () => {
    fc.assert(
      fc.property(document, (value) => {
        const result = parse(value);
        if (!('windows' in result)) throw new Error(JSON.stringify(result));
        expect(acceptsFacts(result.windows) ? [] : acceptsFacts.errors).toStrictEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves everything missing when it is empty', () => {
    const result = parse({ schema: 1, notes: [] });
    if (!('windows' in result)) throw new Error('incomplete');
    const known = Object.entries(result.windows).filter(([, fact]) => typeof fact === 'object' && 'value' in fact);
    expect(known).toStrictEqual([]);
  });

  it.each([
    ['another version', { schema: 2, notes: [] }],
    ['no notes', { schema: 1 }],
    ['an unknown step', { schema: 1, notes: [], surprise: [] }],
    ['a list for a row', { schema: 1, notes: [], identity: [] }],
    ['a deep value', { schema: 1, notes: [], identity: { name: { first: 'x' } } }],
    ['an interface without name', { schema: 1, notes: [], interfaces: [{ id: 'x' }] }],
    ['a list', []],
    ['no object', null],
  ])('refuses %s', (_name, value) => {
    expect(parse(value)).toHaveProperty('incomplete');
  });

  it('refuses names that reach a prototype', () => {
    expect(readDocument('{"schema":1,"notes":[],"identity":{"__proto__":1}}')).toHaveProperty('invalid');
    expect(readDocument('{"schema":1,"notes":[],"__proto__":{"clock":1}}')).toHaveProperty('invalid');
  });

  it('refuses depth before anything recursive sees it', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(readDocument(deep)).toStrictEqual({ invalid: 'The document is nested too deeply.' });
    expect(readDocument(`{"schema":1,"notes":[],"clock":"${'['.repeat(500)}"}`)).not.toHaveProperty('invalid');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readDocument(text)).toBeTypeOf('object');
      }),
    );
  });
});
