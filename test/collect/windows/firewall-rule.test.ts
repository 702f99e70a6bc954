import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFirewallRule } from '../../../src/collect/windows/firewall-rule.ts';

function read(text: string): ReturnType<typeof readFirewallRule> {
  return readFirewallRule('{1}', text);
}

const plainRule = {
  id: '{1}',
  name: null,
  action: 'allow',
  direction: 'in',
  active: false,
  protocol: null,
  localPorts: [],
  localAddresses: [],
  profiles: [],
  interfaces: [],
  interfaceTypes: [],
  edgeTraversal: false,
  profileCrossing: false,
  restrictions: [],
};

describe('a firewall rule of the registry', () => {
  it('has the defaults of the grammar: inactive, any protocol, any profile', () => {
    expect(read('v2.10|Action=Allow|Dir=In|')).toStrictEqual(plainRule);
  });

  it('reads every field that it knows', () => {
    const text =
      'v2.31|Action=Block|Active=TRUE|Dir=Out|Profile=Domain|Profile=Public|Protocol=6|LPort=80|LPort2_10=8000-8080|LPort=RPC|IF={0a1b2c3d-0000-4000-8000-000000000011}|IFType=Lan|IFType=RemoteAccess|LA4=192.0.2.1|LA6=2001:db8::/64|Name=Web|Edge=TRUE|PCross=TRUE|';
    expect(read(text)).toStrictEqual({
      ...plainRule,
      name: 'Web',
      action: 'block',
      direction: 'out',
      active: true,
      protocol: 6,
      localPorts: ['80', '8000-8080', 'RPC'],
      localAddresses: ['192.0.2.1', '2001:db8::/64'],
      profiles: ['domain', 'public'],
      interfaces: ['{0A1B2C3D-0000-4000-8000-000000000011}'],
      interfaceTypes: ['lan', 'remote-access'],
      edgeTraversal: true,
      profileCrossing: true,
    });
  });

  it('never drops a field that may narrow it', () => {
    const descriptive =
      /^(?:name|desc|embedctxt|edge|defer|lsm|authbypassout|active|pcross|action|dir|protocol|lport.*|la4|la6|profile|if|iftype)$/i;
    const field = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/).filter((name) => !descriptive.test(name));
    fc.assert(
      fc.property(field, fc.stringMatching(/^[^|]{0,40}$/), (name, value) => {
        expect(read(`v2.31|Action=Allow|Dir=In|${name}=${value}|`)).toStrictEqual({
          ...plainRule,
          restrictions: [name],
        });
      }),
    );
    for (const known of [
      'App=System',
      'Svc=w3svc',
      'RA4=LocalSubnet',
      'RA42=IntErnet',
      'RPort=1',
      'RMauth=x',
      'LUAuth=x',
      'Security=Authenticate',
      'TTK=Proximity',
      'AppPkgId=x',
      'Platform=2:6:1',
      'SkipVer=2.0',
    ]) {
      expect(read(`v2.31|Action=Allow|Dir=In|${known}|`)).toMatchObject({ restrictions: [known.split('=')[0]] });
    }
  });

  it('takes a known field with an unknown value for a restriction too', () => {
    expect(read('v2.31|Action=Allow|Dir=In|Profile=Guest|IFType=MobileBB|LPort=?|LA4=|IF=eth0|')).toStrictEqual({
      ...plainRule,
      restrictions: ['Profile', 'IFType', 'LPort', 'LA4', 'IF'],
    });
  });

  it.each([
    '',
    'Action=Allow|Dir=In|',
    'v2.31|Dir=In|',
    'v2.31|Action=Allow|',
    'v2.31|Action=Permit|Dir=In|',
    'v2.31|Action=Allow|Dir=In|Protocol=tcp|',
    'v2.31|Action=Allow|Dir=In|Protocol=999|',
  ])('is unreadable: %s', (text) => {
    expect(read(text)).toHaveProperty('unreadable');
  });

  it('keeps ports, addresses and profiles in any number and order', () => {
    const port = fc.integer({ min: 0, max: 65_535 }).map(String);
    fc.assert(
      fc.property(
        fc.uniqueArray(port, { maxLength: 20 }),
        fc.uniqueArray(fc.ipV4(), { maxLength: 20 }),
        (ports, addresses) => {
          const fields = [...ports.map((text) => `LPort=${text}`), ...addresses.map((text) => `LA4=${text}`)];
          expect(read(`v2.31|Action=Allow|Dir=In|Protocol=17|${fields.join('|')}`)).toMatchObject({
            protocol: 17,
            localPorts: ports,
            localAddresses: addresses,
            restrictions: [],
          });
        },
      ),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (version, fields) => {
        expect(read([version, ...fields].join('|'))).toBeTypeOf('object');
        expect(read(['v2.31', ...fields].join('|'))).toBeTypeOf('object');
      }),
    );
  });
});
