import type { Phase } from '../failure.ts';
import { quoteRemote } from '../remote-text.ts';

/** What a server has said of itself, as far as it was seen: comma-separated names. */
export interface Offer {
  kex?: string;
  hostKey?: string;
  cipher?: string;
  mac?: string;
  /** Login methods that can go on, as of its last refusal. */
  login?: string;
}

/** How far a connection is, and what the server offered. For messages only: nothing is decided by it. */
export interface Trace {
  readonly phase: () => Phase;
  readonly offer: Readonly<Offer>;
  /** Sets the phases that only the caller can know. */
  readonly enter: (phase: Phase) => void;
  /** Takes a line of ssh2's debug output; everything in it but the few lines below is dropped at once. */
  readonly line: (text: string) => void;
}

const offers: readonly (readonly [prefix: string, name: keyof Offer])[] = [
  ['Handshake: (remote) KEX method: ', 'kex'],
  ['Handshake: (remote) Host key format: ', 'hostKey'],
  ['Handshake: (remote) C->S cipher: ', 'cipher'],
  ['Handshake: (remote) C->S MAC: ', 'mac'],
];

const refusal = 'Inbound: Received USERAUTH_FAILURE (';

/** ssh2 tells its progress only in debug lines (1.17.0); they begin with text of its own, so a server cannot forge one. */
export function createTrace(): Trace {
  const offer: Offer = {};
  let phase: Phase = 'identification';
  return {
    phase: () => phase,
    offer,
    enter(next) {
      phase = next;
    },
    line(text) {
      if (phase === 'identification' && text.startsWith('Remote ident:')) phase = 'key exchange';
      else if (phase === 'key exchange') {
        for (const [prefix, name] of offers) if (text.startsWith(prefix)) offer[name] = text.slice(prefix.length);
      } else if (phase === 'authentication' && text.startsWith(refusal)) {
        offer.login = text.slice(refusal.length, -1);
      } else if (phase === 'channel' && text.startsWith('Inbound: CHANNEL_OPEN_CONFIRMATION')) phase = 'exec';
    },
  };
}

/** Names of an offer, for a message; extensions that stand among the key exchanges are left out. */
export function shownOffer(list: string | undefined): string {
  const names = (list ?? '').split(',').filter((name) => !/^(?:ext-info|kex-strict)-/.test(name));
  return quoteRemote(names.join(', '), 400);
}
