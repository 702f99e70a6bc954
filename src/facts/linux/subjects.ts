import type { LinuxFacts } from '../../contracts/snapshot.ts';
import type { Backend } from '../backend.ts';
import { derived } from '../derived.ts';
import type { Fact } from '../fact.ts';
import { changedFacts, type Derived, factMap, type Facts, once, type Place, type Subject } from '../subject.ts';
import { deriveHostPersistence } from './boot-persistence.ts';
import { type BootState, bootState } from './boot-sysctls.ts';
import { linuxHostSubject } from './host-facts.ts';
import { bootedLinuxIngress, hiddenVips, linuxIngress, linuxIngressFacts, relies } from './ingress-facts.ts';
import { type LinuxHost, linuxHost, portName, type VipPlan } from './linux-host.ts';
import { linuxListener } from './listener-facts.ts';
import { withSysctls } from './network.ts';
import { reverseFiltered } from './return-path.ts';
import type { SysctlView } from './sysctl.ts';
import { vipExposureFacts } from './vip-exposure.ts';
import { linuxVip } from './vip-facts.ts';
import { deriveVipPersistence } from './vip-persistence.ts';
import { bootPlan, type BootPlan } from './vip-persistence/boot-plan.ts';

/** What a Linux host's facts mean: the host, each VIP, each interface that hears neighbours, each VIP and port. */
export function linuxSubjects(backend: Backend, facts: LinuxFacts): readonly Subject[] {
  const host = linuxHost(backend, facts);
  const boot = bootState(facts, host.network.sysctls);
  const plan = once(() => bootPlan(facts));
  return [
    subject('host', {}, factMap(linuxHostSubject(host), deriveHostPersistence(facts, boot))),
    ...host.vips.map((vip) => vipSubject(host, vip, plan, boot)),
    ...ingressSubjects(host, boot),
    ...host.vips.flatMap((vip) =>
      vip.ports.map((port) =>
        subject('listener', { vip: vip.text, port: portName(port) }, factMap(linuxListener(host, vip, port))),
      ),
    ),
  ];
}

interface Booted {
  readonly boot: Facts;
  readonly proven: Facts | undefined;
}

// Member by member: spread from parts, the subjects of a host would cost as much as some of their facts.
function subject(kind: Subject['kind'], place: Place, facts: Facts, booted?: Booted): Subject {
  const { vip, interface: device, port } = place;
  return { platform: 'linux', kind, vip, interface: device, port, facts, boot: booted?.boot, proven: booted?.proven };
}

function vipSubject(host: LinuxHost, vip: VipPlan, plan: () => Fact<BootPlan>, boot: BootState): Subject {
  const facts = factMap(...linuxVip(host, vip), deriveVipPersistence(host, vip, plan));
  const booted = afterBoot(boot, (sysctls) => {
    const reverseFilteredOn = (): Derived =>
      reverseFiltered({ ...host, network: withSysctls(host.network, sysctls) }, vip);
    return changedFacts(facts, unfollowedExposure, factMap({ reverseFilteredOn }));
  });
  return subject('vip', { vip: vip.text }, facts, booted);
}

const unfollowedExposure: Facts = new Map<string, Derived>(
  [...vipExposureFacts.keys()].map((name) => [
    name,
    { unknown: 'of what a VIP tells the segment, nothing is followed through a boot' },
  ]),
);

/** A subject's facts for the parameters of the next boot, and for those that the last boot has proven, if it has any. */
function afterBoot({ sysctls, proven }: BootState, factsWith: (sysctls: SysctlView) => Facts): Booted {
  return { boot: factsWith(sysctls), proven: proven === undefined ? undefined : factsWith(proven) };
}

function ingressSubjects(host: LinuxHost, boot: BootState): readonly Subject[] {
  // Interfaces that are not known must not mean that the rules about them say nothing.
  if ('missing' in host.ingress) return [subject('ingress', {}, everyFact(host.ingress))];
  const present = host.ingress.value.map((ingress) => {
    const booted = afterBoot(boot, (sysctls) =>
      factMap(...bootedLinuxIngress(host, ingress, withSysctls(host.network, sysctls))),
    );
    return subject('ingress', { interface: ingress.name }, factMap(...linuxIngress(host, ingress)), booted);
  });
  const { interfaces } = host.network;
  const absent = host.backend.ingressInterfaces.filter((name) => 'value' in interfaces && !interfaces.value.has(name));
  return [...present, ...absent.map((name) => subject('ingress', { interface: name }, absentInterface(host, name)))];
}

/** An interface that the inventory names and the host does not have: what must hide the VIPs there cannot be judged. */
function absentInterface(host: LinuxHost, name: string): Facts {
  const reason = `the inventory names the ingress interface ${name}, which the host does not have`;
  const judged = /^(arp(Ignore|Announce)|unhiddenVips|announcedVips)/;
  return new Map<string, Derived>([
    ...[...linuxIngressFacts.keys()].map(
      (fact) => [fact, judged.test(fact) ? { missing: reason } : { notapplicable: reason }] as const,
    ),
    ['facesServiceSegment', derived(true, { source: 'inventory: ingressInterfaces', text: name })],
    ['reliesOnSysctls', relies(host, hiddenVips(host))],
  ]);
}

function everyFact(reason: Derived): Facts {
  return new Map([...linuxIngressFacts.keys()].map((name) => [name, reason]));
}
