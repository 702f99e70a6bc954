import { hijackers, isUndecided, rebootChange } from './meaning.ts';
import { plural } from './plural.ts';
import { failures, findings, ownerOf, type ShownReport } from './shown.ts';
import { visible } from './visible.ts';

/** One thing to do next. */
export interface NextStep {
  readonly say: string;
  readonly run?: string;
}

const namesShown = 8;

/** What to do next, the most urgent first; empty when there is nothing to do. */
export function nextSteps(report: ShownReport): readonly NextStep[] {
  const risky = hijackers(report);
  const failing = new Set(failures(report).flatMap((failure) => (failure.counted ? [ownerOf(failure)] : [])));
  const { unreachable, assessed } = report.totals.hosts;
  const drifting = report.hosts.filter(
    (host) => host.afterReboot === 'non-compliant' && rebootChange(host) !== undefined,
  );
  const undecided = findings(report, isUndecided).length;
  const again = report.hosts.filter(({ name, verdict }) => verdict !== 'compliant' || risky.includes(name)).map(nameOf);
  return [
    ...(risky.length === 0
      ? []
      : [
          {
            say: `Repair ${some(risky)} first: right now ${risky.length === 1 ? 'it' : 'each'} can take the traffic of a VIP from all others.`,
          },
        ]),
    ...(failing.size === 0
      ? []
      : [
          {
            say: 'Follow the fixes in order of severity, on one host at a time, and check the service after each.',
          },
        ]),
    ...(drifting.length === 0
      ? []
      : [{ say: `Do not reboot ${some(drifting.map(nameOf))} before the persistent configuration is repaired.` }]),
    ...(unreachable === 0
      ? []
      : [{ say: `Make ${plural(unreachable, 'unreachable host')} reachable: nothing is known of what was not seen.` }]),
    ...(undecided === 0 ? [] : [{ say: `Settle ${plural(undecided, 'undecided check')}: each one gives its reason.` }]),
    ...(assessed === 0 && unreachable === 0
      ? [{ say: 'Look at the selection (--limit, --rule) and at the inventory: nothing was judged.' }]
      : []),
    ...(again.length === 0 ? [] : [rerun(again)]),
  ];
}

function rerun(names: readonly string[]): NextStep {
  const say = 'Then audit again what is not compliant.';
  // Only names that need no quoting in any shell are put into a command.
  if (names.length > namesShown || !names.every((name) => /^[A-Za-z0-9][\w.-]*$/.test(name))) return { say };
  return { say, run: `dsr-audit audit INVENTORY ${names.map((name) => `--limit ${name}`).join(' ')}` };
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, namesShown).map(visible).join(', ');
  return names.length <= namesShown ? shown : `${shown} and ${names.length - namesShown} more hosts`;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
