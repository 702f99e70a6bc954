import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { Backend } from '../backend.ts';
import type { Fact } from '../fact.ts';
import { parseIp } from '../ip.ts';
import { settled, type Derived } from '../subject.ts';
import { type Claim, claimOf, type Exposure, exposures } from './exposure.ts';
import { linuxHost, type LinuxHost, type VipPlan } from './linux-host.ts';
import type { Effective } from './sysctl.ts';
import { deriveVipExposure } from './vip-exposure.ts';

/** What a host's kernel does about one VIP, value by value. */
export interface Explanation {
  readonly vip: string;
  readonly family: 4 | 6;
  /** Whether the host claims the VIP on any interface; the same fact as the VIP's subject has. */
  readonly hijackRisk: Derived;
  /** One for each interface on which neighbours can ask, in the order of ifindex. */
  readonly interfaces: Fact<readonly InterfaceExplanation[]>;
}

/** What one interface tells the segment about the VIP, and why. */
export interface InterfaceExplanation extends Exposure {
  readonly facesServiceSegment: Derived<boolean>;
  /** arp_ignore, arp_announce and rp_filter as the kernel combines them here; empty for IPv6, which has none of them. */
  readonly settings: readonly { readonly parameter: string; readonly setting: Derived<Effective> }[];
  readonly claim: Claim;
}

/** Explains what the host answers to those who ask for a VIP, and what it names as the sender when it asks itself. */
export function explainArp(backend: Backend, facts: LinuxFacts, vip: string): Explanation {
  const ip = parseIp(vip);
  if (ip === undefined) throw new Error(`not an IP address: ${vip}`);
  const host = linuxHost(backend, facts);
  const plan = host.vips.find(({ text }) => text === vip) ?? unplanned(ip);
  const exposed = exposures(backend, host.network, host.ingress, ip);
  return {
    vip,
    family: ip.family,
    hijackRisk: settled(deriveVipExposure(host, plan).hijackRisk),
    interfaces:
      'missing' in exposed ? exposed : { value: exposed.value.map((exposure) => explained(host, plan, exposure)) },
  };
}

/** A VIP that the inventory does not give to the host may be asked about too. */
function unplanned(ip: VipPlan['ip']): VipPlan {
  return { ip, text: ip.text, method: 'loopback', ports: [], clients: [], balancers: [] };
}

function explained(host: LinuxHost, vip: VipPlan, exposure: Exposure): InterfaceExplanation {
  const ingress =
    'value' in host.ingress ? host.ingress.value.find(({ name }) => name === exposure.interface) : undefined;
  const parameters = vip.ip.family === 4 ? (['arp_ignore', 'arp_announce', 'rp_filter'] as const) : [];
  return {
    ...exposure,
    facesServiceSegment: ingress?.faces ?? { unknown: 'the interface is not among those that hear neighbours' },
    settings: parameters.map((parameter) => ({
      parameter,
      setting: host.network.sysctls.effective(parameter, exposure.interface),
    })),
    claim: claimOf(exposure, vip.text),
  };
}
