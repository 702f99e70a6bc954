import type { FirewallProfile, FirewallRule, WindowsFacts } from '../../contracts/snapshot.ts';
import type { Port } from '../backend.ts';
import { derived } from '../derived.ts';
import { contains, type Ip, parseIp, parsePrefix } from '../ip.ts';
import type { Derived } from '../subject.ts';
import type { Adapter } from './adapter.ts';

type Category = FirewallRule['profiles'][number];

/**
 * Whether Windows Firewall lets packets for a VIP and port in, judged for each profile that may apply to them: allowed
 * or blocked when all agree, unknown when they differ or when conditions of a rule decide that are not known here.
 */
export function firewallAnswer(
  facts: WindowsFacts,
  vip: Ip,
  port: Port,
  holder: Adapter,
  categories: readonly Category[],
): Derived<'allowed' | 'blocked'> {
  for (const fact of [facts.firewallProfiles, facts.firewallRules, facts.firewallPolicyRules]) {
    if ('missing' in fact) return fact;
  }
  const service =
    'value' in facts.services ? facts.services.value.find(({ name }) => name.toLowerCase() === 'mpssvc') : undefined;
  if (service !== undefined && service.state !== 'running') {
    return {
      unknown: `the Windows Firewall service is ${service.state}, which Microsoft does not support; start it, or turn the profiles off`,
    };
  }
  const answers = categories.map((category) => profileAnswer(facts, vip, port, holder, category));
  const undecided = answers.find((answer) => !('value' in answer));
  if (undecided !== undefined) return undecided;
  const known = answers.filter((answer) => 'value' in answer);
  if (new Set(known.map((answer) => answer.value)).size > 1) {
    return {
      unknown: `allowed in some of the profiles ${categories.join(', ')} that may apply, blocked in others; use a rule with profile=any`,
    };
  }
  const [first] = known;
  if (first === undefined) return { unknown: 'no firewall profile is known to apply' };
  return { value: first.value, evidence: known.flatMap((answer) => answer.evidence) };
}

function profileAnswer(
  facts: WindowsFacts,
  vip: Ip,
  port: Port,
  holder: Adapter,
  category: Category,
): Derived<'allowed' | 'blocked'> {
  const profiles = profilesOf(facts, category);
  // A value of group policy overrides the local one (Windows Firewall with Advanced Security, policy precedence).
  const setting = <Name extends keyof FirewallProfile>(name: Name): FirewallProfile[Name] | null =>
    profiles.find((row) => row.store === 'policy' && row[name] !== null)?.[name] ??
    profiles.find((row) => row.store === 'local')?.[name] ??
    null;
  const source = `firewall profile ${category}`;
  const enabled = setting('enabled');
  if (enabled === null) return { missing: `the ${source} was not reported` };
  if (!enabled) return derived('allowed', { source, text: 'off' });
  const excluded = setting('excludedInterfaces') ?? [];
  const names = [holder.interface.alias, holder.interface.guid]
    .filter((name) => name !== null)
    .map((name) => name.toLowerCase());
  if (excluded.some((name) => names.includes(name.toLowerCase())))
    return derived('allowed', { source, text: `${holder.name} is excluded` });
  if (setting('blockAllInbound') === true)
    return derived('blocked', { source, text: 'every inbound connection is blocked' });

  const local =
    setting('localRulesApply') === false ? [] : 'value' in facts.firewallRules ? facts.firewallRules.value : [];
  const policy = 'value' in facts.firewallPolicyRules ? facts.firewallPolicyRules.value : [];
  const matching = [...local, ...policy].filter((rule) => couldMatch(rule, vip, port, holder, category));
  const certain = (rule: FirewallRule): boolean => rule.restrictions.length === 0;
  const named = (rule: FirewallRule): string => `${rule.action} rule ${rule.name ?? rule.id}`;
  const block = matching.find((rule) => rule.action === 'block' && certain(rule));
  if (block !== undefined) return derived('blocked', { source, text: named(block) });
  const perhapsBlock = matching.find((rule) => rule.action === 'block');
  const allow = matching.find((rule) => rule.action !== 'block' && certain(rule));
  const open = allow !== undefined || setting('defaultInbound') === 'allow';
  if (open && perhapsBlock !== undefined) {
    return {
      unknown: `${named(perhapsBlock)} blocks under conditions that are not known here (${perhapsBlock.restrictions.join(', ')})`,
    };
  }
  if (allow !== undefined) return derived('allowed', { source, text: named(allow) });
  if (open) return derived('allowed', { source, text: 'inbound connections are allowed by default' });
  const perhapsAllow = matching.find((rule) => rule.action !== 'block');
  if (perhapsAllow !== undefined) {
    return {
      unknown: `only ${named(perhapsAllow)} could allow it, under conditions that are not known here (${perhapsAllow.restrictions.join(', ')})`,
    };
  }
  return derived('blocked', { source, text: `no allow rule for ${vip.text} port ${port.number}/${port.protocol}` });
}

// A policy written for XP and 2003 has one profile beside the domain's; it applies where neither of the later two is set
// by policy ([MS-GPFAS] 2.2.3).
function profilesOf(facts: WindowsFacts, category: Category): readonly FirewallProfile[] {
  const rows = 'value' in facts.firewallProfiles ? facts.firewallProfiles.value : [];
  const policy = rows.filter((row) => row.store === 'policy');
  const later = policy.some((row) => row.profile === 'private' || row.profile === 'public');
  const old = category === 'domain' || later ? [] : policy.filter((row) => row.profile === 'standard');
  return [...rows.filter((row) => row.profile === category), ...old];
}

function couldMatch(rule: FirewallRule, vip: Ip, port: Port, holder: Adapter, category: Category): boolean {
  const protocol = port.protocol === 'tcp' ? 6 : 17;
  return (
    rule.direction === 'in' &&
    rule.active &&
    (rule.protocol === null || rule.protocol === protocol) &&
    (rule.profiles.length === 0 || rule.profiles.includes(category)) &&
    (rule.localPorts.length === 0 || rule.localPorts.some((text) => coversPort(text, port.number))) &&
    (rule.localAddresses.length === 0 || rule.localAddresses.some((text) => coversAddress(text, vip))) &&
    (rule.interfaces.length === 0 || rule.interfaces.some((guid) => guid.toUpperCase() === holder.interface.guid)) &&
    (rule.interfaceTypes.length === 0 || rule.interfaceTypes.includes('lan'))
  );
}

function coversPort(text: string, port: number): boolean {
  const range = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(text);
  if (range === null) return false;
  return Number(range[1]) <= port && port <= Number(range[2] ?? range[1]);
}

function coversAddress(text: string, vip: Ip): boolean {
  const [first, last] = text.split('-');
  if (last !== undefined) {
    const from = parseIp(first ?? '');
    const to = parseIp(last);
    return (
      from !== undefined &&
      to !== undefined &&
      from.family === vip.family &&
      to.family === vip.family &&
      compare(from, vip) <= 0 &&
      compare(vip, to) <= 0
    );
  }
  const prefix = parsePrefix(withPrefixLength(text));
  return prefix !== undefined && contains(prefix, vip);
}

// The registry writes IPv4 subnets with a mask: 192.0.2.0/255.255.255.0.
function withPrefixLength(text: string): string {
  const [address, mask] = text.split('/');
  if (mask === undefined || !mask.includes('.')) return text;
  const bits = (parseIp(mask)?.words[0] ?? 0).toString(2).padStart(32, '0');
  return /^1*0*$/.test(bits) ? `${address}/${bits.replaceAll('0', '').length}` : '';
}

function compare(a: Ip, b: Ip): number {
  for (const [index, word] of a.words.entries()) {
    const other = b.words[index] ?? 0;
    if (word !== other) return word < other ? -1 : 1;
  }
  return 0;
}
