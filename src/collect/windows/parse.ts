import type { WindowsFacts } from '../../contracts/snapshot.ts';
import { missing } from '../../facts/fact.ts';
import type { ProbeResult } from '../platform.ts';
import { readAddressFacts } from './address-facts.ts';
import { readCommandFacts } from './command-facts.ts';
import { readConnectionFacts } from './connection-facts.ts';
import { type CollectorDocument, readDocument } from './document.ts';
import { readFirewallFacts } from './firewall-facts.ts';
import { readFrame } from './framing.ts';
import { readHostFacts } from './host-facts.ts';
import { ownersOf, readInterfaces } from './interface-facts.ts';
import { readIpInterfaceFacts } from './ip-interface-facts.ts';
import { oneLine } from './notes.ts';
import { readRouteFacts } from './route-facts.ts';
import { readServiceFacts } from './service-facts.ts';

/** Facts from what a Windows host printed, whichever tier printed it. */
export function parseWindows(raw: string, nonce: string): ProbeResult {
  const frame = readFrame(raw, nonce);
  if ('incomplete' in frame) return frame;
  if (frame.tier === 'cmd') return { windows: withinBounds(readCommandFacts(frame.steps, frame.shell)) };
  const document = readDocument(frame.json);
  return 'invalid' in document ? { incomplete: document.invalid } : { windows: withinBounds(readFacts(document)) };
}

function readFacts(document: CollectorDocument): WindowsFacts {
  const owners = ownersOf(document);
  const host = readHostFacts(document);
  const major = 'value' in host.version ? host.version.value.major : null;
  return {
    collectorVersion: 1,
    tier: 'powershell',
    ...host,
    interfaces: readInterfaces(document),
    ...readAddressFacts(document, owners),
    ...readRouteFacts(document, owners),
    ...readIpInterfaceFacts(document, major, owners),
    ...readConnectionFacts(document, owners),
    ...readFirewallFacts(document),
    ...readServiceFacts(document),
    notes: document.notes.map(({ step, error }) => ({ step: step.slice(0, 128), error: oneLine(error, 1024) })),
  };
}

/** Entries of one list that the snapshot takes. */
const mostEntries = 20_000;

// A list that is cut would not be complete: what is too long is missing.
function withinBounds(facts: WindowsFacts): WindowsFacts {
  const entries = Object.entries(facts).map(([name, fact]: [string, unknown]) => {
    const tooLong =
      fact instanceof Object && 'value' in fact && Array.isArray(fact.value) && fact.value.length > mostEntries;
    return [name, tooLong ? missing(`more than ${mostEntries} entries`) : fact];
  });
  return Object.fromEntries(entries) as WindowsFacts;
}
