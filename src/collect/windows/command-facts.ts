import type {
  IpInterface,
  RegistryInterface,
  WindowsAddress,
  WindowsFacts,
  WindowsInterface,
  WindowsRoute,
} from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import { dumpedAddress } from './address-facts.ts';
import { dumpedRegistrations, registryAddress } from './connection-facts.ts';
import type { CommandStep } from './commands.ts';
import type { ConstrainedShell, Step } from './framing.ts';
import { canonicalGuid } from './identifier.ts';
import { dumpedInterface, verboseInterface } from './ip-interface-facts.ts';
import { readNetstat } from './netstat.ts';
import { type Dump, readDump } from './netsh-dump.ts';
import {
  type InterfaceRow,
  readAddressBlocks,
  readInterfaceTable,
  readRouteTable,
  type RouteRow,
} from './netsh-tables.ts';
import { readVerboseInterfaces } from './netsh-verbose.ts';
import { oneLine } from './notes.ts';
import { joinOwners, type Owners } from './owner.ts';
import { dumpedRoute } from './route-facts.ts';
import { readRegistry, type RegistryValue, type RegistryValues } from './reg-query.ts';
import { isUnreadable, type Unreadable } from './row.ts';

/** The steps of the cmd tier that answered, by name. */
interface Answers {
  /** The lines of a step that ended with 0. */
  lines(step: CommandStep): readonly string[] | { readonly missing: string };
}

const notRead = missing('the cmd tier does not read it: PowerShell is absent or constrained on this host');

/** Reads what the commands of the cmd tier printed. What they cannot tell is missing, with that reason. */
export function readCommandFacts(steps: ReadonlyMap<string, Step>, shell: ConstrainedShell | null): WindowsFacts {
  const answers: Answers = {
    lines: (name) => {
      const step = steps.get(name);
      if (step === undefined) return missing(`${name} was not run`);
      return step.exitCode === 0
        ? step.lines
        : missing(`${name} ended with ${step.exitCode}: ${oneLine(step.lines.join(' '), 200)}`);
    },
  };
  const dump = usable(answers.lines('dump'), readDump);
  const interfaces = readInterfaces(answers);
  const owners = joinOwners('value' in interfaces ? interfaces.value : []);
  const hostname = answers.lines('computerName');
  return {
    collectorVersion: 1,
    tier: 'cmd',
    hostname: 'missing' in hostname ? hostname : firstText(hostname, 'hostname printed nothing'),
    clock: notRead,
    version: readVersion(answers),
    product: readProduct(answers),
    language: notRead,
    powershell:
      shell === null
        ? missing('no PowerShell ran the collector')
        : known({ version: shell.version, edition: null, languageMode: shell.languageMode }),
    elevated: notRead,
    userName: notRead,
    domain: notRead,
    interfaces,
    ...readAddresses(answers, dump, owners),
    ...readRoutes(answers, dump, owners),
    ...readIpInterfaces(answers, dump, owners),
    registryInterfaces: readRegistryInterfaces(answers),
    dnsRegistrations:
      'missing' in dump ? dump : dump.dnsRegistration.size === 0 ? notRead : known(dumpedRegistrations(dump, owners)),
    netbiosOptions: notRead,
    bindings: notRead,
    networkCategories: notRead,
    firewallProfiles: notRead,
    firewallRules: notRead,
    firewallPolicyRules: notRead,
    listeners: mapLines(answers.lines('sockets'), (lines) => known(readNetstat(lines))),
    httpListenOnly: notRead,
    services: notRead,
    tcpipParameters: mapLines(answers.lines('tcpip'), (lines) => {
      const values = [...readRegistry(lines).values()][0];
      if (values === undefined) return missing('reg query printed no Tcpip parameters');
      return known({
        ipEnableRouter: flag(values.get('ipenablerouter')),
        disableDynamicUpdate: flag(values.get('disabledynamicupdate')),
      });
    }),
    notes: [...steps].flatMap(([step, { exitCode, lines }]) =>
      exitCode === 0
        ? []
        : [{ step: step.slice(0, 128), error: oneLine(`ended with ${exitCode}: ${lines.join(' ')}`, 1024) }],
    ),
  };
}

// `Microsoft Windows [Version 6.1.7601]`; the word is translated, the brackets are not.
function readVersion(answers: Answers): WindowsFacts['version'] {
  return mapLines(answers.lines('version'), (lines) => {
    const match = /\[\D*(\d{1,3})\.(\d{1,3})\.(\d{1,6})(?:\.(\d{1,7}))?\]/.exec(lines.join('\n'));
    if (match === null) return missing('ver printed no version');
    const [, major, minor, build, revision] = match;
    return known({
      major: Number(major),
      minor: Number(minor),
      build: Number(build),
      revision: revision === undefined ? null : Number(revision),
    });
  });
}

function readProduct(answers: Answers): WindowsFacts['product'] {
  return mapLines(answers.lines('product'), (lines) => {
    const values = [...readRegistry(lines).values()][0];
    const name = textOf(values?.get('productname'), 256);
    if (values === undefined || name === null) return missing('reg query printed no product name');
    return known({
      name,
      edition: textOf(values.get('editionid'), 64),
      installationType: textOf(values.get('installationtype'), 64),
      servicePack: textOf(values.get('csdversion'), 64),
    });
  });
}

// Registry keys give GUID, alias and driver; the table of netsh gives the index of what is present.
function readInterfaces(answers: Answers): WindowsFacts['interfaces'] {
  return mapLines(answers.lines('connections'), (lines) => {
    const table = answers.lines('interfaces');
    const listed = new Map(
      'missing' in table ? [] : readInterfaceTable(table).map((row) => [row.alias.toLowerCase(), row]),
    );
    const drivers = answers.lines('drivers');
    const driverOf = new Map<string, RegistryValues>();
    for (const values of 'missing' in drivers ? [] : readRegistry(drivers).values()) {
      const guid = canonicalGuid(textOf(values.get('netcfginstanceid'), 64));
      if (guid !== null) driverOf.set(guid, values);
    }
    const rows: WindowsInterface[] = [];
    for (const [path, values] of readRegistry(lines)) {
      const guid = canonicalGuid(/\\(\{[0-9a-f-]{36}\})\\connection$/.exec(path)?.[1]);
      const alias = textOf(values.get('name'), 256);
      if (guid === null || alias === null) continue;
      const driver = driverOf.get(guid);
      const row = listed.get(alias.toLowerCase());
      listed.delete(alias.toLowerCase());
      rows.push({
        ...unknownInterface,
        guid,
        ...inTable(row),
        alias,
        description: textOf(driver?.get('driverdesc'), 256),
        componentId: textOf(driver?.get('componentid'), 256),
        matchingDeviceId: textOf(driver?.get('matchingdeviceid'), 256),
        pnpInstanceId: textOf(values.get('pnpinstanceid'), 256),
        // 2003 has no table of indexes, and every connection that it keeps counts as present.
        present: 'missing' in table || row !== undefined,
      });
    }
    if (rows.length === 0) return missing('reg query printed no connection');
    // The loopback pseudo-interface has no adapter: only netsh lists it, always with index 1.
    for (const row of listed.values()) {
      rows.push({ ...unknownInterface, ...inTable(row), alias: row.alias, type: row.index === 1 ? 24 : null });
    }
    return known(rows);
  });
}

function inTable(row: InterfaceRow | undefined): Pick<WindowsInterface, 'index' | 'operationalStatus'> {
  if (row === undefined) return { index: null, operationalStatus: null };
  return { index: row.index, operationalStatus: row.connected ? 'up' : 'down' };
}

const unknownInterface: WindowsInterface = {
  guid: null,
  index: null,
  alias: null,
  description: null,
  type: null,
  operationalStatus: null,
  adminStatus: null,
  mediaConnected: null,
  macAddress: null,
  hardwareIds: null,
  componentId: null,
  matchingDeviceId: null,
  pnpInstanceId: null,
  service: null,
  configFlags: null,
  hidden: null,
  present: true,
};

function readAddresses(
  answers: Answers,
  dump: Dump | { readonly missing: string },
  owners: Owners,
): Pick<WindowsFacts, 'addresses' | 'persistentAddresses' | 'gateways'> {
  const lines = answers.lines('addresses');
  const blocks = 'missing' in lines ? lines : readAddressBlocks(lines);
  const none = missing('netsh interface ip show address named no interface');
  const usableBlocks = 'missing' in blocks ? blocks : blocks.length === 0 ? none : blocks;
  return {
    addresses:
      'missing' in usableBlocks
        ? usableBlocks
        : known(
            usableBlocks.flatMap(({ alias, addresses }) =>
              addresses.map((address): WindowsAddress => ({
                ...owners({ alias }),
                ...address,
                state: null,
                skipAsSource: null,
                origin: null,
                source: 'netsh',
              })),
            ),
          ),
    gateways:
      'missing' in usableBlocks
        ? usableBlocks
        : known(usableBlocks.flatMap(({ alias, gateways }) => gateways.map((ip) => ({ ...owners({ alias }), ip })))),
    persistentAddresses: 'missing' in dump ? dump : known(dump.addresses.map((row) => dumpedAddress(row, owners))),
  };
}

function readRoutes(
  answers: Answers,
  dump: Dump | { readonly missing: string },
  owners: Owners,
): Pick<WindowsFacts, 'routes' | 'persistentRoutes'> {
  return {
    routes: mapLines(answers.lines('routes'), (lines) => {
      const rows = readRouteTable(lines);
      if (rows.length === 0) return missing('netsh interface ipv4 show route listed no route');
      return known(rows.map((row) => tableRoute(row, owners)));
    }),
    persistentRoutes: 'missing' in dump ? dump : known(dump.routes.map((row) => dumpedRoute(row, owners))),
  };
}

function tableRoute({ index, ...route }: RouteRow, owners: Owners): WindowsRoute {
  return { ...owners({ index }), ...route, source: 'netsh' };
}

function readIpInterfaces(
  answers: Answers,
  dump: Dump | { readonly missing: string },
  owners: Owners,
): Pick<WindowsFacts, 'ipInterfaces' | 'persistentIpInterfaces'> {
  const read = (step4: CommandStep, step6: CommandStep): WindowsFacts['ipInterfaces'] => {
    const four = usable(answers.lines(step4), (lines) => readVerbose(lines, 4, owners));
    const six = usable(answers.lines(step6), (lines) => readVerbose(lines, 6, owners));
    // IPv6 may be off: then only IPv4 answers.
    return 'missing' in four ? four : known([...four.rows, ...('missing' in six ? [] : six.rows)]);
  };
  const persistent = read('persistent4', 'persistent6');
  return {
    ipInterfaces: read('active4', 'active6'),
    persistentIpInterfaces:
      'value' in persistent || 'missing' in dump
        ? persistent
        : known(dump.interfaces.map((row) => dumpedInterface(row, 4, owners))),
  };
}

function readVerbose(
  lines: readonly string[],
  family: 4 | 6,
  owners: Owners,
): { readonly rows: readonly IpInterface[] } | Unreadable {
  const interfaces = readVerboseInterfaces(lines);
  if (isUnreadable(interfaces)) return interfaces;
  return { rows: interfaces.map((row) => verboseInterface(row, family, owners)) };
}

function readRegistryInterfaces(answers: Answers): WindowsFacts['registryInterfaces'] {
  return mapLines(answers.lines('registryInterfaces'), (lines) => {
    const rows: RegistryInterface[] = [];
    for (const [path, values] of readRegistry(lines)) {
      const guid = canonicalGuid(/\\(\{[0-9a-f-]{36}\})$/.exec(path)?.[1]);
      if (guid === null) continue;
      const masks = listOf(values.get('subnetmask'));
      rows.push({
        guid,
        addresses:
          listOf(values.get('ipaddress'))?.map((ip, position) => registryAddress(ip, masks?.[position])) ?? null,
        gateways: listOf(values.get('defaultgateway')),
        gatewayMetrics: listOf(values.get('defaultgatewaymetric'))?.map(Number).filter(Number.isSafeInteger) ?? null,
        dhcp: flag(values.get('enabledhcp')),
        metric: numberOf(values.get('interfacemetric')),
        registrationEnabled: flag(values.get('registrationenabled')),
        disableDynamicUpdate: flag(values.get('disabledynamicupdate')),
      });
    }
    return rows.length === 0 ? missing('reg query printed no interface') : known(rows);
  });
}

function usable<Read extends object>(
  lines: readonly string[] | { readonly missing: string },
  read: (lines: readonly string[]) => Read | Unreadable,
): Read | { readonly missing: string } {
  if ('missing' in lines) return lines;
  const value = read(lines);
  return isUnreadable(value) ? missing(value.unreadable) : value;
}

function mapLines<Fact extends object>(
  lines: readonly string[] | { readonly missing: string },
  read: (lines: readonly string[]) => Fact,
): Fact | { readonly missing: string } {
  return 'missing' in lines ? lines : read(lines);
}

function firstText(lines: readonly string[], otherwise: string): WindowsFacts['hostname'] {
  const line = lines.find((text) => text.trim() !== '');
  return line === undefined ? missing(otherwise) : known(line.trim().slice(0, 4096));
}

function textOf(value: RegistryValue | undefined, limit: number): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, limit) : null;
}

function numberOf(value: RegistryValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function flag(value: RegistryValue | undefined): boolean | null {
  return value === 0 ? false : value === 1 ? true : null;
}

function listOf(value: RegistryValue | undefined): string[] | null {
  if (value === undefined || typeof value === 'number') return null;
  return (typeof value === 'string' ? [value] : [...value])
    .filter((text) => text !== '')
    .slice(0, 100)
    .map((text) => text.slice(0, 64));
}
