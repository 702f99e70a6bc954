import type { FirewallProfile, FirewallRule, WindowsFacts } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import type { CollectorDocument, Row } from './document.ts';
import { readFirewallRule } from './firewall-rule.ts';
import { missingStep } from './notes.ts';
import { isUnreadable, plain, readRows, texts, type Unreadable } from './row.ts';
import { readBoolean, readInteger, readText } from './setting.ts';

/** The firewall of Windows itself; another vendor's is invisible here. */
export type FirewallFacts = Pick<WindowsFacts, 'firewallProfiles' | 'firewallRules' | 'firewallPolicyRules'>;

// NET_FW_PROFILE_TYPE2.
const profileTypes = new Map<number, FirewallProfile['profile']>([
  [1, 'domain'],
  [2, 'private'],
  [4, 'public'],
]);
const policyKeys = new Map<string, FirewallProfile['profile']>([
  ['DomainProfile', 'domain'],
  ['PrivateProfile', 'private'],
  ['PublicProfile', 'public'],
  ['StandardProfile', 'standard'],
]);
// Only XP and 2003 have this manager; their policy rules stand elsewhere and are not collected.
const beforeVista = 'Windows before NT 6.0 has no firewall rules of this kind';

/** Reads the firewall from the document of the PowerShell collector. */
export function readFirewallFacts(document: CollectorDocument): FirewallFacts {
  if (document.firewallManager !== undefined) return readManager(document.firewallManager);
  if (document.notes.some(({ step }) => step === 'firewallManager')) {
    const refused = missingStep(document, 'firewallManager');
    return { firewallProfiles: refused, firewallRules: refused, firewallPolicyRules: missing(beforeVista) };
  }
  return {
    firewallProfiles: readProfiles(document),
    firewallRules: readRules(document, 'firewallRules'),
    firewallPolicyRules: readRules(document, 'firewallPolicyRules'),
  };
}

function readProfiles(document: CollectorDocument): WindowsFacts['firewallProfiles'] {
  const { firewallProfiles, firewallPolicies } = document;
  // Without the policy the local values may be overridden: half of it is no answer.
  if (firewallProfiles === undefined || firewallPolicies === undefined) {
    return missingStep(document, firewallProfiles === undefined ? 'firewallProfiles' : 'firewallPolicies');
  }
  const local = readRows(firewallProfiles, readLocalProfile);
  if (isUnreadable(local)) return missing(local.unreadable);
  const policy = readRows(firewallPolicies, readPolicyProfile);
  return isUnreadable(policy) ? missing(policy.unreadable) : known([...local, ...policy]);
}

function readLocalProfile(row: Row): FirewallProfile | Unreadable {
  const profile = profileTypes.get(readInteger(plain(row, 'type')) ?? 0);
  if (profile === undefined) return { unreadable: 'a firewall profile that is not known' };
  // NET_FW_ACTION: 0 block, 1 allow.
  const inbound = readInteger(plain(row, 'defaultInbound'));
  return {
    profile,
    store: 'local',
    current: readBoolean(plain(row, 'current')),
    enabled: readBoolean(plain(row, 'enabled')),
    defaultInbound: inbound === 0 ? 'block' : inbound === 1 ? 'allow' : null,
    blockAllInbound: readBoolean(plain(row, 'blockAllInbound')),
    localRulesApply: null,
    excludedInterfaces: (texts(row, 'excludedInterfaces') ?? []).slice(0, 1000).map((name) => name.slice(0, 256)),
  };
}

function readPolicyProfile(row: Row): FirewallProfile | Unreadable {
  const profile = policyKeys.get(readText(plain(row, 'profile'), 64) ?? '');
  if (profile === undefined) return { unreadable: 'a firewall policy that is not known' };
  // [MS-GPFAS] 2.2.3.17: 0 allow, 1 block; the other way round than NET_FW_ACTION.
  const inbound = readInteger(plain(row, 'DefaultInboundAction'));
  const excluded = readText(plain(row, 'DisabledInterfaces'), 16_384);
  return {
    profile,
    store: 'policy',
    current: null,
    enabled: readBoolean(plain(row, 'EnableFirewall')),
    defaultInbound: inbound === 0 ? 'allow' : inbound === 1 ? 'block' : null,
    blockAllInbound: readBoolean(plain(row, 'DoNotAllowExceptions')),
    localRulesApply: readBoolean(plain(row, 'AllowLocalPolicyMerge')),
    excludedInterfaces:
      excluded === null
        ? null
        : excluded
            .split(',')
            .slice(0, 1000)
            .map((guid) => guid.trim().slice(0, 256)),
  };
}

function readRules(
  document: CollectorDocument,
  step: 'firewallRules' | 'firewallPolicyRules',
): WindowsFacts['firewallRules'] {
  const rows = document[step];
  if (rows === undefined) return missingStep(document, step);
  const rules = readRows(rows, (row) =>
    readFirewallRule(readText(plain(row, 'id'), 512) ?? '', readText(plain(row, 'rule'), 16_384) ?? ''),
  );
  return isUnreadable(rules) ? missing(rules.unreadable) : known(rules);
}

// NET_FW_PROFILE_TYPE: 0 domain, 1 standard. The firewall of 2003 blocks inbound what no exception allows.
function readManager(manager: NonNullable<CollectorDocument['firewallManager']>): FirewallFacts {
  const ports = readRows(manager.ports, readOpenPort);
  return {
    firewallProfiles: known([
      {
        profile: manager.type === 0 ? 'domain' : 'standard',
        store: 'local',
        current: true,
        enabled: manager.enabled,
        defaultInbound: 'block',
        blockAllInbound: manager.blockAllInbound,
        localRulesApply: null,
        excludedInterfaces: null,
      },
    ]),
    firewallRules: isUnreadable(ports) ? missing(ports.unreadable) : known(ports.filter(({ active }) => active)),
    firewallPolicyRules: missing(beforeVista),
  };
}

function readOpenPort(row: Row): FirewallRule | Unreadable {
  const port = readInteger(plain(row, 'port'));
  const protocol = readInteger(plain(row, 'protocol'));
  const active = readBoolean(plain(row, 'enabled'));
  if (port === null || protocol === null || active === null) return { unreadable: 'an open port that cannot be read' };
  return {
    id: `${port}:${protocol}`,
    name: readText(plain(row, 'name'), 512),
    action: 'allow',
    direction: 'in',
    active,
    protocol,
    localPorts: [String(port)],
    localAddresses: [],
    profiles: [],
    interfaces: [],
    interfaceTypes: [],
    edgeTraversal: false,
    profileCrossing: false,
    restrictions: readText(plain(row, 'remoteAddresses'), 512) === '*' ? [] : ['RemoteAddresses'],
  };
}
