import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { isUndecided } from '../../src/report/meaning.ts';
import { failures, findings, type ShownReport } from '../../src/report/shown.ts';
import { useChoices } from './address.ts';
import { Checks } from './checks.tsx';
import { Failures } from './failures.tsx';
import { showsFinding, showsHost } from './filter.ts';
import { HostDialog } from './host-dialog.tsx';
import { Legend } from './legend.tsx';
import { NotAssessed } from './not-assessed.tsx';
import { Reboot } from './reboot.tsx';
import { ServiceChecks } from './service-checks.tsx';
import { Toolbar } from './toolbar.tsx';

/** The part of the page that answers to its reader: everything below what was said once and for all. */
export function App({ report }: { readonly report: ShownReport }): JSX.Element {
  const [choices, choose] = useChoices();
  const failed = useMemo(() => failures(report), [report]);
  const undecided = useMemo(() => findings(report, isUndecided), [report]);
  // The theme and the open host change nothing of what is filtered.
  const filters = [choices.search, choices.platform, choices.tag, choices.severities.join()];
  const shownFailures = useMemo(() => failed.filter((finding) => showsFinding(finding, choices)), [failed, ...filters]);
  const shownUndecided = useMemo(
    () => undecided.filter((finding) => showsFinding(finding, choices)),
    [undecided, ...filters],
  );
  const shownHosts = useMemo(() => report.hosts.filter((host) => showsHost(host, choices)), [report, ...filters]);
  const opened = report.hosts.find((host) => host.name === choices.host);
  return (
    <>
      <Toolbar
        report={report}
        all={failed}
        shown={shownFailures.length}
        hosts={shownHosts.length}
        choices={choices}
        choose={choose}
      />
      <div class="wide">
        <Failures report={report} all={failed} shown={shownFailures} choices={choices} choose={choose} />
        <NotAssessed hosts={shownHosts} undecided={shownUndecided} />
        <Reboot hosts={shownHosts} />
        <Checks report={report} hosts={shownHosts} choose={choose} />
        <ServiceChecks report={report} />
        <Legend report={report} />
      </div>
      {opened !== undefined && <HostDialog key={opened.name} report={report} host={opened} choose={choose} />}
    </>
  );
}
