import type { DerivedFacts, FactDefinition, FactDefinitions } from '../subject.ts';
import type { LinuxHost, VipPlan } from './linux-host.ts';
import { deriveVipAddress, vipAddressFacts } from './vip-address.ts';
import { deriveVipExposure, vipExposureFacts } from './vip-exposure.ts';
import { deriveVipReturn, vipReturnFacts } from './vip-return.ts';

type NameOf<Definitions> = Definitions extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;
type Name = NameOf<typeof vipAddressFacts> | NameOf<typeof vipExposureFacts> | NameOf<typeof vipReturnFacts>;

/** The facts of one VIP on one Linux host. */
export const linuxVipFacts: FactDefinitions = new Map<string, FactDefinition>([
  ...vipAddressFacts,
  ...vipExposureFacts,
  ...vipReturnFacts,
]);

/** The facts of one VIP. */
export function linuxVip(host: LinuxHost, vip: VipPlan): DerivedFacts<Name> {
  return { ...deriveVipAddress(host, vip), ...deriveVipExposure(host, vip), ...deriveVipReturn(host, vip) };
}
