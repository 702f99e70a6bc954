import type { Evidence } from '../../contracts/report.ts';
import type { Address } from '../../contracts/snapshot.ts';
import { type Ip, type Prefix, parseIp } from '../ip.ts';

/** An address of an interface, as the kernel's in_ifaddr holds it. */
export interface HeldAddress {
  readonly ip: Ip;
  readonly device: string;
  /** The prefix that decides who is on the same subnet: of the peer where there is one (ifa_address, ifa_mask). */
  readonly subnet: Prefix;
  /** rt_scope: 0 global, 200 site, 253 link, 254 host; undefined when the source does not tell. */
  readonly scope: number | undefined;
  readonly secondary: boolean;
  readonly raw: Address;
  readonly evidence: Evidence;
}

/** An address as the kernel holds it; none where the text is not an address, or carries a zone. */
export function heldAddress(raw: Address): HeldAddress[] {
  const ip = parseIp(raw.ip);
  if (ip === undefined) return [];
  const peer = raw.peer === null ? undefined : parseIp(raw.peer);
  return [
    {
      ip,
      device: raw.interface,
      subnet: { ip: peer ?? ip, length: raw.prefixLength },
      scope: scopeNumber(raw.scope),
      secondary: raw.flags.includes('secondary'),
      raw,
      evidence: {
        source: 'ip -o addr',
        text: `${raw.interface} ${raw.family === 4 ? 'inet' : 'inet6'} ${raw.ip}${raw.peer === null ? '' : ` peer ${raw.peer}`}/${raw.prefixLength}${raw.scope === null ? '' : ` scope ${raw.scope}`}${raw.flags.length === 0 ? '' : ` ${raw.flags.join(' ')}`}`,
      },
    },
  ];
}

const scopeNames = new Map([
  ['global', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
  ['nowhere', 255],
]);

function scopeNumber(text: string | null): number | undefined {
  if (text === null) return undefined;
  const named = scopeNames.get(text);
  if (named !== undefined) return named;
  return /^[0-9]{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}
