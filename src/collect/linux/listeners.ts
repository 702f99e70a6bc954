import type { Listener } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { familyOf, ipOfWords } from './ip-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

// Netid State Recv-Q Send-Q Local:Port Peer:Port; an interface name holds no white space.
const socketLine =
  /^(tcp|udp) +(?:LISTEN|UNCONN) +[0-9]+ +[0-9]+ +([^ ]+):([0-9]{1,5}) +[^ ]+:(?:\*|[0-9]{1,5})(?: .*)?$/;

/** Reads `ss -lntu`, asked for one family at a time. */
export function readListeners(sections: Sections): readonly Listener[] {
  const listeners = ([4, 6] as const).flatMap((family) =>
    sections.lines(`listeners${family}`).flatMap((line, position) => {
      if (position === 0 && /^Netid +State +/.test(line)) return [];
      const [, protocol, local, port] = socketLine.exec(line) ?? [];
      const socket = local === undefined ? undefined : readLocal(local, family);
      if (socket === undefined || Number(port) > 65535) throw unexpected('ss', line);
      return [{ protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const), port: Number(port), ...socket }];
    }),
  );
  return listeners.sort(byPort);
}

/** The kernel lists sockets in the order of a hash that differs from one boot to the next. */
function byPort(a: Listener, b: Listener): number {
  return a.port - b.port || (rest(a) < rest(b) ? -1 : 1);
}

function rest({ protocol, ip, interface: device }: Listener): string {
  return `${protocol} ${ip} ${device}`;
}

/** 0.0.0.0, 127.0.0.53%lo, [::], [fe80::1]%eth0, *; and of old versions :::, ::1 and, for IPv4, *. */
function readLocal(text: string, family: 4 | 6): Pick<Listener, 'ip' | 'interface' | 'onlyIpv6'> | undefined {
  const [, address = '', name] = /^(\[[^\]]*\]|[^%]*)(?:%(.{1,64}))?$/.exec(text) ?? [];
  const bare = /^\[(.*)\]$/.exec(address)?.[1];
  const ip = bare ?? address;
  const device = name ?? null;
  if (ip === '*') {
    // Old versions print the wildcard of either family so; new ones only the dual-stack one of IPv6.
    return family === 4
      ? { ip: '0.0.0.0', interface: device, onlyIpv6: null }
      : { ip: '*', interface: device, onlyIpv6: false };
  }
  if (familyOf(ip) !== family) return undefined;
  // Versions that print brackets print the dual-stack wildcard as *.
  return { ip, interface: device, onlyIpv6: ip === '::' && bare !== undefined ? true : null };
}

const procLine =
  /^\/proc\/net\/(tcp|udp)(6?): *[0-9]+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]{8,32}:[0-9A-F]{4} (0A|07) /;

/** Reads /proc/net/{tcp,tcp6,udp,udp6}, for hosts without ss. They do not tell a dual-stack wildcard from one of IPv6 alone. */
export function readSockets(sections: Sections, littleEndian: boolean | undefined): readonly Listener[] {
  // 1: there is no such socket; 2: a host without IPv6 lacks two of the files.
  const lines = sections.lines('sockets', [0, 1, 2]);
  const listeners = lines.flatMap((line) => {
    const [, protocol, six, address, port, state] = procLine.exec(line) ?? [];
    if (address === undefined || port === undefined || (address.length === 32) !== (six === '6')) {
      throw unexpected('/proc/net', line);
    }
    // The pattern of the probe also finds UDP sockets in state 0A and TCP sockets in state 07: none listens.
    if ((protocol === 'tcp') !== (state === '0A')) return [];
    if (littleEndian === undefined) throw new UnreadableOutput('the byte order of this machine is not known');
    return [
      {
        protocol: protocol === 'udp' ? ('udp' as const) : ('tcp' as const),
        ip: ipOfWords(address, littleEndian),
        port: Number.parseInt(port, 16),
        interface: null,
        onlyIpv6: null,
      },
    ];
  });
  return listeners.sort(byPort);
}

function unexpected(source: string, line: string): UnreadableOutput {
  return new UnreadableOutput(`unexpected line of ${source}: ${quoteRemote(line)}`);
}
