import type { LinuxFacts } from '../../contracts/snapshot.ts';
import { missing } from '../../facts/fact.ts';
import type { ProbeResult } from '../platform.ts';
import { readAddresses } from './addresses.ts';
import { readFiles } from './files.ts';
import { readHost, type HostSection } from './host.ts';
import { readIfconfig } from './ifconfig.ts';
import { readInterfaces } from './interfaces.ts';
import { comparable, familyOf, isLittleEndian } from './ip-text.ts';
import { readRoutes } from './ip-routes.ts';
import { readListeners, readSockets } from './listeners.ts';
import { readArpTable, readNeighbours } from './neighbours.ts';
import { readPolicyRules } from './policy-rules.ts';
import { readProcRoutes } from './proc-routes.ts';
import { readRelease } from './release.ts';
import { readRootOutput } from './root-output.ts';
import { readRouteLookups } from './route-lookups.ts';
import { readSections, type Sections } from './sections.ts';
import { readSysctls } from './sysctls.ts';
import { readUnits } from './units.ts';
import { factFrom, UnreadableOutput } from './unreadable-output.ts';
import { readVersions } from './versions.ts';

/** The version of the probe's output that this parser reads. */
export const probeVersion = 1;

/**
 * Facts from the output of the probe. `vips` are the VIPs that the inventory asks for; an output of a probe that was told
 * others does not answer for them. Never throws because of what the host said.
 */
export function parseProbe(raw: string, nonce: string, vips: readonly string[]): ProbeResult {
  const sections = readSections(raw, nonce);
  if ('incomplete' in sections) return sections;
  const host = factFrom(() => readHost(sections));
  if ('missing' in host) return { incomplete: host.missing };
  if (host.value.probeVersion !== probeVersion) {
    const version = host.value.probeVersion ?? 'unknown';
    return {
      incomplete: `the probe installed on the host has version ${version}, expected ${probeVersion}: install the one that dsr-audit plan prints`,
    };
  }
  return { linux: readFacts(sections, host.value, vips) };
}

function readFacts(sections: Sections, host: HostSection, vips: readonly string[]): LinuxFacts {
  const { hasIpv6 } = host;
  const littleEndian = isLittleEndian(host.machine);
  const interfaces = factFrom(() => readInterfaces(sections));
  const names = 'value' in interfaces ? new Map(interfaces.value.map(({ index, name }) => [index, name])) : undefined;
  const withoutIp = missing('ip is not installed');
  const wantedVips = factFrom(() => checkVips(host, vips));
  return {
    probeVersion,
    ...host.facts,
    osRelease: factFrom(() => readRelease(sections)),
    sysctls: factFrom(() => readSysctls(sections, hasIpv6)),
    interfaces,
    addresses: factFrom(() => {
      if (sections.has('addresses')) return readAddresses(sections, hasIpv6, names);
      if (!sections.has('ifconfig')) throw new UnreadableOutput('neither ip nor ifconfig is installed');
      if (names === undefined)
        throw new UnreadableOutput('ifconfig cannot be read without the names of the interfaces');
      return readIfconfig(sections, hasIpv6, [...names.values()]);
    }),
    routes: factFrom(() =>
      sections.has('routes4') ? readRoutes(sections, hasIpv6) : readProcRoutes(sections, hasIpv6, littleEndian),
    ),
    policyRules: sections.has('rules4') ? factFrom(() => readPolicyRules(sections, hasIpv6)) : withoutIp,
    routeLookups:
      'missing' in wantedVips
        ? wantedVips
        : sections.has('lookups')
          ? factFrom(() => readRouteLookups(sections))
          : withoutIp,
    neighbours: factFrom(() =>
      sections.has('neighbours') ? readNeighbours(sections, hasIpv6) : readArpTable(sections, hasIpv6),
    ),
    listeners: factFrom(() =>
      sections.has('listeners4') ? readListeners(sections) : readSockets(sections, littleEndian),
    ),
    virtualServers: factFrom(() => (sections.has('ipvs') ? sections.lines('ipvs') : [])),
    sysctlFiles: factFrom(() => readFiles(sections, 'sysctl-files')),
    addressFiles: 'missing' in wantedVips ? wantedVips : factFrom(() => readFiles(sections, 'address-files')),
    units: factFrom(() => readUnits(sections)),
    tools: factFrom(() => readVersions(sections)),
    nftables: factFrom(() => readRootOutput(sections, 'nftables', 'nft list ruleset', true)),
    arptables: factFrom(() => readRootOutput(sections, 'arptables', 'arptables-save', host.hasLegacyTables.arp)),
    iptables: factFrom(() => readRootOutput(sections, 'iptables', 'iptables-save', host.hasLegacyTables.ip)),
  };
}

/** What depends on the VIPs is known only when the probe was told all of them; one run by hand may have been told none. */
function checkVips(host: HostSection, vips: readonly string[]): true {
  const told = new Set(host.vips.filter((vip) => familyOf(vip) !== undefined).map(comparable));
  if (told.size === 0) {
    throw new UnreadableOutput('the probe was not told any VIP; run by hand, it takes vip=ADDRESS as an argument');
  }
  const other = vips.find((vip) => !told.has(comparable(vip)));
  if (other !== undefined) throw new UnreadableOutput(`the probe was not told the VIP ${other}`);
  return true;
}
