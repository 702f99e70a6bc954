// Renders a model as a recording: the objects that Windows would answer with, per source and version, for recorded.ps1.
import { type Adapter, type AdapterAddress, type Model, versions } from './model.ts';
import { dumpText, dumpText2003, maskOf, verboseText } from './netsh-text.ts';

const networkClass = '{4D36E972-E325-11CE-BFC1-08002BE10318}';
const path = (...keys: readonly string[]): string => keys.join('\\');
const services = String.raw`SYSTEM\CurrentControlSet\Services`;
const control = String.raw`SYSTEM\CurrentControlSet\Control`;
const policy = String.raw`SOFTWARE\Policies\Microsoft\WindowsFirewall`;
const components = ['ms_msclient', 'ms_server', 'ms_pacer', 'ms_lltdio', 'ms_rspndr', 'ms_tcpip', 'ms_tcpip6'];
const manual = 1;
const preferred = 4;

/** The recording of a host, as run-recordings.ps1 takes it. */
export function recordingOf(model: Model): object {
  const version = versions[model.version];
  const has = (major: number, minor: number): boolean =>
    version.major > major || (version.major === major && version.minor >= minor);
  const shellMajor = Number(version.shell.split('.')[0]);
  const provider = has(6, 2);
  const present = model.adapters.filter((adapter) => adapter.present);
  return {
    shell: {
      version: version.shell,
      major: shellMajor,
      edition: shellMajor >= 6 ? 'Core' : version.shell.startsWith('5.1') ? 'Desktop' : null,
    },
    clock: 1_772_424_245,
    computerName: 'WIN01',
    language: model.language,
    identity: { name: String.raw`EXAMPLE\audit`, elevated: model.elevated },
    // The API answers 6.2 for everything newer.
    apiVersion: provider ? '6.2.9200.0' : `${version.major}.${version.minor}.${version.build}.0`,
    interfaces: present.map((adapter) => dotnetInterface(adapter, has(6, 0))),
    tcpListeners: model.tcp.map(([Address, Port]) => ({ Address, Port })),
    udpListeners: model.udp.map(([Address, Port]) => ({ Address, Port })),
    registry: withSubkeys(registryOf(model, has(6, 0))),
    wmi: wmiOf(model, present, provider),
    cmdlets: provider ? cmdletsOf(model) : {},
    netsh: netshOf(model, has(6, 0)),
    firewallPolicy: has(6, 0) ? firewallPolicyOf(model) : null,
    firewallManager: {
      LocalPolicy: {
        CurrentProfile: {
          Type: 0,
          FirewallEnabled: model.firewall.enabled,
          ExceptionsNotAllowed: model.firewall.blockAllInbound,
          GloballyOpenPorts: [
            { Name: 'DSR VIP 80', Port: 80, Protocol: 6, Enabled: true, RemoteAddresses: '*' },
            { Name: 'Remote Desktop', Port: 3389, Protocol: 6, Enabled: false, RemoteAddresses: 'LocalSubNet' },
          ],
        },
      },
    },
    networkList: present.flatMap(({ guid, category }) => (category === null ? [] : [{ guid, category }])),
    services: model.services,
    failures: model.failures,
  };
}

function dotnetInterface(adapter: Adapter, vista: boolean): object {
  return {
    Id: adapter.guid,
    Name: adapter.alias,
    Description: adapter.description,
    NetworkInterfaceType: adapter.type,
    OperationalStatus: adapter.up ? 1 : 2,
    mac: adapter.mac,
    dynamicDns: adapter.registersDns,
    ip4: { Index: adapter.index, IsDhcpEnabled: adapter.dhcp, IsForwardingEnabled: false },
    ip6: vista ? { Index: adapter.index } : null,
    addresses: adapter.addresses.map((address) => ({
      Address: address.ip,
      IPv4Mask: address.ip.includes(':') ? '0.0.0.0' : maskOf(address.prefixLength),
      PrefixLength: vista ? address.prefixLength : null,
      DuplicateAddressDetectionState: address.state ?? preferred,
      PrefixOrigin: address.origin ?? manual,
    })),
    gateways: adapter.gateways.map((Address) => ({ Address })),
  };
}

// Keys in lower case, each with the names of its subkeys, and every key on the way to them.
function withSubkeys(keys: Record<string, object>): Record<string, { values: object; subkeys: string[] }> {
  const tree = new Map<string, { values: object; subkeys: string[] }>();
  const at = (path: string): { values: object; subkeys: string[] } => {
    const found = tree.get(path.toLowerCase());
    if (found !== undefined) return found;
    const made = { values: {}, subkeys: [] };
    tree.set(path.toLowerCase(), made);
    const parent = path.lastIndexOf('\\');
    if (parent !== -1) at(path.slice(0, parent)).subkeys.push(path.slice(parent + 1));
    return made;
  };
  for (const [path, values] of Object.entries(keys)) at(path).values = values;
  return Object.fromEntries(tree);
}

function registryOf(model: Model, vista: boolean): Record<string, object> {
  const version = versions[model.version];
  const keys: Record<string, object> = {
    [String.raw`SOFTWARE\Microsoft\Windows NT\CurrentVersion`]: {
      ProductName: version.product,
      CurrentVersion: version.major < 10 ? `${version.major}.${version.minor}` : '6.3',
      CurrentBuildNumber: String(version.build),
      ...(version.major >= 10
        ? { CurrentMajorVersionNumber: version.major, CurrentMinorVersionNumber: version.minor, UBR: 1607 }
        : {}),
      ...(version.major >= 6 ? { EditionID: 'ServerStandard', InstallationType: 'Server' } : {}),
      ...(version.servicePack === null ? {} : { CSDVersion: version.servicePack }),
    },
    [path(services, 'Tcpip', 'Parameters')]: { IPEnableRouter: model.ipEnableRouter },
    [path(services, 'HTTP', 'Parameters')]: model.listenOnly === null ? {} : { ListenOnlyList: model.listenOnly },
  };
  const routes = model.extraRoutes.filter(({ persistent }) => persistent === true);
  if (routes.length > 0) {
    keys[path(services, 'Tcpip', 'Parameters', 'PersistentRoutes')] = Object.fromEntries(
      routes.map(({ destination, nextHop }) => {
        const [address = '', length] = destination.split('/');
        return [`${address},${maskOf(Number(length))},${nextHop ?? '0.0.0.0'},1`, ''];
      }),
    );
  }
  model.adapters.forEach((adapter, position) => {
    if (adapter.device === null) return;
    const kept = adapter.addresses.filter(({ ip, persistent }) => persistent !== false && !ip.includes(':'));
    const number = String(position).padStart(4, '0');
    keys[path(control, 'Network', networkClass, adapter.guid, 'Connection')] = {
      Name: adapter.alias,
      PnpInstanceID: adapter.device.instance,
    };
    keys[path('SYSTEM', 'CurrentControlSet', 'Enum', adapter.device.instance)] = {
      HardwareID: adapter.device.hardwareIds,
      Service: adapter.device.service,
      ConfigFlags: adapter.device.configFlags,
    };
    keys[path(control, 'Class', networkClass, number)] = {
      NetCfgInstanceId: adapter.guid,
      ComponentId: adapter.device.hardwareIds[0]?.toLowerCase(),
      MatchingDeviceId: adapter.device.hardwareIds[0]?.toLowerCase(),
      DriverDesc: adapter.description,
    };
    keys[path(services, 'Tcpip', 'Parameters', 'Interfaces', adapter.guid)] = {
      EnableDHCP: adapter.dhcp ? 1 : 0,
      IPAddress: kept.map(({ ip }) => ip),
      SubnetMask: kept.map(({ prefixLength }) => maskOf(prefixLength)),
      DefaultGateway: adapter.gateways,
      DefaultGatewayMetric: adapter.gateways.map(() => '0'),
      ...(vista ? {} : { InterfaceMetric: adapter.automaticMetric ? 0 : adapter.metric }),
      RegistrationEnabled: adapter.registersDns ? 1 : 0,
    };
    keys[path(services, 'NetBT', 'Parameters', 'Interfaces', `Tcpip_${adapter.guid}`)] = {
      NetbiosOptions: adapter.netbios,
    };
  });
  const bindings = (unboundIs: string): string[] =>
    model.adapters.flatMap(({ device, guid, unbound }) =>
      device !== null && unbound.includes(unboundIs) ? [String.raw`\Device\NetBT_Tcpip_${guid}`] : [],
    );
  const all = model.adapters.flatMap(({ device, guid }) =>
    device === null ? [] : [String.raw`\Device\NetBT_Tcpip_${guid}`],
  );
  for (const [service, component] of [
    ['LanmanServer', 'ms_server'],
    ['LanmanWorkstation', 'ms_msclient'],
  ] as const) {
    keys[path(services, service, 'Linkage')] = { Bind: all };
    keys[path(services, service, 'Linkage', 'Disabled')] = { Bind: bindings(component) };
  }
  if (vista) {
    keys[path(services, 'SharedAccess', 'Parameters', 'FirewallPolicy', 'FirewallRules')] = model.firewall.rules;
    if (Object.keys(model.firewall.policyRules).length > 0)
      keys[path(policy, 'FirewallRules')] = model.firewall.policyRules;
    for (const [name, values] of Object.entries(model.firewall.policies)) keys[path(policy, name)] = values;
  }
  return keys;
}

function wmiOf(model: Model, present: readonly Adapter[], provider: boolean): Record<string, readonly object[]> {
  const routes = routesOf(model, present);
  const old = {
    [String.raw`root\cimv2:Win32_ComputerSystem`]: [
      { PartOfDomain: model.domainRole % 2 === 1 || model.domainRole > 3, DomainRole: model.domainRole },
    ],
    [String.raw`root\cimv2:Win32_NetworkAdapterConfiguration`]: present
      .filter(({ device, up }) => device !== null && up)
      .map((adapter) => ({
        SettingID: adapter.guid,
        InterfaceIndex: adapter.index,
        IPConnectionMetric: adapter.metric,
        TcpipNetbiosOptions: adapter.netbios,
        FullDNSRegistrationEnabled: adapter.registersDns,
        DHCPEnabled: adapter.dhcp,
      })),
    [String.raw`root\cimv2:Win32_IP4RouteTable`]: routes.map(({ index, destination, nextHop, metric }) => {
      const [Destination = '', length] = destination.split('/');
      return { Destination, Mask: maskOf(Number(length)), NextHop: nextHop, InterfaceIndex: index, Metric1: metric };
    }),
  };
  if (!provider) return old;
  const cim = String.raw`root\StandardCimv2`;
  const devices = present.filter(({ device }) => device !== null);
  return {
    ...old,
    [`${cim}:MSFT_NetIPInterface`]: present.flatMap((adapter) =>
      [2, 23].map((family) => ipInterface(adapter, family, 'active')),
    ),
    [`${cim}:MSFT_NetIPAddress`]: present.flatMap((adapter) =>
      adapter.addresses.map((address) => ({
        ...ipAddress(adapter, address),
        Store: 1,
        AddressState: address.state ?? preferred,
      })),
    ),
    [`${cim}:MSFT_NetRoute`]: routes.map((route) => ({
      InterfaceIndex: route.index,
      InterfaceAlias: route.alias,
      AddressFamily: 2,
      Store: 1,
      DestinationPrefix: route.destination,
      NextHop: route.nextHop,
      RouteMetric: route.metric,
    })),
    [`${cim}:MSFT_NetConnectionProfile`]: present.flatMap(({ index, alias, category }) =>
      category === null ? [] : [{ InterfaceIndex: index, InterfaceAlias: alias, NetworkCategory: category }],
    ),
    [`${cim}:MSFT_DNSClient`]: present.map(({ index, alias, registersDns }) => ({
      InterfaceIndex: index,
      InterfaceAlias: alias,
      RegisterThisConnectionsAddress: registersDns,
    })),
    [`${cim}:MSFT_NetAdapterBindingSettingData`]: devices.flatMap(({ guid, alias, unbound }) =>
      components.map((component) => ({
        Name: alias,
        InstanceID: `${guid}::${component}`,
        ComponentID: component,
        Enabled: !unbound.includes(component),
      })),
    ),
    [`${cim}:MSFT_NetAdapter`]: devices.map((adapter) => ({
      InterfaceGuid: adapter.guid,
      InterfaceIndex: adapter.index,
      Name: adapter.alias,
      ComponentID: adapter.device?.hardwareIds[0]?.toLowerCase(),
      PnPDeviceID: adapter.device?.instance,
      Hidden: false,
      InterfaceAdminStatus: ((adapter.device?.configFlags ?? 0) & 1) === 1 ? 2 : 1,
      MediaConnectState: adapter.up ? 1 : 2,
    })),
  };
}

function cmdletsOf(model: Model): Record<string, readonly object[]> {
  const kept = model.adapters.filter(({ device }) => device !== null);
  return {
    'Get-NetIPInterface': kept.flatMap((adapter) =>
      [2, 23].map((family) => ipInterface(adapter, family, 'persistent')),
    ),
    'Get-NetIPAddress': kept.flatMap((adapter) =>
      adapter.addresses
        .filter(({ persistent }) => persistent !== false)
        .map((address) => ({ ...ipAddress(adapter, address), Store: 0 })),
    ),
    'Get-NetRoute': kept.flatMap(({ index, alias, gateways }) =>
      gateways.map((NextHop) => ({
        InterfaceIndex: index,
        InterfaceAlias: alias,
        AddressFamily: 2,
        Store: 0,
        DestinationPrefix: '0.0.0.0/0',
        NextHop,
        RouteMetric: 256,
      })),
    ),
  };
}

// MSFT_NetIPInterface: 0 and 1; 255 in the persistent store for what it does not hold. Weak host is set for IPv4 only, as the seed's commands do.
function ipInterface(adapter: Adapter, family: number, store: 'active' | 'persistent'): object {
  const flag = ({ active, persistent }: Adapter['weakHostSend']): number => {
    if (family === 23) return store === 'active' ? 0 : 255;
    return numberOf(store === 'active' ? active : persistent);
  };
  return {
    InterfaceIndex: adapter.index,
    InterfaceAlias: adapter.alias,
    AddressFamily: family,
    Store: store === 'active' ? 1 : 0,
    WeakHostSend: flag(adapter.weakHostSend),
    WeakHostReceive: flag(adapter.weakHostReceive),
    InterfaceMetric: adapter.metric,
    AutomaticMetric: numberOf(adapter.automaticMetric),
    Dhcp: family === 23 ? 1 : numberOf(adapter.dhcp),
    Forwarding: store === 'active' ? 0 : 255,
    ConnectionState: store === 'active' ? numberOf(adapter.up) : null,
  };
}

function numberOf(value: boolean | null): number {
  return value === null ? 255 : value ? 1 : 0;
}

function ipAddress(adapter: Adapter, address: AdapterAddress): object {
  return {
    InterfaceIndex: adapter.index,
    InterfaceAlias: adapter.alias,
    AddressFamily: address.ip.includes(':') ? 23 : 2,
    IPAddress: address.ip,
    PrefixLength: address.prefixLength,
    PrefixOrigin: address.origin ?? manual,
    SkipAsSource: address.skipAsSource ?? false,
  };
}

interface RouteRow {
  readonly index: number;
  readonly alias: string;
  readonly destination: string;
  readonly nextHop: string;
  readonly metric: number;
}

function routesOf(model: Model, present: readonly Adapter[]): RouteRow[] {
  const rows = present.flatMap(({ index, alias, gateways, addresses }) => [
    ...gateways.map((nextHop) => ({ index, alias, destination: '0.0.0.0/0', nextHop, metric: 256 })),
    ...addresses
      .filter(({ ip }) => !ip.includes(':'))
      .flatMap(({ ip, prefixLength }) => [
        ...(prefixLength === 32
          ? []
          : [
              {
                index,
                alias,
                destination: `${networkOf(ip, prefixLength)}/${prefixLength}`,
                nextHop: '0.0.0.0',
                metric: 256,
              },
            ]),
        { index, alias, destination: `${ip}/32`, nextHop: '0.0.0.0', metric: 256 },
      ]),
    { index, alias, destination: '224.0.0.0/4', nextHop: '0.0.0.0', metric: 256 },
    { index, alias, destination: '255.255.255.255/32', nextHop: '0.0.0.0', metric: 256 },
  ]);
  const extra = model.extraRoutes.map(({ index, destination, nextHop }) => ({
    index,
    alias: present.find((adapter) => adapter.index === index)?.alias ?? '',
    destination,
    nextHop: nextHop ?? '0.0.0.0',
    metric: 1,
  }));
  return [...rows, ...extra];
}

function networkOf(ip: string, prefixLength: number): string {
  const mask = maskOf(prefixLength).split('.').map(Number);
  return ip
    .split('.')
    .map((octet, position) => Number(octet) & (mask[position] ?? 0))
    .join('.');
}

function netshOf(model: Model, vista: boolean): Record<string, { lines: string[]; exitCode: number }> {
  if (!vista) return { 'interface ip dump': answer(dumpText2003(model)) };
  return {
    'interface ipv4 show interfaces level=verbose store=active': answer(verboseText(model, 'active')),
    'interface ipv4 show interfaces level=verbose store=persistent': answer(verboseText(model, 'persistent')),
    // IPv6 is unbound on these hosts: netsh prints no interface.
    'interface ipv6 show interfaces level=verbose store=active': answer(['']),
    'interface ipv6 show interfaces level=verbose store=persistent': answer(['']),
    'interface ipv4 dump': answer(dumpText(model)),
    'interface ipv6 dump': answer(['pushd interface ipv6', '', 'reset', '', 'popd']),
  };
}

function answer(lines: string[]): { lines: string[]; exitCode: number } {
  return { lines, exitCode: 0 };
}

function firewallPolicyOf({ firewall }: Model): object {
  const profile = {
    enabled: firewall.enabled,
    // NET_FW_ACTION: 0 block.
    defaultInbound: 0,
    blockAllInbound: firewall.blockAllInbound,
    excludedInterfaces: firewall.excludedInterfaces.length === 0 ? null : firewall.excludedInterfaces,
  };
  // Domain for the LAN and public for the loopback adapter are in use together since Windows 7.
  return { CurrentProfileTypes: 5, profiles: { 1: profile, 2: profile, 4: profile } };
}
