import { hijackers, isUndecided, rebootChange } from './meaning.ts';
import { plural } from './plural.ts';
import { failures, findings, type ShownReport } from './shown.ts';
import { visible } from './visible.ts';

/** One thing to do next. */
export interface NextStep {
  readonly say: string;
  readonly run?: string;
}

const namesShown = 8;

/** What to do next, the most urgent first; empty when there is nothing to do. */
export function nextSteps(report: ShownReport): readonly NextStep[] {
  const { hosts, run } = report;
  const risky = new Set(hijackers(report));
  const drifting = hosts.filter((host) => host.afterReboot === 'non-compliant' && rebootChange(host) !== undefined);
  const unreached = hosts.filter(({ unreachable }) => unreachable !== undefined && unreachable.kind !== 'interrupted');
  const undecided = findings(report, isUndecided).length;
  const again = hosts.filter(({ name, verdict }) => verdict !== 'compliant' || risky.has(name));
  const steps: NextStep[] = [];
  if (risky.size > 0) {
    const who = risky.size === 1 ? 'it' : 'each';
    steps.push({
      say: `Repair ${some([...risky])} first: right now ${who} can take the traffic of a VIP from all others.`,
    });
  }
  if (failures(report).some((failure) => failure.counted))
    steps.push({
      say: 'Follow the fixes in order of severity, on one host at a time, and check the service after each.',
    });
  if (drifting.length > 0)
    steps.push({ say: `Do not reboot ${some(drifting.map(nameOf))} before the persistent configuration is repaired.` });
  if (unreached.length > 0)
    steps.push({
      say: `Make ${plural(unreached.length, 'unreachable host')} reachable: nothing is known of what was not seen.`,
    });
  if (undecided > 0) steps.push({ say: `Settle ${plural(undecided, 'undecided check')}: each one gives its reason.` });
  if (hosts.every(({ verdict, state }) => verdict === 'not-assessed' && state === 'assessed'))
    steps.push({ say: 'Look at the selection (--limit, --rule) and at the inventory: nothing was judged.' });
  if (run.interrupted !== null) steps.push({ say: 'Run again to the end: this report is partial.' });
  else if (again.length > 0) steps.push(rerun(again.map(nameOf)));
  return steps;
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
