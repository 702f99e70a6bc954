import type { RemedyStep } from '../contracts/report.ts';
import { groupBy, ownerOf, type Finding } from './shown.ts';
import { prose, visible } from './visible.ts';

/** One step of a remedy for several hosts: one command for all of them, or one for each group of hosts. */
export interface SharedStep {
  readonly say?: string;
  readonly commands: readonly SharedCommand[];
}

/** A command and the hosts (or the service) it is for. */
export interface SharedCommand {
  readonly run: string;
  readonly shell: NonNullable<RemedyStep['shell']>;
  readonly owners: readonly string[];
}

/** A remedy and those whom it concerns. */
export interface Remedy {
  readonly owners: readonly string[];
  readonly steps: readonly SharedStep[];
}

/**
 * The fix or the rollback for findings of one rule, told once: findings whose steps differ in commands only share a
 * remedy, and only the commands that differ are given host by host.
 */
export function remedies(findings: readonly Finding[], which: 'fix' | 'rollback'): readonly Remedy[] {
  const given = findings
    .map((finding) => ({ owner: ownerOf(finding), steps: finding.result[which] ?? finding.rule?.[which] ?? [] }))
    .filter(({ steps }) => steps.length > 0);
  const alike = groupBy(given, ({ steps }) => JSON.stringify(steps.map((step) => [step.say, step.run === undefined])));
  return [...alike.values()].map((members) => ({
    owners: unique(members.map(({ owner }) => owner)),
    steps: (members[0]?.steps ?? []).map(({ say }, index) => ({
      ...(say === undefined ? {} : { say }),
      commands: commandsOf(members.map(({ owner, steps }) => ({ owner, step: steps[index] ?? {} }))),
    })),
  }));
}

function commandsOf(steps: readonly { owner: string; step: RemedyStep }[]): readonly SharedCommand[] {
  return [...groupBy(steps, ({ step }) => JSON.stringify([step.run, step.shell])).values()].flatMap((same) => {
    const step = same[0]?.step;
    if (step?.run === undefined) return [];
    return { run: step.run, shell: step.shell ?? 'sh', owners: unique(same.map(({ owner }) => owner)) };
  });
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** A remedy as a script to read and paste: sentences as comments, commands as they are. */
export function scriptOf(remedy: Remedy): string {
  const shell = remedy.steps.flatMap((step) => step.commands)[0]?.shell;
  const mark = shell === 'cmd' ? 'rem' : '#';
  const lines = remedy.steps.flatMap((step) => [
    ...(step.say === undefined ? [] : [`${mark} ${prose(step.say)}`]),
    ...step.commands.flatMap((command) => [
      ...(step.commands.length > 1 ? [`${mark} on ${visible(command.owners.join(', '))}:`] : []),
      command.run,
    ]),
  ]);
  return `${lines.join('\n')}\n`;
}
