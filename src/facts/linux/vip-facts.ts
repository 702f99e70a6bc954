import type { DerivedFacts, FactDefinition, FactDefinitions } from '../subject.ts';
import type { LinuxHost, VipPlan } from './linux-host.ts';
import { deriveVipAddress, vipAddressFacts } from './vip-address.ts';
import { deriveVipExposure, vipExposureFacts } from './vip-exposure.ts';
import { deriveVipReturn, vipReturnFacts } from './vip-return.ts';

/** The facts of one VIP on one Linux host. */
export const linuxVipFacts: FactDefinitions = new Map<string, FactDefinition>([
  ...vipAddressFacts,
  ...vipExposureFacts,
  ...vipReturnFacts,
]);

/** The facts of one VIP, in parts. */
export function linuxVip(host: LinuxHost, vip: VipPlan): readonly DerivedFacts<string>[] {
  return [deriveVipAddress(host, vip), deriveVipExposure(host, vip), deriveVipReturn(host, vip)];
}
