import {
  type Adapter,
  goodBackend,
  type Model,
  off,
  onUntilRestart,
  type Switch,
  vip,
  withLan,
  withLoopback,
} from './model.ts';

const offForGood: Switch = { active: false, persistent: false };

function windows2022(name: string, shows: string, change: (model: Model) => Model = (model) => model): Model {
  return change(goodBackend(name, shows, 2022, 'en-US'));
}

function withRules(model: Model, rules: Readonly<Record<string, string>>): Model {
  return { ...model, firewall: { ...model.firewall, rules } };
}

const ruleFor = (fields: string): string => `v2.31|Action=Allow|Active=TRUE|Dir=In|${fields}|`;

function secondAdapter(change: Partial<Adapter>): Adapter {
  const [, loopback] = goodBackend('', '', 2022, 'en-US').adapters;
  if (loopback === undefined) throw new Error('The good backend has a loopback adapter.');
  return { ...loopback, guid: '{0A1B2C3D-0000-4000-8000-000000000013}', index: 23, addresses: [], ...change };
}

/** Every host that has a capture made by the PowerShell collector. The first word of a name is the version, where it is not 2022. */
export const hosts: readonly Model[] = [
  goodBackend('2003-good', 'Windows Server 2003 R2: metric 254, /32, no weak host switches', 2003, 'en-US'),
  goodBackend(
    '2008-good',
    'Windows Server 2008, French, PowerShell 2.0: netsh only, with Compartment Id',
    2008,
    'fr-FR',
  ),
  goodBackend('2008r2-good', 'Windows Server 2008 R2, German, PowerShell 2.0: netsh only', '2008r2', 'de-DE'),
  goodBackend('2012r2-good', 'Windows Server 2012 R2, Chinese, PowerShell 4.0', '2012r2', 'zh-CN'),
  goodBackend('2016-good', 'Windows Server 2016, English', 2016, 'en-US'),
  goodBackend('2019-good', 'Windows Server 2019, Russian', 2019, 'ru-RU'),
  goodBackend('2022-good', 'Windows Server 2022, English', 2022, 'en-US'),
  goodBackend('2025-good', 'Windows Server 2025, French, PowerShell 7 as the default shell', 2025, 'fr-FR'),
  withLoopback(goodBackend('2003-metric-automatic', 'automatic metric on the loopback adapter', 2003, 'en-US'), {
    metric: 10,
    automaticMetric: true,
  }),
  withLoopback(goodBackend('2003-gateway-on-loopback', 'a gateway on the loopback adapter', 2003, 'en-US'), {
    gateways: ['10.77.0.1'],
  }),
  withLoopback(goodBackend('2003-vip-prefix-24', 'the VIP with mask 255.255.255.0', 2003, 'en-US'), {
    addresses: [{ ip: vip, prefixLength: 24 }],
  }),
  withLan(
    withLoopback(goodBackend('2008r2-weak-host-off', 'no weak host switch was ever set', '2008r2', 'de-DE'), {
      weakHostReceive: off,
      weakHostSend: off,
    }),
    { weakHostReceive: off },
  ),
  withLan(goodBackend('2012r2-lan-weak-host-receive-off', 'weak host receive off on the LAN', '2012r2', 'zh-CN'), {
    weakHostReceive: off,
  }),
  windows2022('vip-missing', 'the VIP is nowhere', (host) => withLoopback(host, { addresses: [] })),
  windows2022('vip-prefix-24', 'the VIP with prefix length 24', (host) =>
    withLoopback(host, { addresses: [{ ip: vip, prefixLength: 24, skipAsSource: true }] }),
  ),
  windows2022('vip-on-lan', 'the VIP on the LAN adapter, where it answers ARP', (host) =>
    withLan(withLoopback(host, { addresses: [] }), {
      addresses: [
        { ip: '10.77.0.21', prefixLength: 24 },
        { ip: vip, prefixLength: 32 },
      ],
    }),
  ),
  windows2022('vip-duplicate', 'the VIP on the loopback adapter is in state Duplicate', (host) =>
    withLoopback(host, { addresses: [{ ip: vip, prefixLength: 32, skipAsSource: true, state: 2 }] }),
  ),
  windows2022('vip-lost-at-restart', 'the VIP in the active store only', (host) =>
    withLoopback(host, { addresses: [{ ip: vip, prefixLength: 32, skipAsSource: true, persistent: false }] }),
  ),
  windows2022('vip-not-skip-as-source', 'the VIP may be chosen as source', (host) =>
    withLoopback(host, { addresses: [{ ip: vip, prefixLength: 32 }] }),
  ),
  windows2022('vip-registered-in-dns', 'the loopback adapter registers in DNS', (host) =>
    withLoopback(host, { registersDns: true }),
  ),
  windows2022('vip-of-ipv6', 'an IPv6 VIP beside the IPv4 one', (host) =>
    withLoopback(host, {
      addresses: [
        { ip: vip, prefixLength: 32, skipAsSource: true },
        { ip: '2001:db8::100', prefixLength: 128, skipAsSource: true },
      ],
    }),
  ),
  windows2022('gateway-on-loopback', 'a gateway on the loopback adapter', (host) =>
    withLoopback(host, { gateways: ['10.77.0.1'] }),
  ),
  windows2022('route-on-loopback', 'a second route through the loopback adapter, kept in the registry', (host) => ({
    ...host,
    extraRoutes: [{ index: 18, destination: '198.51.100.0/24', nextHop: null, persistent: true }],
  })),
  windows2022('loopback-dhcp', 'DHCP on the loopback adapter, which made up an address', (host) =>
    withLoopback(host, {
      dhcp: true,
      addresses: [
        { ip: vip, prefixLength: 32, skipAsSource: true },
        { ip: '169.254.33.7', prefixLength: 16, origin: 0, persistent: false },
      ],
    }),
  ),
  windows2022('loopback-disabled', 'the loopback adapter is disabled: only the registry knows it', (host) =>
    withLoopback(host, {
      present: false,
      up: false,
      device: { instance: String.raw`ROOT\NET\0000`, hardwareIds: ['*msloop'], service: 'kmloop', configFlags: 1 },
    }),
  ),
  windows2022('loopback-names-and-sharing', 'NetBIOS and file sharing bound to the loopback adapter', (host) =>
    withLoopback(host, { netbios: 0, unbound: [] }),
  ),
  windows2022('lan-weak-host-receive-off', 'weak host receive off on the LAN', (host) =>
    withLan(host, { weakHostReceive: offForGood }),
  ),
  windows2022('loopback-weak-host-receive-off', 'weak host receive off on the loopback adapter', (host) =>
    withLoopback(host, { weakHostReceive: off }),
  ),
  windows2022('loopback-weak-host-send-off', 'weak host send off on the loopback adapter', (host) =>
    withLoopback(host, { weakHostSend: off }),
  ),
  windows2022('weak-host-lost-at-restart', 'weak host switches in the active store only', (host) =>
    withLan(withLoopback(host, { weakHostReceive: onUntilRestart, weakHostSend: onUntilRestart }), {
      weakHostReceive: onUntilRestart,
    }),
  ),
  windows2022('holder-pseudo-interface', 'the VIP on Loopback Pseudo-Interface 1, no loopback adapter', (host) => ({
    ...host,
    adapters: host.adapters.flatMap((adapter): Adapter[] => {
      if (adapter.alias === 'LO') return [];
      if (adapter.type !== 24) return [adapter];
      const on = { active: true, persistent: true };
      return [
        {
          ...adapter,
          weakHostReceive: on,
          weakHostSend: on,
          addresses: [...adapter.addresses, { ip: vip, prefixLength: 32, skipAsSource: true }],
        },
      ];
    }),
  })),
  windows2022(
    'two-loopback-adapters',
    'a packet capture driver brought a second loopback adapter without VIP',
    (host) => ({
      ...host,
      adapters: [
        ...host.adapters,
        secondAdapter({
          alias: 'Npcap Loopback Adapter',
          description: 'Npcap Loopback Adapter',
          metric: 25,
          automaticMetric: true,
        }),
      ],
    }),
  ),
  windows2022('virtual-adapter-of-a-vpn', 'an adapter at ROOT\\NET that is no loopback adapter', (host) => ({
    ...host,
    adapters: [
      ...host.adapters,
      secondAdapter({
        alias: 'VPN',
        description: 'TAP adapter',
        mac: '00FF12345678',
        device: { instance: String.raw`ROOT\NET\0001`, hardwareIds: ['tap0901'], service: 'tap0901', configFlags: 0 },
      }),
    ],
  })),
  windows2022('firewall-no-rule', 'no firewall rule for the port of the service', (host) => withRules(host, {})),
  windows2022(
    'firewall-rule-domain-only',
    'the firewall rule is for the domain profile, the loopback adapter is public',
    (host) => withRules(host, { 'DSR-VIP-80': ruleFor('Profile=Domain|Protocol=6|LPort=80|Name=DSR VIP 80') }),
  ),
  windows2022('firewall-rule-of-a-program', 'the only rule for the port is for one program and one subnet', (host) =>
    withRules(host, { IIS: ruleFor(String.raw`Protocol=6|LPort=80|RA4=LocalSubnet|App=C:\site\server.exe|Name=Site`) }),
  ),
  windows2022('firewall-block-rule', 'a block rule beside the allow rule', (host) =>
    withRules(host, {
      ...host.firewall.rules,
      Block: `v2.31|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=80|LPort2_10=8000-8080|LA4=${vip}|Name=Block|`,
    }),
  ),
  windows2022(
    'firewall-policy-ignores-local-rules',
    'group policy ignores local rules in the public profile',
    (host) => ({
      ...host,
      firewall: {
        ...host.firewall,
        policies: {
          DomainProfile: { EnableFirewall: 1 },
          PublicProfile: {
            EnableFirewall: 1,
            DefaultInboundAction: 1,
            DoNotAllowExceptions: 0,
            AllowLocalPolicyMerge: 0,
          },
        },
        policyRules: { '{9E1D}': ruleFor('Profile=Domain|Protocol=6|LPort=443|Name=Web of the policy') },
      },
    }),
  ),
  windows2022('firewall-blocks-everything', 'the firewall ignores every allow rule', (host) => ({
    ...host,
    firewall: { ...host.firewall, blockAllInbound: true },
  })),
  windows2022('firewall-off', 'the firewall is off in every profile', (host) => ({
    ...host,
    firewall: { ...host.firewall, enabled: false, rules: {} },
  })),
  windows2022('firewall-interface-excluded', 'no rule, but the loopback adapter has no firewall', (host) => ({
    ...host,
    firewall: { ...host.firewall, excludedInterfaces: ['LO'], rules: {} },
  })),
  windows2022('listener-on-lan-address', 'the service listens on the address of the LAN only', (host) => ({
    ...host,
    tcp: [['10.77.0.21', 80]],
  })),
  windows2022('http-listens-elsewhere', 'http.sys listens on the address of the LAN only', (host) => ({
    ...host,
    listenOnly: ['10.77.0.21'],
  })),
  windows2022('routing-and-balancing', 'routing is on, and Network Load Balancing runs', (host) => ({
    ...host,
    ipEnableRouter: 1,
    services: { ...host.services, RemoteAccess: 4, WLBS: 4 },
  })),
  windows2022('not-elevated', 'a plain user over the network: the providers refuse', (host) => ({
    ...host,
    elevated: false,
    failures: [
      { call: 'Get-CimInstance *', error: 'Access denied ' },
      { call: 'Get-Net* PersistentStore', error: 'Access is denied.' },
      {
        call: 'New-Object HNetCfg.FwPolicy2',
        error: 'Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))',
      },
      { call: 'networkList', error: 'Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))' },
    ],
  })),
  windows2022('nothing-works', 'every source refuses', (host) => ({
    ...host,
    failures: [{ call: '*', error: 'Access is denied.' }],
  })),
  windows2022('hostile-names', 'names that attack JSON objects, terminals and pages', (host) => ({
    ...withLan(host, { alias: '__proto__' }),
    adapters: [
      ...withLan(host, { alias: '__proto__' }).adapters,
      secondAdapter({ alias: '<script>alert(1)</script>', description: '\u001B]0;owned\u0007', addresses: [] }),
      secondAdapter({
        guid: '{0A1B2C3D-0000-4000-8000-000000000014}',
        index: 24,
        alias: 'constructor',
        description: '=1+1\r\nDSRAUDIT-END capture00 1',
      }),
    ],
  })),
];

/** Hosts whose captures are written in the shape of the cmd tier. */
export const commandHosts: readonly (Model & {
  readonly shell: { readonly languageMode: string; readonly version: string } | null;
})[] = [
  { ...goodBackend('cmd-2003-good', 'a bare Windows Server 2003', 2003, 'en-US'), shell: null },
  {
    ...goodBackend('cmd-2008r2-good', 'Windows Server 2008 R2, German, no usable PowerShell', '2008r2', 'de-DE'),
    shell: null,
  },
  {
    ...withLoopback(
      windows2022('cmd-2022-constrained', 'Windows Server 2022 in constrained language mode, with an IPv6 VIP too'),
      {
        addresses: [
          { ip: vip, prefixLength: 32, skipAsSource: true },
          { ip: '2001:db8::100', prefixLength: 128, skipAsSource: true },
        ],
      },
    ),
    shell: { languageMode: 'ConstrainedLanguage', version: '5.1.20348.2400' },
  },
  {
    ...withLan(windows2022('cmd-2022-weak-host-off', 'constrained language mode, weak host receive off on the LAN'), {
      weakHostReceive: off,
    }),
    shell: { languageMode: 'ConstrainedLanguage', version: '5.1.20348.2400' },
  },
];
