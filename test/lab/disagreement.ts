import type { Report } from '../../src/contracts/report.ts';
import type { Derived, Subject } from '../../src/facts/subject.ts';
import { linuxSubjects } from '../../src/facts/linux/subjects.ts';
import { evaluate } from '../../src/evaluate/evaluate.ts';
import { conclude } from '../../src/report/verdict.ts';
import type { RuleSet } from '../../src/rules/rule.ts';
import { serviceName } from './inventory.ts';
import { type Configuration, reproduction } from './specimen.ts';
import { type Observation, type Survey, survey } from './survey.ts';
import type { VipTruth } from './truth.ts';

/** Judges the specimens of a survey as `dsr-audit evaluate` would. */
export function judge({ inventory, observations }: Survey, rules: RuleSet): Report {
  const tool = { name: 'dsr-audit', version: '0' } as const;
  const time = '2026-01-01T00:00:00.000Z';
  const run = { id: 'lab', startedAt: time, finishedAt: time, interrupted: null };
  const hosts = observations.map(({ snapshot }) => snapshot);
  const assessment = evaluate({
    inventory,
    hosts: [...inventory.hosts.values()],
    snapshot: { formatVersion: 1, tool, run, hosts },
    rules,
    allRules: rules,
    tool,
  });
  return conclude(assessment, { ...run, failOn: 'low', limit: [], rules: [] });
}

/**
 * Surveys hosts, and builds and measures those anew about which the report and the kernel disagree: a packet that a busy
 * machine lost is not lost again, while a fault of the model shows itself again.
 */
export async function surveyWithSecondLook(configurations: readonly Configuration[], rules: RuleSet): Promise<Survey> {
  const first = await survey(configurations);
  const report = judge(first, rules);
  const doubtful = first.observations.filter(
    (observation) => disagreements({ ...first, observations: [observation] }, report).length > 0,
  );
  if (doubtful.length === 0) return first;
  console.log(`a second look at ${doubtful.map(({ configuration }) => configuration.title).join('; ')}`);
  const second = await survey(doubtful.map(({ configuration }) => configuration));
  const observations = first.observations.map((observation) => {
    const again = second.observations[doubtful.indexOf(observation)];
    return again === undefined ? observation : { ...observation, truth: again.truth };
  });
  return { ...first, observations };
}

/**
 * Where the report's hijackRisk, or the interfaces that it rests on, are not what the kernel did. Each text says what the
 * model said and why, what the kernel did, and the commands that show it.
 */
export function disagreements({ observations }: Survey, report: Report): readonly string[] {
  const services = new Map(report.services.map((service) => [service.name, service]));
  return observations.flatMap((observation) => {
    const { linux } = observation.snapshot;
    if (linux === undefined) throw new Error(`${observation.configuration.title} was not collected`);
    const subjects = linuxSubjects(observation.host, linux).filter(({ kind }) => kind === 'vip');
    return observation.truth.vips.flatMap((truth) => {
      const subject = subjects.find(({ vip }) => vip === truth.vip);
      const service = services.get(serviceName(observation.host.name, truth.vip));
      if (subject === undefined || service === undefined) throw new Error(`nothing was judged of ${truth.vip}`);
      const claimed = truth.answeredOn.length > 0 || truth.announcedOn.length > 0;
      const reported = service.hijackRisk.includes(observation.host.name);
      const agrees =
        reported === claimed &&
        service.hijackUnknown.length === 0 &&
        isValue(subject, 'answeredOn', truth.answeredOn) &&
        isValue(subject, 'announcedOn', truth.announcedOn);
      return agrees ? [] : [describe(observation, truth, subject, reported)];
    });
  });
}

function isValue(subject: Subject, fact: string, devices: readonly string[]): boolean {
  const derived = subject.facts.get(fact);
  if (derived === undefined || !('value' in derived)) return false;
  return [...(derived.value as readonly string[])].sort().join() === devices.join();
}

function describe({ configuration }: Observation, truth: VipTruth, subject: Subject, reported: boolean): string {
  return [
    `${configuration.title}, VIP ${truth.vip}`,
    `the report ${reported ? 'lists' : 'does not list'} the host under hijackRisk`,
    `the model answers on ${said(subject.facts.get('answeredOn'))}`,
    `the model announces on ${said(subject.facts.get('announcedOn'))}`,
    `the kernel answered on ${list(truth.answeredOn)}: ${list(truth.answered)}`,
    `the kernel announced on ${list(truth.announcedOn)}: ${list(truth.asked)}`,
    reproduction(configuration),
  ].join('\n');
}

function said(derived: Derived | undefined): string {
  if (derived === undefined || !('value' in derived)) return JSON.stringify(derived);
  const why = derived.evidence.map(({ source, text }) => `\n    ${source}: ${text}`).join('');
  return `${list(derived.value as readonly string[])}, because${why}`;
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? 'nothing' : texts.join(' ');
}
