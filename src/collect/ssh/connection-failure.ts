import { HostFailure, type Phase } from '../failure.ts';
import { quoteRemote } from '../remote-text.ts';
import { noKnownTypeFailure } from './host-key.ts';
import { plainKeys, type KnownHostKeys } from './known-hosts.ts';
import { shownOffer, type Offer } from './trace.ts';

/** An error as ssh2 raises it. */
export type Ssh2Error = Error & { readonly level?: string; readonly code?: string | number };

/** What is known of a connection when its handshake fails. */
export interface HandshakeState {
  readonly phase: Phase;
  readonly offer: Readonly<Offer>;
  readonly knownKeys: KnownHostKeys;
  readonly legacyAlgorithms: boolean;
  /** What came before the identification line, if anything. */
  readonly greeting: string;
}

const legacyAdvice =
  'It is probably an old SSH server: upgrade it, or set legacyAlgorithms: true for this host to allow SHA-1';

function noMatch(subject: string, offered: string | undefined, state: HandshakeState): HostFailure {
  const old =
    !state.legacyAlgorithms && /(?:^|,)(?:diffie-hellman-group14-sha1|hmac-sha1|ssh-rsa)(?:,|$)/.test(offered ?? '');
  const advice = old ? legacyAdvice : 'None of them is supported or safe to use here; upgrade the SSH server';
  return new HostFailure(
    'protocol',
    'key exchange',
    `no common ${subject}; the host offers ${shownOffer(offered)}. ${advice}`,
  );
}

function noCommonHostKey(state: HandshakeState): HostFailure {
  const offered = new Set(state.offer.hostKey?.split(','));
  // A known RSA key that the server can prove only with SHA-1 is an old server, not a changed one.
  if (offered.has('ssh-rsa') && plainKeys(state.knownKeys).some((line) => line.type === 'ssh-rsa')) {
    return noMatch('host-key signature', state.offer.hostKey, state);
  }
  return noKnownTypeFailure(state.knownKeys, shownOffer(state.offer.hostKey));
}

/** Turns the end of a handshake into the failure that the operator can act on. */
export function handshakeFailure(error: Ssh2Error, state: HandshakeState): HostFailure {
  const { phase, offer } = state;
  const text = error.message;
  if (text.startsWith('Handshake failed: no matching key exchange')) return noMatch('key exchange', offer.kex, state);
  if (text.startsWith('Handshake failed: no matching host key')) return noCommonHostKey(state);
  if (/^Handshake failed: no matching (?:C->S|S->C) cipher/i.test(text)) return noMatch('cipher', offer.cipher, state);
  if (/^Handshake failed: no matching (?:C->S|S->C) MAC/i.test(text)) return noMatch('MAC', offer.mac, state);
  if (phase === 'identification') {
    const lost = error.level === 'client-socket' || text === 'Connection lost before handshake';
    return lost ? turnedAway(state.greeting, error) : noIdentification(quoteRemote(text), state.greeting);
  }
  if (error.level === 'client-socket') {
    return new HostFailure('protocol', phase, `the connection broke (${error.code ?? text})`, { cause: error });
  }
  // A number is the reason code of SSH_MSG_DISCONNECT, and the text is the server's.
  if (typeof error.code !== 'number') {
    return new HostFailure('protocol', phase, `the SSH conversation failed (${quoteRemote(text)})`, { cause: error });
  }
  const reason = `the host disconnected (${quoteRemote(text)})`;
  return phase === 'authentication'
    ? new HostFailure('auth', phase, `${reason}. If it was offered many keys, name the right one with identityFile`, {
        cause: error,
      })
    : new HostFailure('protocol', phase, reason, { cause: error });
}

// OpenSSH drops connections at random above MaxStartups, with or without a word; "Not allowed at this time" is its
// PerSourcePenalties, which another try would only prolong.
function turnedAway(greeting: string, cause?: unknown): HostFailure {
  const reason = `the host closed the connection before its SSH identification${greetingText(greeting)}`;
  return new HostFailure('protocol', 'identification', reason, {
    cause,
    tryAgain: !greeting.startsWith('Not allowed'),
  });
}

/** The failure of a host that talks, but not SSH. */
export function noIdentification(why: string, greeting: string): HostFailure {
  return new HostFailure('protocol', 'identification', `this is not an SSH server (${why})${greetingText(greeting)}`);
}

/** The failure of a connection that ended without an error. */
export function closedFailure(state: HandshakeState): HostFailure {
  return state.phase === 'identification'
    ? turnedAway(state.greeting)
    : new HostFailure('protocol', state.phase, 'the host closed the connection');
}

function greetingText(greeting: string): string {
  return greeting === '' ? '' : `; it sent ${quoteRemote(greeting)}`;
}

/** The failure of a login that no key could open; `taken` says that the host did accept a key and its signature. */
export function loginFailure(
  user: string,
  offer: Readonly<Offer>,
  taken: boolean,
  notes: readonly string[],
): HostFailure {
  const accepted = `it accepts ${shownOffer(offer.login)}`;
  const reason = taken
    ? `the host took a key of ${user} and asks for more: ${accepted}. Only keys are supported`
    : `the host let ${user} in with none of the keys; ${accepted}. Only keys are supported: ` +
      "check user, identityFile and the host's authorized_keys";
  return new HostFailure('auth', 'authentication', [reason, ...notes].join('; '));
}

// ssh2 puts its own words before the server's.
function told(error: Error): string {
  const text = error.message.replace(/^\(SSH\) Channel open failure: ?/, '');
  return text === '' ? '' : ` (${quoteRemote(text)})`;
}

/** The failure of a host that opens no channel, or runs no command in it. */
export function refusedCommand(error: Error, phase: Phase): HostFailure {
  return new HostFailure('protocol', phase, `the host refused to run a command${told(error)}`, { cause: error });
}

/**
 * The failure of a jump host that opens no stream to a host behind it. RFC 4254, section 5.1: reason 2 is
 * SSH_OPEN_CONNECT_FAILED; the others say that the jump host does not forward.
 */
export function forwardFailure(error: Error & { readonly reason?: unknown }, place: string): HostFailure {
  const cause = { cause: error };
  return error.reason === 2
    ? new HostFailure('refused', 'tcp', `the jump host could not connect to ${place}${told(error)}`, cause)
    : new HostFailure('jump', 'jump', `the jump host does not forward to ${place}${told(error)}`, cause);
}
