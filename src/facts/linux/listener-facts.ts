import type { Evidence } from '../../contracts/report.ts';
import type { Listener } from '../../contracts/snapshot.ts';
import type { Port } from '../backend.ts';
import { parseIp, sameIp } from '../ip.ts';
import type { Derived, DerivedFacts, FactDefinitions } from '../subject.ts';
import { derived } from '../derived.ts';
import { firewallVerdict } from './firewall.ts';
import { type LinuxHost, portName, type VipPlan } from './linux-host.ts';

/** The facts of one VIP and port on a Linux host. */
export const linuxListenerFacts = new Map([
  ['protocol', { schema: { enum: ['tcp', 'udp'] }, meaning: 'Protocol of the port.' }],
  [
    'listening',
    {
      schema: { type: 'boolean' },
      meaning:
        'A socket takes what comes for the VIP and port: bound to the VIP or to every address; with REDIRECT, to the host’s own address or to every address.',
    },
  ],
  ['boundToVip', { schema: { type: 'boolean' }, meaning: 'A socket is bound to the VIP itself.' }],
  [
    'onOwnAddress',
    {
      schema: { type: 'boolean' },
      meaning: 'A socket on the port takes what comes for the address of the host itself.',
    },
  ],
  [
    'firewall',
    {
      schema: { enum: ['accepts', 'drops'] },
      meaning: 'What the packet filters do with the first packet of a client to the VIP and port.',
    },
  ],
] as const) satisfies FactDefinitions;

type Name = typeof linuxListenerFacts extends ReadonlyMap<infer Key extends string, unknown> ? Key : never;

type Takes = 'yes' | 'no' | 'cannot tell';

/** The facts of one VIP and port. */
export function linuxListener(host: LinuxHost, vip: VipPlan, port: Port): DerivedFacts<Name> {
  const own = host.ownAddress;
  return {
    protocol: derived(port.protocol),
    listening: () =>
      vip.method === 'redirect'
        ? own === undefined
          ? { notapplicable: 'the inventory gives no address of the host, to which REDIRECT leads' }
          : anySocket(host, port, (socket) => takes(host, socket, own))
        : anySocket(host, port, (socket) => takes(host, socket, vip.ip)),
    boundToVip: () => anySocket(host, port, (socket) => (isBoundTo(socket, vip.ip) ? 'yes' : 'no')),
    onOwnAddress: () =>
      own === undefined || own.family !== vip.ip.family
        ? { notapplicable: `the inventory gives no IPv${vip.ip.family} address of the host` }
        : anySocket(host, port, (socket) => takes(host, socket, own)),
    firewall: () => firewallVerdict(host, vip, port),
  };
}

function isBoundTo(socket: Listener, ip: VipPlan['ip']): boolean {
  const bound = parseIp(socket.ip);
  return bound !== undefined && sameIp(bound, ip);
}

/** Whether a socket takes what comes for an address from the network. */
function takes(host: LinuxHost, socket: Listener, ip: VipPlan['ip']): Takes {
  if (socket.interface !== null && !isNetworkInterface(host, socket.interface)) return 'no';
  if (isBoundTo(socket, ip) || socket.ip === '*') return 'yes';
  if (ip.family === 4 && socket.ip === '0.0.0.0') return 'yes';
  if (socket.ip !== '::') return 'no';
  if (ip.family === 6) return 'yes';
  // Dual-stack unless IPV6_V6ONLY, which only newer versions of ss print.
  if (socket.onlyIpv6 === null) return 'cannot tell';
  return socket.onlyIpv6 ? 'no' : 'yes';
}

function isNetworkInterface({ ingress }: LinuxHost, name: string): boolean {
  return 'missing' in ingress || ingress.value.some((each) => each.name === name);
}

function anySocket(host: LinuxHost, port: Port, test: (socket: Listener) => Takes): Derived<boolean> {
  const { listeners } = host.facts;
  if ('missing' in listeners) return listeners;
  const sockets = listeners.value.filter((socket) => socket.protocol === port.protocol && socket.port === port.number);
  const serving = sockets.find((socket) => test(socket) === 'yes');
  if (serving !== undefined) return { value: true, evidence: [evidenceOf(serving)] };
  const doubtful = sockets.find((socket) => test(socket) === 'cannot tell');
  if (doubtful !== undefined) {
    return { unknown: `the host reported a socket on [::]:${port.number} and not whether it takes IPv4 too` };
  }
  const nothing = { source: 'ss -lntu', text: `nothing listens on ${portName(port)}` };
  return { value: false, evidence: sockets.length === 0 ? [nothing] : sockets.slice(0, 8).map(evidenceOf) };
}

function evidenceOf(socket: Listener): Evidence {
  const device = socket.interface === null ? '' : `%${socket.interface}`;
  const address = socket.ip.includes(':') ? `[${socket.ip}]` : socket.ip;
  return { source: 'ss -lntu', text: `${socket.protocol} ${address}${device}:${socket.port}` };
}
