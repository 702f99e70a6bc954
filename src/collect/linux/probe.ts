import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Host } from '../../inventory/model.ts';
import { evidenceNonce, type Probe } from '../platform.ts';
import { parseProbe } from './parse.ts';

/** What the probe is told; each value is checked before it is added to the constant text. */
export interface ProbeParameters {
  readonly nonce: string;
  /** IP addresses. */
  readonly vips: readonly string[];
  /** IP addresses of clients and load balancers. */
  readonly peers: readonly string[];
  /** Also run the commands that need root. */
  readonly privileged: boolean;
}

/** The probe's constant text: as a forced command it reads its parameters from standard input. */
export const linuxProbeText = readFileSync(new URL('probe.sh', import.meta.url), 'utf8');

/** The probe as it is sent: one line of checked parameters and the constant text. */
export function linuxProbeScript({ nonce, vips, peers, privileged }: ProbeParameters): string {
  if (!/^[a-z0-9]{8,64}$/.test(nonce)) throw new Error(`not a nonce: ${nonce}`);
  const words = [
    `nonce=${nonce}`,
    ...vips.map((ip) => addressWord('vip', ip)),
    ...peers.map((ip) => addressWord('peer', ip)),
    ...(privileged ? ['privileged=1'] : []),
  ];
  return `set -- ${words.join(' ')}\n${linuxProbeText}`;
}

function addressWord(key: 'vip' | 'peer', ip: string): string {
  if (isIP(ip) === 0 || ip.includes('%')) throw new Error(`not an IP address: ${ip}`);
  return `${key}=${ip}`;
}

/** The probe as an operator runs it by hand on any host, with vip=ADDRESS and peer=ADDRESS as its arguments. */
export const linuxEvidenceScript = `set -- nonce=${evidenceNonce} "$@"\n${linuxProbeText}`;

/** The Linux probe: POSIX sh on standard input, without privilege. */
export const linuxProbe: Probe = {
  platform: 'linux',
  argv: ['/bin/sh', '-s'],
  command: '/bin/sh -s',
  outputLimit: 2 * 1024 * 1024,
  script: (host, nonce) => linuxProbeScript({ nonce, ...addressesOf(host), privileged: host.privileged }),
  endMark: (nonce) => `@@${nonce} complete `,
  parse: (raw, host, nonce) => parseProbe(raw, nonce, addressesOf(host).vips),
};

function addressesOf(host: Host): Pick<ProbeParameters, 'vips' | 'peers'> {
  return {
    vips: [...new Set(host.bindings.map(({ vip }) => vip))],
    peers: [
      ...new Set(
        host.bindings.flatMap(({ client, loadBalancer }) => [
          ...(client === undefined ? [] : [client]),
          ...(loadBalancer?.addresses ?? []),
        ]),
      ),
    ],
  };
}
