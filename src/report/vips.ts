import type { Tone } from './meaning.ts';
import type { ShownReport, ShownService } from './shown.ts';

/** A VIP of a service and how its backends are. */
export interface VipState {
  readonly service: ShownService;
  readonly tone: Tone;
  /** Numbers of backends: compliant, failing, and not known to be either. */
  readonly compliant: number;
  readonly failing: number;
  readonly open: number;
}

/** Every VIP; those with a hijack risk first, then those with a failing backend, then those not known, then the good ones. */
export function vipStates(report: ShownReport): readonly VipState[] {
  const verdicts = new Map(report.hosts.map((host) => [host.name, host.verdict]));
  const states = report.services.map((service): VipState => {
    const good = new Set(service.compliant);
    const compliant = service.backends.filter((name) => good.has(name)).length;
    const failing = service.backends.filter((name) => !good.has(name) && verdicts.get(name) === 'non-compliant').length;
    const open = service.backends.length - compliant - failing;
    const bad = failing > 0 || service.hijackRisk.length > 0;
    const tone = bad ? 'bad' : open === 0 && compliant > 0 ? 'good' : 'open';
    return { service, tone, compliant, failing, open };
  });
  return states.sort((a, b) => urgency(a) - urgency(b));
}

/** Whether some backend would answer or announce ARP for the VIP. */
export function atRisk({ service }: VipState): boolean {
  return service.hijackRisk.length > 0;
}

function urgency(state: VipState): number {
  if (atRisk(state)) return 0;
  return ['bad', 'open', 'good'].indexOf(state.tone) + 1;
}
