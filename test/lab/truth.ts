import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { captureArp, type Request } from './capture.ts';
import { attempt, run } from './command.ts';
import { createFolder, inside, removeFolder } from './namespace.ts';
import { type Segment, type Specimen, plan } from './specimen.ts';

/** What the kernel did about one VIP when it was asked, and when traffic was caused. */
export interface VipTruth {
  readonly vip: string;
  /** ARP requests for the VIP that were answered. */
  readonly answers: readonly Answer[];
  /** ARP requests that the backend sent with the VIP as the sender, in traffic that its own routes chose the way of. */
  readonly announcements: readonly Request[];
  /** Packets to the VIP, sent to the MAC of a network interface, were answered from the VIP. */
  readonly acceptedOn: readonly Segment['interface'][];
}

/** An answered ARP request. */
export interface Answer {
  readonly segment: Segment['interface'];
  /** Sender address of the request; 0.0.0.0 is the probe of RFC 5227. */
  readonly asker: string;
  /** Lower case. */
  readonly macs: readonly string[];
}

/** What a specimen did. */
export interface Truth {
  readonly vips: readonly VipTruth[];
  /** The real address answered an ARP request of the balancer on eth0. */
  readonly ripAnswered: boolean;
  /** The MACs of the backend's interfaces by name. */
  readonly macs: ReadonlyMap<string, string>;
}

/** Neighbours of every subnet that configurations use, the gateways, somebody from nowhere, and the probe of RFC 5227. */
const askers = ['0.0.0.0', ...plan.balancers, plan.gateway, '10.78.0.1', '10.77.0.101', '203.0.113.5', '192.0.2.1'];
/**
 * Destinations that nobody has. Configurations nest prefixes of 8 to 32 around 10.77.0.11, 10.78.0.11 and the VIPs; of
 * any two nested ones there is a destination in the wider only. The last two are behind a gateway or nowhere.
 */
const targets = [
  ...[2, 30, 66, 101, 102, 110, 121, 122, 126, 140, 200].map((last) => `10.77.0.${last}`),
  ...['10.77.1.66', '10.77.9.66', '10.77.99.66', '10.70.0.66', '10.99.0.66'],
  ...[2, 30, 66, 101, 102, 110, 126, 200].map((last) => `10.78.0.${last}`),
  ...[1, 9, 11, 14, 30, 66, 200].map((last) => `203.0.113.${last}`),
  ...['203.0.99.66', plan.client, '192.0.2.77'],
];

/** Asks many specimens of one observer at the same time; silence counts only where the link is proven to work in the same run. */
export async function measure(specimens: readonly Specimen[]): Promise<readonly Truth[]> {
  const [first] = specimens;
  if (first === undefined) return [];
  const folder = createFolder();
  try {
    const capture = await captureArp(first.observer);
    const macs = await Promise.all(specimens.map(readMacs));
    await Promise.all([
      run(inside(first.observer, '/bin/sh'), questions(specimens, macs, folder)),
      ...specimens.map((specimen) => run(inside(specimen.backend, '/bin/sh'), traffic(specimen))),
    ]);
    const requests = await capture.stop();
    const truths = specimens.map((specimen, index) => read(specimen, macs[index] ?? new Map(), folder, requests));
    await proveLinks(specimens.filter((_, index) => truths[index]?.ripAnswered !== true));
    return truths;
  } finally {
    removeFolder(folder);
  }
}

async function readMacs(specimen: Specimen): Promise<ReadonlyMap<string, string>> {
  const lines = await run(inside(specimen.backend, '/bin/sh', '-c', 'grep "" /dev/null /sys/class/net/*/address'));
  return new Map(
    lines.split('\n').flatMap((line) => {
      const [, name, mac] = /net\/([^/]+)\/address:(\S+)$/.exec(line) ?? [];
      return name === undefined || mac === undefined ? [] : [[name, mac] as const];
    }),
  );
}

function answerFile(segment: Segment, asker: string, address: string): string {
  return `${segment.observerInterface}-${asker}-${address}`;
}

/** One shell script that asks everything at once: the waits for silence are what takes time. */
function questions(
  specimens: readonly Specimen[],
  macs: readonly ReadonlyMap<string, string>[],
  folder: string,
): string {
  const lines = specimens.flatMap(({ segments, configuration }, index) =>
    segments.flatMap((segment) => {
      const arping = (asker: string, address: string): string =>
        `arping ${asker === '0.0.0.0' ? '-D' : `-b -s ${asker}`} -c 2 -w 2 -I ${segment.observerInterface} ${address} >${join(folder, answerFile(segment, asker, address))} &`;
      const ping = (vip: string): string[] => [
        `ip neigh replace ${vip} lladdr ${macs[index]?.get(segment.interface)} dev ${segment.observerInterface} nud permanent`,
        `ping -n -c 2 -i 0.5 -W 1 -I ${segment.observerInterface} -I ${plan.peer} ${vip} >${join(folder, answerFile(segment, 'ping', vip))} &`,
      ];
      return [
        ...configuration.vips.flatMap((vip) => [...askers.map((asker) => arping(asker, vip)), ...ping(vip)]),
        arping(plan.balancers[0], plan.rip),
      ];
    }),
  );
  return [...lines, 'wait'].join('\n');
}

/** Connections of the host's own and connections from each VIP, to neighbours that nobody has resolved. */
function traffic({ configuration }: Specimen): string {
  const urls = targets.map((target) => `http://${target}/`).join(' ');
  return [...configuration.vips.map((vip) => `--interface ${vip}`), '']
    .map((source) => `curl -s -m 0.4 -Z --parallel-max 64 ${source} ${urls}; ip neigh flush all 2>/dev/null`)
    .join('\n');
}

function read(
  { configuration, segments }: Specimen,
  macs: ReadonlyMap<string, string>,
  folder: string,
  requests: readonly Request[],
): Truth {
  const text = (segment: Segment, asker: string, address: string): string =>
    readFileSync(join(folder, answerFile(segment, asker, address)), 'utf8');
  const answers = (address: string): Answer[] =>
    segments.flatMap((segment) =>
      askers.flatMap((asker) => {
        const found = repliers(text(segment, asker, address));
        return found.length === 0 ? [] : [{ segment: segment.interface, asker, macs: found }];
      }),
    );
  const [first] = segments;
  return {
    vips: configuration.vips.map((vip) => ({
      vip,
      answers: answers(vip),
      announcements: requests.filter(
        ({ sender, interface: name }) => sender === vip && segments.some((each) => each.observerInterface === name),
      ),
      acceptedOn: segments
        .filter((segment) => text(segment, 'ping', vip).includes(`bytes from ${vip}:`))
        .map((segment) => segment.interface),
    })),
    ripAnswered: first !== undefined && repliers(text(first, plan.balancers[0], plan.rip)).length > 0,
    macs,
  };
}

/** The MACs that answered, from arping's own words; its exit code means different things in different versions. */
export function repliers(output: string): readonly string[] {
  const macs = [...output.matchAll(/reply from \S+ \[([0-9A-F:]{17})\]/gi)].map(([, mac = '']) => mac.toLowerCase());
  return [...new Set(macs)];
}

/** Where the real address was silent: makes the backend answer for a control address, so that silence was the configuration's doing. */
async function proveLinks(specimens: readonly Specimen[]): Promise<void> {
  await Promise.all(
    specimens.map(async ({ backend, observer, segments, configuration }) => {
      await run(
        inside(backend, '/bin/sh'),
        `for file in /proc/sys/net/ipv4/conf/*/arp_ignore; do echo 0 >$file; done
         ip addr add 10.77.9.9/32 dev lo
         for link in /sys/class/net/*; do ip link set dev \${link##*/} arp on 2>/dev/null; done
         nft flush ruleset`,
      );
      for (const { observerInterface } of segments) {
        const { stdout } = await attempt(
          inside(observer, 'arping', '-D', '-c', '2', '-w', '2', '-I', observerInterface, '10.77.9.9'),
        );
        if (repliers(stdout).length === 0)
          throw new Error(
            `${configuration.title}: the control address was not answered on ${observerInterface}; nothing was measured`,
          );
      }
    }),
  );
}
