import { icon } from './html-icons.ts';
import { bar, leftOut, names } from './html-parts.ts';
import { html, type Markup } from './markup.ts';
import { plural } from './plural.ts';
import type { ShownReport } from './shown.ts';
import { atRisk, vipStates, type VipState } from './vips.ts';

const vipsShown = 60;

/** Every VIP with how many of its backends are right, those with a hijack risk first. */
export function vipSection(report: ShownReport): Markup | undefined {
  const states = vipStates(report);
  if (states.length === 0) return undefined;
  const hidden = states.slice(vipsShown);
  return html`<section aria-labelledby="vips">
    <h2 id="vips">VIPs</h2>
    <ul class="board">
      ${states.slice(0, vipsShown).map(card)}
    </ul>
    ${leftOut(hidden.length, `VIPs, ${hidden.filter(atRisk).length} of them with a hijack risk`)}
  </section>`;
}

/** Which hosts would take which VIP; nothing where none would. */
export function hijackBanner(report: ShownReport): Markup | undefined {
  const risky = vipStates(report).filter(atRisk);
  if (risky.length === 0) return undefined;
  return html`<div class="banner">
    <p class="banner-title">${icon('critical')}<b>Hijack risk</b></p>
    <p>
      These hosts would answer an ARP request for the VIP, or announce it, right now. Traffic of every client may go to
      one of them, past the balancer.
    </p>
    <ul>
      ${risky.slice(0, vipsShown).map(({ service }) => html`<li><code>${service.vip}</code> ${service.name}: <b>${names(service.hijackRisk)}</b></li>`)}
    </ul>
    ${leftOut(risky.length - vipsShown, 'VIPs')}
  </div>`;
}

function card({ service, tone, compliant, failing, open }: VipState): Markup {
  const { hijackRisk, hijackUnknown } = service;
  return html`<li class="vip tone-${tone}">
    <p class="vip-name">${icon(tone)}<span>${service.name}</span><code>${service.vip}</code></p>
    <p class="vip-count"><b>${compliant}</b> of ${plural(service.backends.length, 'backend')} compliant</p>
    ${bar([
      { name: 'compliant', count: compliant },
      { name: 'non-compliant', count: failing },
      { name: 'not-assessed', count: open },
    ])}
    ${hijackRisk.length === 0 ? undefined : html`<p class="risk"><b>Hijack risk</b> ${names(hijackRisk)}</p>`}
    ${hijackUnknown.length === 0 ? undefined : html`<p class="muted">Risk not known: ${names(hijackUnknown)}</p>`}
    <p class="muted">${[service.method, ...service.ports].join(' · ')}</p>
  </li>`;
}
