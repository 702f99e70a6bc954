// Each source of the collector refused in turn, under a real PowerShell: the step leaves a note, what only it tells is missing,
// and what another source tells as well comes from there. Nothing else changes.
import { beforeAll, describe, expect, it } from 'vitest';
import type { WindowsFacts } from '../../../src/contracts/snapshot.ts';
import { collectorScript } from '../../../src/collect/windows/bootstrap.ts';
import { parseWindows } from '../../../src/collect/windows/parse.ts';
import { hosts } from './support/hosts.ts';
import { captureNonce, powershell, runRecordings } from './support/powershell.ts';
import { recordingOf } from './support/recording.ts';

/** Host, call that is refused, steps noted, facts missing, facts that come from another source. */
const cases: readonly (readonly [host: string, call: string, steps: string, missing: string, changed: string])[] = [
  ['2022-good', 'clock', 'clock', 'clock', ''],
  ['2022-good', 'computerName', 'computerName', 'hostname', ''],
  ['2022-good', 'language', 'language', 'language', ''],
  ['2022-good', 'identity', 'identity', 'elevated userName', ''],
  ['2022-good', 'interfaces', 'interfaces', 'interfaces gateways', 'addresses routes ipInterfaces dnsRegistrations'],
  ['2022-good', 'Get-Item *CurrentVersion', 'product', 'version product', ''],
  ['2022-good', 'Get-CimInstance Win32_ComputerSystem', 'computer', 'domain', ''],
  ['2022-good', 'Get-Item *Control\\Network\\*', 'connections devices', '', 'interfaces'],
  ['2022-good', 'Get-Item *Enum\\*', 'devices', '', 'interfaces'],
  ['2022-good', 'Get-Item *Control\\Class\\*', 'drivers', '', 'interfaces'],
  ['2022-good', 'Get-Item *Tcpip\\Parameters\\Interfaces', 'registryInterfaces', 'registryInterfaces', ''],
  ['2022-good', 'Get-Item *NetBT\\*', 'netbt', '', 'netbiosOptions'],
  ['2022-good', 'Get-Item *Tcpip\\Parameters', 'tcpip', 'tcpipParameters', ''],
  ['2022-good', 'Get-Item *PersistentRoutes', 'registryRoutes', 'persistentRoutes', ''],
  ['2022-good', 'Get-CimInstance MSFT_NetIPInterface', 'ipInterfaces', '', 'ipInterfaces'],
  ['2022-good', 'Get-CimInstance MSFT_NetIPAddress', 'ipAddresses', '', 'addresses'],
  ['2022-good', 'Get-CimInstance MSFT_NetRoute', 'ipRoutes', '', 'routes'],
  ['2022-good', 'Get-CimInstance MSFT_NetConnectionProfile', 'connectionProfiles', '', 'networkCategories'],
  ['2022-good', 'Get-CimInstance MSFT_DNSClient', 'dnsClients', '', 'dnsRegistrations'],
  ['2022-good', 'Get-CimInstance MSFT_NetAdapterBindingSettingData', 'adapterBindings', '', 'bindings'],
  ['2022-good', 'Get-CimInstance MSFT_NetAdapter', 'netAdapters', '', 'interfaces'],
  ['2022-good', 'Get-NetIPInterface PersistentStore', 'persistentIpInterfaces', '', 'persistentIpInterfaces'],
  ['2022-good', 'Get-NetIPAddress PersistentStore', 'persistentIpAddresses', '', 'persistentAddresses'],
  ['2022-good', 'Get-NetRoute PersistentStore', 'persistentIpRoutes', '', 'persistentRoutes'],
  ['2022-good', 'Get-CimInstance Win32_NetworkAdapterConfiguration', 'adapterConfigurations', '', ''],
  ['2022-good', 'New-Object HNetCfg.FwPolicy2', 'firewallProfiles', 'firewallProfiles', ''],
  ['2022-good', 'Get-Item *WindowsFirewall\\DomainProfile', 'firewallPolicies', 'firewallProfiles', ''],
  ['2022-good', 'Get-Item *FirewallPolicy\\FirewallRules', 'firewallRules', 'firewallRules', ''],
  ['2022-good', 'Get-Item *WindowsFirewall\\FirewallRules', 'firewallPolicyRules', 'firewallPolicyRules', ''],
  ['2022-good', 'tcpListeners', 'tcpListeners', 'listeners', ''],
  ['2022-good', 'udpListeners', 'udpListeners', 'listeners', ''],
  ['2022-good', 'Get-Item *HTTP\\Parameters', 'httpListenOnly', 'httpListenOnly', ''],
  ['2022-good', 'Get-Service MpsSvc', 'services', 'services', ''],
  ['2008r2-good', 'Get-WmiObject Win32_IP4RouteTable', 'ip4Routes', 'routes', ''],
  ['2008r2-good', 'Get-Item *LanmanServer\\Linkage', 'linkage', 'bindings', ''],
  [
    '2008r2-good',
    'netsh interface ipv4 show interfaces level=verbose store=active',
    'netshActive4',
    'ipInterfaces',
    '',
  ],
  [
    '2008r2-good',
    'netsh interface ipv4 show interfaces level=verbose store=persistent',
    'netshPersistent4',
    '',
    'persistentIpInterfaces',
  ],
  ['2008r2-good', 'netsh interface ipv6 *', 'netshActive6 netshPersistent6 netshDump6', '', ''],
  ['2008r2-good', 'netsh interface ipv4 dump', 'netshDump4', 'persistentAddresses persistentRoutes', ''],
  [
    '2008r2-good',
    'netsh *',
    'netshActive4 netshPersistent4 netshActive6 netshPersistent6 netshDump4 netshDump6',
    'persistentAddresses persistentRoutes ipInterfaces persistentIpInterfaces',
    '',
  ],
  ['2008r2-good', 'networkList', 'networkList', 'networkCategories', ''],
  ['2008r2-good', 'Get-WmiObject *', 'computer adapterConfigurations ip4Routes', 'domain routes', 'dnsRegistrations'],
  ['2003-good', 'netsh *', 'netshDump4', 'persistentAddresses persistentRoutes', ''],
  [
    '2003-good',
    'Get-WmiObject Win32_NetworkAdapterConfiguration',
    'adapterConfigurations',
    'ipInterfaces',
    'dnsRegistrations',
  ],
  ['2003-good', 'New-Object HNetCfg.FwMgr', 'firewallManager', 'firewallProfiles firewallRules', ''],
  [
    '2003-good',
    'interfaces',
    'interfaces',
    'interfaces addresses gateways',
    'persistentAddresses routes persistentRoutes ipInterfaces dnsRegistrations netbiosOptions bindings',
  ],
  [
    '2022-good',
    '*',
    'clock computerName language identity apiVersion product computer version interfaces connections devices drivers registryInterfaces netbt linkage tcpip registryRoutes adapterConfigurations ip4Routes tcpListeners udpListeners httpListenOnly services',
    'hostname clock version product language elevated userName domain tcpipParameters interfaces addresses persistentAddresses gateways routes persistentRoutes ipInterfaces persistentIpInterfaces registryInterfaces dnsRegistrations netbiosOptions bindings networkCategories firewallProfiles firewallRules firewallPolicyRules listeners httpListenOnly services',
    '',
  ],
];

function factsOf(raw: string | undefined): WindowsFacts {
  const result = parseWindows(raw ?? '', captureNonce);
  if (!('windows' in result)) throw new Error(JSON.stringify(result));
  return result.windows;
}

function factNames(facts: WindowsFacts): (keyof WindowsFacts)[] {
  return (Object.keys(facts) as (keyof WindowsFacts)[]).filter((name) => name !== 'notes');
}

function isMissing(fact: unknown): boolean {
  return typeof fact === 'object' && fact !== null && 'missing' in fact;
}

describe.skipIf(powershell === undefined)('[real PowerShell] a source that is refused', () => {
  const good = new Map<string, WindowsFacts>();
  const broken = new Map<string, WindowsFacts>();
  beforeAll(async () => {
    const names = [...new Set(cases.map(([host]) => host))];
    const runs = [...names.map((host) => ({ host, call: '' })), ...cases.map(([host, call]) => ({ host, call }))];
    const outputs = await runRecordings(
      runs.map(({ host, call }) => {
        const model = hosts.find(({ name }) => name === host);
        if (model === undefined) throw new Error(`no host ${host}`);
        return recordingOf({ ...model, failures: call === '' ? [] : [{ call, error: 'Access is denied.' }] });
      }),
    );
    runs.forEach(({ host, call }, position) => {
      if (call === '') good.set(host, factsOf(outputs[position]));
      else broken.set(`${host} ${call}`, factsOf(outputs[position]));
    });
  }, 600_000);

  it.each(cases)('%s, %s', (host, call, steps, missing, changed) => {
    const before = good.get(host);
    const after = broken.get(`${host} ${call}`);
    if (before === undefined || after === undefined) throw new Error('The run is not there.');
    const differing = factNames(before).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
    expect(after.notes.map(({ step }) => step).join(' ')).toBe(steps);
    expect(
      after.notes.every(
        ({ error }) => error.includes('Access is denied.') || error === 'the connections could not be read',
      ),
    ).toBe(true);
    expect(differing.filter((name) => isMissing(after[name])).join(' ')).toBe(missing);
    expect(differing.filter((name) => !isMissing(after[name])).join(' ')).toBe(changed);
  });
});

describe('the table of refusals', () => {
  it('covers every step of the collector', () => {
    const steps = [...collectorScript.matchAll(/Set-Dsr(?:Value|List|WmiList|Netsh) '(\w+)'/g)].map(
      ([, step]) => step ?? '',
    );
    const netsh = ['netshActive4', 'netshPersistent4', 'netshActive6', 'netshPersistent6'];
    const noted = new Set(cases.flatMap(([, , noted]) => noted.split(' ')));
    // The version API is a second choice only, and services of the loop over protocols and stores have their own rows.
    const covered = [...steps, ...netsh, 'firewallRules', 'firewallPolicyRules', 'tcpListeners', 'udpListeners'];
    expect(covered.length).toBeGreaterThan(40);
    expect(covered.filter((step) => !noted.has(step) && step !== 'apiVersion')).toStrictEqual([]);
  });
});
