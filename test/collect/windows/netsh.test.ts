import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDump } from '../../../src/collect/windows/netsh-dump.ts';
import {
  readAddressBlocks,
  readAddressTable6,
  readInterfaceTable,
  readRouteTable,
} from '../../../src/collect/windows/netsh-tables.ts';
import { readVerboseInterfaces } from '../../../src/collect/windows/netsh-verbose.ts';
import { goodBackend, type Language, off, on, vip, withLan, withLoopback } from './support/model.ts';
import { dumpText, dumpText2003, verboseText } from './support/netsh-text.ts';

const languages: readonly Language[] = ['en-US', 'fr-FR', 'de-DE', 'zh-CN', 'ru-RU'];
const word = fc.constantFrom('enabled', 'disabled');

describe('netsh show interfaces level=verbose', () => {
  it.each(languages.flatMap((language) => [[language, 2008] as const, [language, '2008r2'] as const]))(
    'is read by position: %s, %s',
    (language, version) => {
      const host = withLan(
        withLoopback(goodBackend('', '', version, language), { weakHostSend: on, weakHostReceive: off }),
        { weakHostReceive: on },
      );
      const rows = readVerboseInterfaces(verboseText(host, 'active'));
      expect(rows).toMatchObject([
        {
          index: 11,
          metric: 15,
          connected: true,
          forwarding: false,
          weakHostSend: false,
          weakHostReceive: true,
          automaticMetric: true,
        },
        {
          index: 18,
          metric: 254,
          connected: true,
          forwarding: false,
          weakHostSend: true,
          weakHostReceive: false,
          automaticMetric: false,
        },
        { index: 1, weakHostSend: false, weakHostReceive: false },
      ]);
    },
  );

  it('gives each switch from its own place', () => {
    const label = fc.stringMatching(/^[A-Za-zА-я ]{1,20}$/).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(
        fc.tuple(...Array.from({ length: 11 }, () => fc.tuple(label, word))),
        fc.nat({ max: 9999 }),
        (pairs, index) => {
          const switches = pairs.map(([name, value], position) => `${name} : ${position === 4 ? 'dhcp' : value}`);
          const lines = [
            'Title',
            'IfLuid : ethernet_1',
            `IfIndex : ${index}`,
            'State : connected',
            'Metric : 5',
            ...switches,
            'Lifetime : 1800 s',
            'Default : disabled',
          ];
          const value = (position: number): boolean => pairs[position]?.[1] === 'enabled';
          expect(readVerboseInterfaces(lines)).toStrictEqual([
            {
              index,
              metric: 5,
              connected: true,
              forwarding: value(0),
              weakHostSend: value(7),
              weakHostReceive: value(8),
              automaticMetric: value(9),
            },
          ]);
        },
      ),
    );
  });

  it('leaves the switches unknown when the run is shorter or longer than it must be', () => {
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 30 }).filter((run) => run.length !== 11),
        (run) => {
          const lines = [
            'IfLuid : x',
            'IfIndex : 7',
            'State : connected',
            'Metric : 5',
            ...run.map((value) => `Label : ${value}`),
          ];
          expect(readVerboseInterfaces(lines)).toMatchObject([
            { index: 7, forwarding: null, weakHostSend: null, weakHostReceive: null, automaticMetric: null },
          ]);
        },
      ),
    );
  });

  it('is unreadable without an interface or an index', () => {
    expect(readVerboseInterfaces([])).toHaveProperty('unreadable');
    expect(readVerboseInterfaces(['Der Befehl wurde nicht gefunden.'])).toHaveProperty('unreadable');
    expect(readVerboseInterfaces(['IfLuid : x', 'State : connected'])).toHaveProperty('unreadable');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('IfLuid : x', 'IfIndex : 1', 'a : enabled'))),
        (lines) => {
          expect(readVerboseInterfaces(lines)).toBeTypeOf('object');
        },
      ),
    );
  });
});

describe('netsh dump', () => {
  it.each(languages)('is read by its commands: %s', (language) => {
    const host = withLoopback(goodBackend('', '', 2022, language), { weakHostSend: on, weakHostReceive: off });
    const dump = readDump(dumpText(host));
    if ('unreadable' in dump) throw new Error(dump.unreadable);
    expect(dump.addresses).toStrictEqual([
      { alias: host.adapters[0]?.alias, ip: '10.77.0.21', family: 4, prefixLength: 24, skipAsSource: null },
      { alias: 'LO', ip: vip, family: 4, prefixLength: 32, skipAsSource: true },
    ]);
    expect(dump.interfaces[1]).toStrictEqual({ alias: 'LO', weakHostSend: true, weakHostReceive: 'unset' });
    expect(dump.routes).toStrictEqual([
      { alias: host.adapters[0]?.alias, destination: '0.0.0.0/0', family: 4, nextHop: '10.77.0.1', metric: null },
    ]);
  });

  it('of 2003 tells addresses, gateway and DNS registration', () => {
    const dump = readDump(dumpText2003(goodBackend('', '', 2003, 'en-US')));
    if ('unreadable' in dump) throw new Error(dump.unreadable);
    expect(dump.addresses).toMatchObject([
      { alias: 'LAN', ip: '10.77.0.21', prefixLength: 24 },
      { alias: 'LO', ip: vip, prefixLength: 32 },
    ]);
    expect(dump.routes).toMatchObject([{ alias: 'LAN', destination: '0.0.0.0/0', nextHop: '10.77.0.1', metric: 0 }]);
    expect([...dump.dnsRegistration]).toStrictEqual([
      ['LAN', true],
      ['LO', false],
    ]);
    expect([...dump.dhcp]).toStrictEqual([
      ['LAN', false],
      ['LO', false],
    ]);
  });

  it('never tells forwarding, which netsh prints as enabled on every interface', () => {
    const dump = readDump(dumpText(goodBackend('', '', 2022, 'en-US')));
    expect(JSON.stringify(dump)).not.toContain('forwarding');
  });

  it('keeps any alias that Windows allows', () => {
    const alias = fc.stringMatching(/^[^"\\/:*?<>|\p{C}]{1,60}$/u).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(alias, (name) => {
        const dump = readDump([
          'pushd interface ipv4',
          `set interface interface="${name}" weakhostsend=enabled`,
          `add address name="${name}" address=192.0.2.1 mask=255.255.255.255`,
          'popd',
        ]);
        expect(dump).toMatchObject({
          interfaces: [{ alias: name, weakHostSend: true }],
          addresses: [{ alias: name, prefixLength: 32 }],
        });
      }),
    );
  });

  it('is unreadable when it is none or was cut', () => {
    expect(readDump(['The following command was not found'])).toHaveProperty('unreadable');
    expect(readDump(dumpText(goodBackend('', '', 2022, 'en-US')).slice(0, -3))).toHaveProperty('unreadable');
    expect(
      readDump(['pushd interface ipv4', 'add route prefix=x interface="LAN" nexthop=10.77.0.1', 'popd']),
    ).toHaveProperty('unreadable');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.constantFrom(
              'pushd',
              'popd',
              'add route interface="x"',
              'set address name="a" addr=1.2.3.4 mask=255.0.255.0',
            ),
          ),
        ),
        (lines) => {
          expect(readDump(lines)).toBeTypeOf('object');
        },
      ),
    );
  });
});

describe('the tables of netsh', () => {
  it('give index and alias, to the end of the line', () => {
    const lines = [
      '',
      'Idx     Mét         MTU          État                Nom',
      '---  ------',
      '  1          75  4294967295  connected     Loopback Pseudo-Interface 1',
      ' 18         254        1500  disconnected  Réseau (2) enabled',
    ];
    expect(readInterfaceTable(lines)).toStrictEqual([
      { index: 1, connected: true, alias: 'Loopback Pseudo-Interface 1' },
      { index: 18, connected: false, alias: 'Réseau (2) enabled' },
    ]);
  });

  it('give routes by metric, prefix and index', () => {
    const lines = [
      'Veröff.  Typ  Met  Präfix  Idx  Gateway',
      'Nein     Manuell   256  0.0.0.0/0                 11  10.77.0.1',
      'Nein     System    256  10.77.0.100/32            18  LO',
      'No  Manual 256  fe80::/64  11  LAN 10.0.0.1',
    ];
    expect(readRouteTable(lines)).toStrictEqual([
      { index: 11, destination: '0.0.0.0/0', family: 4, nextHop: '10.77.0.1', metric: 256 },
      { index: 18, destination: '10.77.0.100/32', family: 4, nextHop: null, metric: 256 },
      { index: 11, destination: 'fe80::/64', family: 6, nextHop: null, metric: 256 },
    ]);
  });

  it('give addresses with the mask that follows, and gateways that none follows', () => {
    const lines = [
      '',
      'Configuration for interface "LAN"',
      '    DHCP:   No',
      '    IP Address:  10.77.0.21',
      '    Subnet Prefix:  10.77.0.0/24 (mask 255.255.255.0)',
      '    Default Gateway:  10.77.0.1',
      '    Gateway Metric:  1',
      '',
      'Konfiguration der Schnittstelle "LO"',
      '    IP-Adresse:  10.77.0.100',
      '    Subnetzmaske:  255.255.255.255',
    ];
    expect(readAddressBlocks(lines)).toStrictEqual([
      { alias: 'LAN', addresses: [{ ip: '10.77.0.21', family: 4, prefixLength: 24 }], gateways: ['10.77.0.1'] },
      { alias: 'LO', addresses: [{ ip: '10.77.0.100', family: 4, prefixLength: 32 }], gateways: [] },
    ]);
  });

  it('give IPv6 addresses below the interface that heads them', () => {
    const lines = [
      '',
      'Schnittstelle 18: LO',
      '',
      'Adresstyp  DAD-Status  Gültigkeit Bevorzugt  Adresse',
      '---------  ----------- ---------- ---------- ------------------------',
      'Manuell    Bevorzugt     infinite   infinite 2001:DB8::100',
      'Andere     Bevorzugt     infinite   infinite fe80::1%18',
    ];
    expect(readAddressTable6(lines)).toStrictEqual([
      { index: 18, alias: 'LO', ip: '2001:db8::100' },
      { index: 18, alias: 'LO', ip: 'fe80::1' },
    ]);
  });

  it('never throw', () => {
    const line = fc.oneof(
      fc.string(),
      fc.ipV4().map((ip) => `x: ${ip}`),
      fc.constantFrom('"a"', 'x: 255.255.0.0', ' 1 2 3 connected x'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect([
          readInterfaceTable(lines),
          readRouteTable(lines),
          readAddressBlocks(lines),
          readAddressTable6(lines),
        ]).toHaveLength(4);
      }),
    );
  });
});
