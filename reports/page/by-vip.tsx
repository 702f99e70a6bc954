import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { plural } from '../../src/report/plural.ts';
import { gravest, ownerOf, rank, type Finding, type ShownReport, type ShownService } from '../../src/report/shown.ts';
import { ByRule } from './by-rule.tsx';
import { Fold, More, SeverityMark } from './parts.tsx';

/** Failures by VIP, the VIP with the gravest one first. */
export function ByVip({
  report,
  findings,
}: {
  readonly report: ShownReport;
  readonly findings: readonly Finding[];
}): JSX.Element {
  const groups = useMemo(
    () =>
      report.services
        .map((service) => ({ service, group: findings.filter(concerns(service)) }))
        .filter(({ group }) => group.length > 0)
        .sort((a, b) => rank(gravest(a.group)) - rank(gravest(b.group)) || b.group.length - a.group.length),
    [report, findings],
  );
  return (
    <More items={groups} step={30} what="VIPs">
      {({ service, group }, index) => (
        <Fold
          key={`${service.name} ${service.vip}`}
          class={`card edge-${gravest(group)}`}
          open={index === 0}
          summary={
            <>
              <SeverityMark severity={gravest(group)} />
              <h3>
                {service.name} <code>{service.vip}</code>
              </h3>
              <span class="count">
                {service.compliant.length} of {plural(service.backends.length, 'backend')} compliant
              </span>
            </>
          }
        >
          {() => (
            <>
              {service.hijackRisk.length > 0 && (
                <p class="risk">
                  <b>Hijack risk</b> {service.hijackRisk.join(', ')}
                </p>
              )}
              <ByRule findings={group} level={4} />
            </>
          )}
        </Fold>
      )}
    </More>
  );
}

/** Failures of a backend's host as a whole, or of an interface, concern every VIP of it; see how compliant backends are counted. */
function concerns(service: ShownService): (finding: Finding) => boolean {
  const backends = new Set(service.backends);
  return (finding) =>
    finding.service === undefined
      ? backends.has(ownerOf(finding)) && (finding.result.vip === undefined || finding.result.vip === service.vip)
      : finding.service === service;
}
