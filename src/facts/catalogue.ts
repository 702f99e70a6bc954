import type { SubjectKind } from '../contracts/rule.ts';
import { hostPersistenceFacts } from './linux/boot-persistence.ts';
import { linuxHostFacts } from './linux/host-facts.ts';
import { linuxIngressFacts } from './linux/ingress-facts.ts';
import { linuxListenerFacts } from './linux/listener-facts.ts';
import { linuxVipFacts } from './linux/vip-facts.ts';
import { vipPersistenceFacts } from './linux/vip-persistence.ts';
import { fleetVipFacts } from './fleet.ts';
import type { FactDefinition, FactDefinitions } from './subject.ts';
import { windowsHostFacts } from './windows/host.ts';
import { windowsIngressFacts } from './windows/ingress.ts';
import { windowsListenerFacts } from './windows/listener.ts';
import { windowsVipFacts } from './windows/vip.ts';

/** The facts that rules may use, by platform and kind of subject, for example linux/ingress; the loader refuses any other name. */
export const factCatalogue: ReadonlyMap<`${'linux' | 'windows' | 'any'}/${SubjectKind}`, FactDefinitions> = new Map<
  `${'linux' | 'windows' | 'any'}/${SubjectKind}`,
  FactDefinitions
>([
  ['linux/host', new Map<string, FactDefinition>([...linuxHostFacts, ...hostPersistenceFacts])],
  ['linux/vip', new Map<string, FactDefinition>([...linuxVipFacts, ...vipPersistenceFacts])],
  ['linux/ingress', linuxIngressFacts],
  ['linux/listener', linuxListenerFacts],
  ['any/fleet-vip', fleetVipFacts],
  ['windows/host', windowsHostFacts],
  ['windows/vip', windowsVipFacts],
  ['windows/ingress', windowsIngressFacts],
  ['windows/listener', windowsListenerFacts],
]);
