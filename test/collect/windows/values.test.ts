import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  canonicalGuid,
  canonicalIp,
  canonicalMac,
  canonicalPrefix,
  prefixLengthOfMask,
} from '../../../src/collect/windows/identifier.ts';
import { readNetstat } from '../../../src/collect/windows/netstat.ts';
import { joinOwners } from '../../../src/collect/windows/owner.ts';
import { readRegistry } from '../../../src/collect/windows/reg-query.ts';
import { readBoolean, readEnumeration, readInteger, readSetting } from '../../../src/collect/windows/setting.ts';
import { maskOf } from './support/netsh-text.ts';

describe('a switch of the TCP/IP provider', () => {
  it.each([
    [0, false],
    [1, true],
    ['0', false],
    ['1', true],
    [true, true],
    [false, false],
    ['Enabled', true],
    ['disabled', false],
    ['ENABLED', true],
    [255, 'unset'],
    ['255', 'unset'],
    ['Unchanged', 'unset'],
    [null, null],
    [undefined, null],
    ['', null],
    [2, null],
    [-1, null],
    ['ja', null],
  ] as const)('%s is %s', (value, expected) => {
    expect(readSetting(value)).toBe(expected);
  });

  it('is never made up', () => {
    const told = new Set(['0', '1', '255', 'true', 'false', 'enabled', 'disabled', 'unchanged']);
    const untold = fc
      .oneof(fc.string(), fc.integer(), fc.double())
      .filter((value) => !told.has(String(value).trim().toLowerCase()));
    fc.assert(
      fc.property(untold, (value) => {
        expect([readSetting(value), readBoolean(value)]).toStrictEqual([null, null]);
      }),
    );
    expect(readBoolean(255)).toBeNull();
  });
});

describe('numbers and enumerations', () => {
  it('are read as numbers or as decimal text, and nothing else', () => {
    expect([readInteger(254), readInteger('254'), readInteger(' -1 ')]).toStrictEqual([254, 254, -1]);
    for (const value of [null, undefined, '', '0x10', '1e3', 1.5, true, '1 2']) expect(readInteger(value)).toBeNull();
  });

  it('are read by number or by word', () => {
    const origins = new Map([
      [1, 'manual'],
      [2, 'well-known'],
    ] as const);
    expect([
      readEnumeration(2, origins),
      readEnumeration('2', origins),
      readEnumeration('WellKnown', origins),
      readEnumeration('Manual', origins),
    ]).toStrictEqual(['well-known', 'well-known', 'well-known', 'manual']);
    expect([
      readEnumeration(7, origins),
      readEnumeration(null, origins),
      readEnumeration('Manuell', origins),
    ]).toStrictEqual([null, null, null]);
  });
});

describe('identifiers', () => {
  it('of adapters are one text, however they are written', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.boolean(), fc.boolean(), (uuid, braces, upper) => {
        const text = braces ? `{${uuid}}` : uuid;
        expect(canonicalGuid(upper ? text.toUpperCase() : text)).toBe(`{${uuid.toUpperCase()}}`);
      }),
    );
    expect(canonicalGuid('{1}')).toBeNull();
    expect(canonicalGuid(null)).toBeNull();
  });

  it('of addresses are canonical, and a zone is no part of them', () => {
    expect(canonicalIp('2001:DB8:0:0:0:0:0:1')).toStrictEqual({ ip: '2001:db8::1', family: 6 });
    expect(canonicalIp('fe80::1%12')).toStrictEqual({ ip: 'fe80::1', family: 6 });
    expect(canonicalIp(' 10.77.0.1 ')).toStrictEqual({ ip: '10.77.0.1', family: 4 });
    for (const text of ['', '10.77.0', '010.0.0.1', '1.2.3.4/32', 'On-link']) expect(canonicalIp(text)).toBeNull();
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const once = canonicalIp(text)?.ip ?? '';
        expect(canonicalIp(once)?.ip).toBe(once);
      }),
    );
  });

  it('of networks have a length that fits', () => {
    expect(canonicalPrefix('2001:DB8::/032')?.prefix).toBe('2001:db8::/32');
    for (const text of ['10.0.0.0/33', '10.0.0.0', '/8', '10.0.0.0/', 'x/8', '::/129'])
      expect(canonicalPrefix(text)).toBeNull();
  });

  it('masks are prefix lengths, unless they have holes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 32 }), (length) => {
        expect(prefixLengthOfMask(maskOf(length))).toBe(length);
      }),
    );
    for (const mask of ['255.0.255.0', '255.255.255', '', '1.2.3.4']) expect(prefixLengthOfMask(mask)).toBeNull();
  });

  it('of hardware are bytes joined by dashes', () => {
    for (const text of ['02004c4f4f50', '02:00:4C:4F:4F:50', '02-00-4C-4F-4F-50'])
      expect(canonicalMac(text)).toBe('02-00-4C-4F-4F-50');
    expect(canonicalMac('')).toBe('');
  });
});

describe('the interface that a row belongs to', () => {
  const guid = '{0A1B2C3D-0000-4000-8000-000000000011}';
  const other = '{0A1B2C3D-0000-4000-8000-000000000012}';
  const owners = joinOwners([
    { guid, index: 11, alias: 'LAN' },
    { guid: other.toLowerCase(), alias: 'LO' },
    { guid: '{0A1B2C3D-0000-4000-8000-000000000013}', alias: 'LAN' },
  ]);

  it('is found by GUID, index or alias', () => {
    const lan = { interfaceGuid: guid, interfaceIndex: 11, interfaceAlias: 'LAN' };
    expect([owners({ index: 11 }), owners({ alias: 'LAN' }), owners({ guid: guid.toLowerCase() })]).toStrictEqual([
      lan,
      lan,
      lan,
    ]);
    expect(owners({ alias: 'lo' })).toStrictEqual({ interfaceGuid: other, interfaceIndex: null, interfaceAlias: 'lo' });
  });

  it('is not the one that has the index now, when the alias says otherwise', () => {
    expect(owners({ index: 11, alias: 'LO' })).toMatchObject({ interfaceGuid: other });
    expect(owners({ index: 11, alias: 'gone' })).toStrictEqual({
      interfaceGuid: null,
      interfaceIndex: 11,
      interfaceAlias: 'gone',
    });
    expect(owners({})).toStrictEqual({ interfaceGuid: null, interfaceIndex: null, interfaceAlias: null });
  });

  it('may have any name', () => {
    for (const alias of ['__proto__', 'constructor', 'toString']) {
      expect(joinOwners([{ guid, index: 1, alias }])({ alias })).toMatchObject({ interfaceGuid: guid });
      expect(owners({ alias })).toMatchObject({ interfaceGuid: null });
    }
  });
});

describe('reg query', () => {
  const lines = [
    '',
    String.raw`HKEY_LOCAL_MACHINE\SYSTEM\A`,
    '    EnableDHCP    REG_DWORD    0x0',
    String.raw`    IPAddress    REG_MULTI_SZ    10.0.0.1\010.0.0.2`,
    '    Name    REG_SZ    LAN  2',
    '    Empty    REG_SZ',
    '',
    String.raw`HKEY_LOCAL_MACHINE\SYSTEM\A\B`,
  ];

  it('is read alike with spaces and, on 2003, with tabs', () => {
    const tabs = [
      '! REG.EXE VERSION 3.0',
      ...lines.map((line) =>
        line.startsWith('    ')
          ? `    ${line.trim().replaceAll('    ', '\t')}${line.includes('MULTI') ? String.raw`\0\0` : ''}`
          : line,
      ),
    ];
    for (const text of [lines, tabs]) {
      const keys = readRegistry(text);
      expect([...keys.keys()]).toStrictEqual([
        String.raw`hkey_local_machine\system\a`,
        String.raw`hkey_local_machine\system\a\b`,
      ]);
      expect([...(keys.get(String.raw`hkey_local_machine\system\a`) ?? [])]).toStrictEqual([
        ['enabledhcp', 0],
        ['ipaddress', ['10.0.0.1', '10.0.0.2']],
        ['name', 'LAN  2'],
        ['empty', ''],
      ]);
    }
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (text) => {
        expect(readRegistry(text)).toBeInstanceOf(Map);
      }),
    );
  });
});

describe('netstat', () => {
  it('lists who listens, in any language', () => {
    const lines = [
      '  Proto  Lokale Adresse  Remoteadresse  Status',
      '  TCP    0.0.0.0:80  0.0.0.0:0  ABHÖREN',
      '  TCP    [::]:443    [::]:0  ABHÖREN',
      '  TCP    10.77.0.21:80  198.51.100.20:49152  HERGESTELLT',
      '  UDP    0.0.0.0:123  *:*',
      '  UDP    [fe80::1%12]:546  *:*',
    ];
    expect(readNetstat(lines).map(({ protocol, ip, port }) => `${protocol} ${ip} ${port}`)).toStrictEqual([
      'tcp 0.0.0.0 80',
      'tcp :: 443',
      'udp 0.0.0.0 123',
      'udp fe80::1 546',
    ]);
  });

  it('reads back every socket', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('TCP', 'UDP'), fc.ipV4(), fc.integer({ min: 0, max: 65_535 }))),
        (sockets) => {
          const lines = sockets.map(
            ([protocol, ip, port]) =>
              `  ${protocol}    ${ip}:${port}    ${protocol === 'TCP' ? '0.0.0.0:0   LISTEN' : '*:*'}`,
          );
          expect(readNetstat(lines).map(({ protocol, ip, port }) => [protocol.toUpperCase(), ip, port])).toStrictEqual(
            sockets,
          );
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (lines) => {
        expect(readNetstat(lines)).toBeInstanceOf(Array);
      }),
    );
  });
});
