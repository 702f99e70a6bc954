import type { Listener } from '../../contracts/snapshot.ts';
import { canonicalIp } from './identifier.ts';

// State words are translated; a listening TCP socket is the one whose peer has port 0, a UDP socket the one whose peer is *:*.
const socketLine = /^\s*(TCP|UDP)\s+(\S+):(\d{1,5})\s+(\S+):(\d{1,5}|\*)(?:\s|$)/i;

/** Reads the listening sockets of `netstat -an`. */
export function readNetstat(lines: readonly string[]): readonly Listener[] {
  return lines.flatMap((line) => {
    const match = socketLine.exec(line);
    if (match === null) return [];
    const [, protocol = '', local = '', port = '', peer = '', peerPort] = match;
    const address = canonicalIp(local.replace(/^\[(.*)\]$/, '$1'));
    const listens = protocol.toUpperCase() === 'UDP' ? peer === '*' : peerPort === '0';
    if (!listens || address === null || Number(port) > 65_535) return [];
    const kind = protocol.toUpperCase() === 'UDP' ? ('udp' as const) : ('tcp' as const);
    return [{ protocol: kind, ip: address.ip, port: Number(port), interface: null, onlyIpv6: null }];
  });
}
