import type { Report, ReportHost, ReportRule, ReportService, Result } from '../contracts/report.ts';
import type { SubjectKind } from '../contracts/rule.ts';
import type { HostSnapshot, Snapshot } from '../contracts/snapshot.ts';
import { fleetMember, type FleetMember, fleetVip } from '../facts/fleet.ts';
import type { Place, Subject } from '../facts/subject.ts';
import { linuxSubjects } from '../facts/linux/subjects.ts';
import { windowsSubjects } from '../facts/windows/subjects.ts';
import type { Host, LoadedInventory } from '../inventory/model.ts';
import type { Rule, RuleSet } from '../rules/rule.ts';
import { notChecked, owned, type Owned, resultOf } from './result.ts';

/** A report before its verdict: what was judged, without what it means for the exit code. */
export type Assessment = Omit<Report, 'verdict' | 'exitCode' | 'totals' | 'run' | 'hosts' | 'services'> & {
  readonly hosts: readonly AssessedHost[];
  readonly services: readonly AssessedService[];
};

/** A host before its verdict. */
export type AssessedHost = Omit<ReportHost, 'verdict' | 'now' | 'afterReboot'>;

/** A VIP of a service before it is known which backends are compliant. */
export type AssessedService = Omit<ReportService, 'compliant'>;

/** What an evaluation needs. */
export interface EvaluationInput {
  readonly inventory: LoadedInventory;
  /** The selected hosts, in inventory order. */
  readonly hosts: readonly Host[];
  readonly snapshot: Snapshot;
  /** The selected rules; those that a selected rule names under atBoot are in `allRules`. */
  readonly rules: RuleSet;
  readonly allRules: RuleSet;
  readonly tool: Report['tool'];
}

/** Judges a snapshot by an inventory and rules. Pure: the same input gives the same assessment, in the same order. */
export function evaluate(input: EvaluationInput): Assessment {
  const collected = new Map(input.snapshot.hosts.map((host) => [host.name, host]));
  const rules = [...input.rules.values()];
  const hostRules = { linux: rulesOfHosts(rules, 'linux'), windows: rulesOfHosts(rules, 'windows') };
  const members = new Map<string, FleetMember | undefined>();
  const hosts = input.hosts.map((host): AssessedHost => {
    const snapshot = collected.get(host.name);
    const subjects = subjectsOf(host, snapshot);
    if ('reason' in subjects) {
      members.set(host.name, undefined);
      return unreachableHost(host, subjects, hostRules[host.platform]);
    }
    const byKind = new Map<SubjectKind, Owned<Subject>[]>();
    for (const subject of subjects.subjects) {
      const own = owned(host.name, subject);
      const list = byKind.get(subject.kind);
      if (list === undefined) byKind.set(subject.kind, [own]);
      else list.push(own);
    }
    const results: Result[] = [];
    for (const rule of hostRules[host.platform]) {
      for (const subject of byKind.get(rule.subject) ?? none) results.push(resultOf(rule, subject, input.allRules));
    }
    members.set(host.name, fleetMember(subjects.subjects));
    return { ...identityOf(host), ...systemOf(snapshot), state: 'assessed', results };
  });
  return {
    formatVersion: 1,
    tool: input.tool,
    rules: Object.fromEntries(rules.map((rule) => [rule.id, reportRule(rule)])),
    hosts,
    services: serviceResults(input, members),
  };
}

const none: readonly Owned<Subject>[] = [];

interface Unusable {
  readonly reason: NonNullable<ReportHost['unreachable']>;
}

function subjectsOf(
  host: Host,
  snapshot: HostSnapshot | undefined,
): { readonly subjects: readonly Subject[] } | Unusable {
  if (snapshot === undefined) {
    return {
      reason: {
        kind: 'not-collected',
        message: 'the snapshot holds nothing of this host; collect it again with this inventory',
      },
    };
  }
  if (snapshot.state === 'unreachable') {
    return { reason: snapshot.unreachable ?? { kind: 'not-collected', message: 'the snapshot gives no reason' } };
  }
  if (host.platform === 'linux' && snapshot.linux !== undefined)
    return { subjects: linuxSubjects(host, snapshot.linux) };
  if (host.platform === 'windows' && snapshot.windows !== undefined)
    return { subjects: windowsSubjects(host, snapshot.windows) };
  return {
    reason: {
      kind: 'not-collected',
      message: `the inventory says ${host.platform}, the snapshot holds no ${host.platform} facts; collect it again`,
    },
  };
}

function rulesOfHosts(rules: readonly Rule[], platform: Host['platform']): readonly Rule[] {
  return rules.filter(
    (rule) => rule.subject !== 'fleet-vip' && (rule.platform === platform || rule.platform === 'any'),
  );
}

function unreachableHost(host: Host, unusable: Unusable, rules: readonly Rule[]): AssessedHost {
  const whole = [owned<Place>(host.name, {})];
  const vips = [...new Set(host.bindings.map(({ vip }) => vip))].map((vip) => owned<Place>(host.name, { vip }));
  const reason = `host unreachable: ${unusable.reason.message}`;
  const results = rules.flatMap((rule) =>
    (rule.subject === 'vip' ? vips : whole).map((place) => notChecked(rule, place, reason)),
  );
  return { ...identityOf(host), state: 'unreachable', unreachable: unusable.reason, results };
}

function identityOf(host: Host): Pick<ReportHost, 'name' | 'address' | 'platform' | 'tags'> {
  return { name: host.name, address: host.address, platform: host.platform, tags: host.tags };
}

function systemOf(snapshot: HostSnapshot | undefined): { system?: string } {
  const release = snapshot?.linux?.osRelease;
  if (release !== undefined && 'value' in release) return { system: release.value.prettyName };
  const product = snapshot?.windows?.product;
  if (product !== undefined && 'value' in product) return { system: product.value.name };
  return {};
}

function serviceResults(
  input: EvaluationInput,
  members: ReadonlyMap<string, FleetMember | undefined>,
): AssessedService[] {
  const services: AssessedService[] = [];
  for (const service of input.inventory.services.values()) {
    const backends = service.backends.filter((name) => members.has(name));
    if (backends.length === 0) continue;
    for (const vip of service.vips) {
      const subject = owned(service.name, fleetVip(vip, new Map(backends.map((name) => [name, members.get(name)]))));
      const withRisk = (wanted: boolean | undefined): string[] =>
        backends.filter((name) => members.get(name)?.vips.get(vip)?.hijacks === wanted);
      services.push({
        name: service.name,
        vip,
        method: service.method,
        ports: service.ports.map((port) => `${port.number}/${port.protocol}`),
        backends,
        hijackRisk: withRisk(true),
        hijackUnknown: withRisk(undefined),
        results: [...input.rules.values()]
          .filter((rule) => rule.subject === 'fleet-vip')
          .map((rule) => resultOf(rule, subject, input.allRules)),
      });
    }
  }
  return services;
}

function reportRule(rule: Rule): ReportRule {
  const steps = (given: Rule['fix']): ReportRule['fix'] =>
    given.map((step) => ({
      ...(step.say === undefined ? {} : { say: step.say }),
      ...(step.run === undefined ? {} : { run: step.run, shell: step.shell }),
    }));
  return {
    title: rule.file.title,
    failure: rule.file.failure,
    severity: rule.severity,
    horizon: rule.horizon,
    ...(rule.horizon === 'reboot' ? { covers: [...new Set([...rule.atBoot, ...(rule.file.covers ?? [])])] } : {}),
    subject: rule.subject,
    platform: rule.platform,
    why: rule.file.why,
    fix: steps(rule.fix),
    rollback: steps(rule.rollback),
    source: rule.file.source,
    catalogue: rule.file.catalogue ?? [],
    tags: rule.file.tags ?? [],
  };
}
