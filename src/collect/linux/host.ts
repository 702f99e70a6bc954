import type { LinuxFacts, Namespaces } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { factFrom, UnreadableOutput } from './unreadable-output.ts';

/** What the probe says of the host and of itself. */
export interface HostSection {
  /** The version of the probe's output; undefined when it does not say. */
  readonly probeVersion: number | undefined;
  /** The VIPs that it was told, as they were written. */
  readonly vips: readonly string[];
  /** As the kernel names it (uname -m). */
  readonly machine: string;
  /** The kernel has an IPv6 stack. */
  readonly hasIpv6: boolean;
  /** The kernel holds tables of the legacy kinds of arptables and iptables. */
  readonly hasLegacyTables: { readonly arp: boolean; readonly ip: boolean };
  readonly facts: Pick<
    LinuxFacts,
    'hostname' | 'kernelRelease' | 'userId' | 'clock' | 'uptime' | 'initSystem' | 'namespaces'
  >;
}

const plainLine =
  /^(probe|vip|peer|privileged|user|clock|machine|init|ipv6|legacy arp|legacy ip|namespace own|namespace init) ?(.*)$/;
const fileLine = /^\/proc\/(uptime|sys\/kernel\/hostname|sys\/kernel\/osrelease):(.*)$/;

/** Reads the section `host`. Throws UnreadableOutput when the section as a whole cannot be used. */
export function readHost(sections: Sections): HostSection {
  const values = new Map<string, string[]>();
  // 2: grep, which comes last, could not open one of its files.
  for (const line of sections.lines('host', [0, 2])) {
    const match = plainLine.exec(line) ?? fileLine.exec(line);
    if (match?.[1] === undefined) throw new UnreadableOutput(`unexpected line about the host: ${quoteRemote(line)}`);
    const list = values.get(match[1]);
    if (list === undefined) values.set(match[1], [match[2] ?? '']);
    else list.push(match[2] ?? '');
  }
  const single = (key: string, pattern: RegExp): string => {
    const [value, ...others] = values.get(key) ?? [];
    if (value === undefined) throw new UnreadableOutput(`the probe did not say ${key}`);
    if (others.length > 0) throw new UnreadableOutput(`the probe said ${key} more than once`);
    if (!pattern.test(value)) throw new UnreadableOutput(`${key} is ${quoteRemote(value)}`);
    return value;
  };
  const yesOrNo = (key: string): boolean => single(key, /^(?:yes|no)$/) === 'yes';
  const [version] = values.get('probe') ?? [];
  return {
    probeVersion: version !== undefined && /^[0-9]{1,6}$/.test(version) ? Number(version) : undefined,
    vips: values.get('vip') ?? [],
    machine: single('machine', /^[A-Za-z0-9_.-]{1,64}$/),
    hasIpv6: yesOrNo('ipv6'),
    hasLegacyTables: { arp: yesOrNo('legacy arp'), ip: yesOrNo('legacy ip') },
    facts: {
      hostname: factFrom(() => single('sys/kernel/hostname', /^.{1,64}$/)),
      kernelRelease: factFrom(() => single('sys/kernel/osrelease', /^.{1,64}$/)),
      userId: factFrom(() => Number(single('user', /^[0-9]{1,10}$/))),
      clock: factFrom(() => Number(single('clock', /^[0-9]{1,15}$/))),
      uptime: factFrom(() => Number(single('uptime', /^[0-9]{1,12}\.[0-9]{2} [0-9]{1,15}\.[0-9]{2}$/).split(' ')[0])),
      initSystem: factFrom(() => single('init', /^(?:systemd|upstart|openrc|sysvinit|other)$/)),
      namespaces: factFrom((): Namespaces => {
        const own = single('namespace own', /^(?:net:\[[0-9]{1,20}\])?$/);
        if (own === '')
          throw new UnreadableOutput(
            '/proc/self/ns/net cannot be read: the kernel is too old, or readlink is not installed',
          );
        const init = single('namespace init', /^(?:net:\[[0-9]{1,20}\])?$/);
        return { own, init: init === '' ? null : init };
      }),
    },
  };
}
