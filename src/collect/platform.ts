import type { LinuxFacts, WindowsFacts } from '../contracts/snapshot.ts';
import type { Host } from '../inventory/model.ts';

/**
 * What a platform supplies: one read-only script, sent on standard input so that no login shell's quoting rules apply,
 * and the parser of its output. Both are pure; the transports carry the bytes.
 */
export interface Probe {
  readonly platform: 'linux' | 'windows';
  /** What runs the script that comes on its standard input: program and arguments for spawn, constant. */
  readonly argv: readonly [string, ...string[]];
  /** The same as one constant command line, for SSH's exec request. */
  readonly command: string;
  /** Bytes of standard output after which the host is given up (kind output-cap). */
  readonly outputLimit: number;
  /**
   * The whole of standard input: constant text, preceded by the nonce and validated literals of the host's bindings.
   * The nonce matches /^[a-z0-9]{8,64}$/ and stands in every mark of the output, so that a login shell's noise cannot forge one.
   */
  script(host: Host, nonce: string): string;
  /**
   * How the last line of a complete output begins. The transports stop as soon as a line that begins so has been
   * ended by a newline; they do not wait for the host to close the channel.
   */
  endMark(nonce: string): string;
  /** Facts from the output, which may begin with anything a login shell prints. Never throws because of what a host said. */
  parse(raw: string, host: Host, nonce: string): ProbeResult;
  /** Other ways to the same facts, tried in turn when a host answers without the end mark: its login shell cannot run this one. */
  readonly alternatives?: readonly Probe[];
}

/** Facts, or the sentence that says why the output cannot be used as a whole (kind probe-incomplete). */
export type ProbeResult =
  { readonly linux: LinuxFacts } | { readonly windows: WindowsFacts } | { readonly incomplete: string };

/** The probe of each platform. */
export type Probes = { readonly [platform in Host['platform']]: Probe };

/** The nonce of a script that an operator runs by hand: fixed, since the file may be read long after. */
export const evidenceNonce = 'evidence';
