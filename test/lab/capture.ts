import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Namespace, inside } from './namespace.ts';

/** An ARP packet that was seen; or a neighbour advertisement of IPv6, as a reply. */
export interface ArpPacket {
  readonly kind: 'request' | 'reply';
  /** The interface of the observer that it arrived on. */
  readonly interface: string;
  /** Source of the frame, lower case. */
  readonly mac: string;
  /** Sender address; 0.0.0.0 in a probe. */
  readonly sender: string;
  /** The address that is asked for; empty in a reply, where tcpdump does not print it. */
  readonly target: string;
}

/** A running capture. */
export interface Capture {
  /** Ends the capture and returns what it saw; throws when the kernel dropped any packet. */
  stop(): Promise<readonly ArpPacket[]>;
}

// Immediate mode: in its default mode libpcap divides the buffer into so few blocks that a burst is lost.
const filter = 'inbound and (arp or (icmp6 and ip6[40] = 136))';
const options = '-n -e -l -s 128 --immediate-mode -B 8192 -i any'.split(' ');

/** Captures the ARP packets that arrive on any interface of a namespace; resolves when it listens. */
export async function captureArp(namespace: Namespace): Promise<Capture> {
  const command = inside(namespace, 'tcpdump', ...options, filter);
  const tcpdump = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  tcpdump.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const closed = once(tcpdump, 'close');
  await new Promise<void>((resolve, reject) => {
    tcpdump.on('error', reject);
    tcpdump.on('close', () => reject(new Error(`tcpdump ended: ${complaints}`)));
    tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
      if (complaints.includes('listening on')) resolve();
    });
  });
  return {
    async stop() {
      tcpdump.kill('SIGINT');
      await closed;
      if (!/^0 packets dropped by kernel/m.test(complaints)) throw new Error(`tcpdump lost packets: ${complaints}`);
      return output.split('\n').flatMap(parsePacket);
    },
  };
}

/** Reads a line of `tcpdump -n -e -i any`: time, interface, direction, ifindex, source MAC, then the packet; no packet in it is an empty list. */
export function parsePacket(line: string): readonly ArpPacket[] {
  const [, arrivedOn, mac, packet] =
    /^\S+ (\S+) +(?:In|B|M) +ifindex \d+ ([0-9a-f:]{17}) [^:]*\(0x(?:0806|86dd)\), length \d+: (.*)$/.exec(line) ?? [];
  if (arrivedOn === undefined || mac === undefined || packet === undefined) return [];
  const [, target, asker] = /^Request who-has (\S+)(?: \(\S+\))? tell (\S+),/.exec(packet) ?? [];
  if (target !== undefined && asker !== undefined) {
    return [{ kind: 'request', interface: arrivedOn, mac, sender: asker, target }];
  }
  const [, owner] =
    /^Reply (\S+) is-at |neighbor advertisement, tgt is ([0-9a-f:]+),/.exec(packet)?.filter(Boolean) ?? [];
  return owner === undefined ? [] : [{ kind: 'reply', interface: arrivedOn, mac, sender: owner, target: '' }];
}
