import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ArpPacket, captureArp } from './capture.ts';
import { attempt, run } from './command.ts';
import { createFolder, inside, removeFolder } from './namespace.ts';
import { type Segment, type Specimen, plan } from './specimen.ts';

/** What the kernel did about one VIP when it was asked, and when traffic was caused. */
export interface VipTruth {
  readonly vip: string;
  /** Interfaces of the backend that answered a request for the VIP, sorted. */
  readonly answeredOn: readonly string[];
  /** Interfaces that sent a request with the VIP as the sender, on ways that the backend's own routes chose, sorted. */
  readonly announcedOn: readonly string[];
  /** Who was answered, as SEGMENT<ASKER; 0.0.0.0 is the probe of RFC 5227. */
  readonly answered: readonly string[];
  /** Whom the backend asked for in the VIP's name, as SEGMENT>TARGET. */
  readonly asked: readonly string[];
  /** Packets to the VIP, sent to the MAC of eth0, were answered from the VIP; null for IPv6, where it is not measured. */
  readonly isAccepted: boolean | null;
}

/** What a specimen did. */
export interface Truth {
  readonly vips: readonly VipTruth[];
  /** The real address answered an ARP request of the balancer on eth0. */
  readonly isRipAnswered: boolean;
}

/** Neighbours of every subnet that configurations use, the gateways, somebody from nowhere, and the probe of RFC 5227. */
const askers = ['0.0.0.0', ...plan.balancers, plan.gateway, '10.78.0.1', '10.77.0.101', '203.0.113.5', '192.0.2.1'];

/**
 * Destinations of the backend's own traffic. Configurations nest prefixes of 8 to 32 around 10.77.0.11, 10.78.0.11 and the
 * VIPs; of any two nested ones there is a destination in the wider only. Gateways, and VIPs that the backend lacks, may have
 * routes of their own; the last three are behind a gateway or nowhere.
 */
const targets = [
  plan.gateway,
  '10.78.0.1',
  '10.77.0.100',
  '10.77.0.120',
  '10.78.0.100',
  '203.0.113.10',
  ...[2, 30, 66, 101, 102, 110, 121, 122, 126, 140, 200].map((last) => `10.77.0.${last}`),
  '10.77.1.66',
  '10.77.9.66',
  '10.77.99.66',
  '10.70.0.66',
  '10.99.0.66',
  ...[2, 30, 66, 101, 102, 110, 126, 200].map((last) => `10.78.0.${last}`),
  '10.78.9.66',
  ...[1, 9, 11, 14, 30, 66, 200].map((last) => `203.0.113.${last}`),
  '203.0.99.66',
  plan.client,
  '192.0.2.77',
];

/** Asks many specimens of one observer at the same time; silence counts only where the link is proven to work in the same run. */
export async function measure(specimens: readonly Specimen[]): Promise<readonly Truth[]> {
  const [first] = specimens;
  if (first === undefined) return [];
  const folder = createFolder();
  try {
    const speakers = await Promise.all(specimens.map(readSpeakers));
    const capture = await captureArp(first.observer);
    // Traffic first: who asks the host makes himself known, and it then need not ask for him.
    await Promise.all(specimens.map((specimen) => run(inside(specimen.backend, '/bin/sh'), traffic(specimen))));
    const script = (await Promise.all(specimens.map((each) => questions(each, folder)))).flat();
    await run(inside(first.observer, '/bin/sh'), `${script.join('\n')}\nwait\n`);
    const packets = await capture.stop();
    const truths = specimens.map((specimen, index) => read(specimen, speakers[index] ?? new Map(), folder, packets));
    await Promise.all(specimens.filter((_, index) => truths[index]?.isRipAnswered !== true).map(proveLinks));
    return truths;
  } finally {
    removeFolder(folder);
  }
}

/** The interface that speaks for each MAC: a port of a bridge has lent its own to the bridge. */
async function readSpeakers({ backend }: Specimen): Promise<ReadonlyMap<string, string>> {
  const lines = await run(inside(backend, 'ip', '-o', 'link', 'show'));
  return new Map(
    lines.split('\n').flatMap((line) => {
      const [, name, mac] = /^\d+: ([^:@]+).* link\/ether (\S+)/.exec(line) ?? [];
      return name === undefined || mac === undefined || line.includes(' master ') ? [] : [[mac, name] as const];
    }),
  );
}

function answerFile(segment: Segment, asker: string, address: string): string {
  return `${segment.observerInterface}-${asker}-${address}`;
}

/** Lines of a shell script that asks everything at once: the waits for silence are what takes time. */
async function questions({ segments, configuration, backend }: Specimen, folder: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const ask = (segment: Segment, asker: string, address: string): void => {
    const how = asker === '0.0.0.0' ? '-D' : `-b -s ${asker}`;
    const file = join(folder, answerFile(segment, asker, address));
    lines.push(`arping ${how} -c 2 -w 2 -I ${segment.observerInterface} ${address} >${file} &`);
  };
  const solicit = ({ observerInterface: device }: Segment, vip: string): void => {
    lines.push(`ip -6 route append ${vip} dev ${device}`);
    lines.push(`ping -6 -n -c 1 -w 2 -i 0.5 -I ${device} ${vip} >/dev/null &`);
  };
  for (const segment of segments) {
    for (const vip of configuration.vips) {
      if (isIpv4(vip)) for (const asker of askers) ask(segment, asker, vip);
      else solicit(segment, vip);
    }
    ask(segment, plan.balancers[0], plan.rip);
  }
  const [first] = segments;
  if (first === undefined) throw new Error(`${configuration.title}: no segment`);
  const device = first.observerInterface;
  const mac = (await run(inside(backend, 'cat', `/sys/class/net/${first.interface}/address`))).trim();
  for (const vip of configuration.vips.filter(isIpv4)) {
    const file = join(folder, answerFile(first, 'ping', vip));
    lines.push(`ip neigh replace ${vip} lladdr ${mac} dev ${device} nud permanent`);
    lines.push(`ping -n -c 1 -w 2 -i 0.3 -I ${device} -I ${plan.peer} ${vip} >${file} &`);
  }
  return lines;
}

/** Connections of the host's own, from its real address and from each VIP, to neighbours that nobody has resolved. */
function traffic({ configuration }: Specimen): string {
  const urls = targets.map((target) => `http://${target}/`).join(' ');
  return [...[...configuration.vips.filter(isIpv4), plan.rip].map((source) => `--interface ${source}`), '']
    .map((source) => `curl -s -m 1 -Z --parallel-max 64 ${source} ${urls}; ip neigh flush all 2>/dev/null`)
    .join('\n');
}

function read(
  { configuration, segments }: Specimen,
  speakers: ReadonlyMap<string, string>,
  folder: string,
  packets: readonly ArpPacket[],
): Truth {
  const text = (segment: Segment, asker: string, address: string): string =>
    readFileSync(join(folder, answerFile(segment, asker, address)), 'utf8');
  const interfaceOf = new Map(segments.map((segment) => [segment.observerInterface, segment.interface]));
  const own = packets.filter((packet) => interfaceOf.has(packet.interface));
  const [first] = segments;
  return {
    vips: configuration.vips.map((vip) => {
      const claims = own.filter(({ sender }) => sender === vip);
      const devices = (kind: ArpPacket['kind']): readonly string[] =>
        sortedOnce(claims.filter((each) => each.kind === kind).map(({ mac }) => speakers.get(mac) ?? mac));
      const requests = claims.filter(({ kind }) => kind === 'request');
      return {
        vip,
        answeredOn: devices('reply'),
        announcedOn: devices('request'),
        answered: segments.flatMap((segment) =>
          (isIpv4(vip) ? askers : [])
            .filter((asker) => repliers(text(segment, asker, vip)).length > 0)
            .map((asker) => `${segment.interface}<${asker}`),
        ),
        asked: sortedOnce(requests.map(({ interface: name, target }) => `${interfaceOf.get(name)}>${target}`)),
        isAccepted:
          !isIpv4(vip) || first === undefined ? null : text(first, 'ping', vip).includes(`bytes from ${vip}:`),
      };
    }),
    isRipAnswered: first !== undefined && repliers(text(first, plan.balancers[0], plan.rip)).length > 0,
  };
}

function isIpv4(vip: string): boolean {
  return !vip.includes(':');
}

function sortedOnce(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}

/** The MACs that answered, from arping's own words; its exit code means different things in different versions. */
export function repliers(output: string): readonly string[] {
  const macs = [...output.matchAll(/reply from \S+ \[([0-9A-F:]{17})\]/gi)].map(([, mac = '']) => mac.toLowerCase());
  return [...new Set(macs)];
}

/** Where the real address was silent: makes the backend answer for a control address, so that silence was the configuration's doing. */
async function proveLinks({ backend, observer, segments, configuration }: Specimen): Promise<void> {
  await run(
    inside(backend, '/bin/sh'),
    `for file in /proc/sys/net/ipv4/conf/*/arp_ignore; do echo 0 >$file; done
     ip addr add 10.77.9.9/32 dev lo
     for link in /sys/class/net/*; do ip link set dev \${link##*/} up arp on 2>/dev/null; done
     nft flush ruleset`,
  );
  for (const { observerInterface } of segments) {
    const command = ['arping', '-D', '-c', '2', '-w', '2', '-I', observerInterface, '10.77.9.9'];
    const { stdout } = await attempt(inside(observer, ...command));
    if (repliers(stdout).length === 0) {
      throw new Error(`${configuration.title}: the link of ${observerInterface} is dead; nothing was measured`);
    }
  }
}
