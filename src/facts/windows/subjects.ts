import type { WindowsFacts } from '../../contracts/snapshot.ts';
import type { Backend } from '../backend.ts';
import { type Derived, type DerivedFacts, factMap, type Facts, type Subject } from '../subject.ts';
import { windowsHostSubject } from './host.ts';
import { windowsIngress, windowsIngressFacts } from './ingress.ts';
import { windowsListener } from './listener.ts';
import { windowsVip } from './vip.ts';
import { windowsHost } from './windows-host.ts';

/** What a Windows host's facts mean: the host, each VIP, each ingress interface, each VIP and port. */
export function windowsSubjects(backend: Backend, facts: WindowsFacts): readonly Subject[] {
  const host = windowsHost(backend, facts);
  const subject = (
    kind: Subject['kind'],
    place: Pick<Subject, 'vip' | 'interface' | 'port'>,
    derived: DerivedFacts<string>,
  ): Subject => ({
    platform: 'windows',
    kind,
    ...place,
    facts: factMap(derived),
  });
  const vips = [...new Set(backend.bindings.map(({ vip }) => vip))];
  // Unknown ingress interfaces must not mean that the rules about them say nothing.
  const ingress =
    'value' in host.ingress
      ? host.ingress.value.map((adapter) =>
          subject('ingress', { interface: adapter.name }, windowsIngress(host, adapter)),
        )
      : [{ ...subject('ingress', {}, {}), facts: everyFact(windowsIngressFacts.keys(), host.ingress) }];
  const listeners = new Map(
    backend.bindings.flatMap(({ vip, ports }) =>
      ports.map((port) => [`${vip} ${port.number}/${port.protocol}`, { vip, port }] as const),
    ),
  );
  return [
    subject('host', {}, windowsHostSubject(host)),
    ...vips.map((vip) => subject('vip', { vip }, windowsVip(host, vip))),
    ...ingress,
    ...[...listeners.values()].map(({ vip, port }) =>
      subject('listener', { vip, port: `${port.number}/${port.protocol}` }, windowsListener(host, vip, port)),
    ),
  ];
}

function everyFact(names: Iterable<string>, reason: Derived): Facts {
  return new Map([...names].map((name) => [name, reason]));
}
