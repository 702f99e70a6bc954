import type { Loader } from './boot-loaders.ts';
import { readRun, type Assignment, type ReadRun } from './boot-sysctl-run.ts';

/** The kernel's values of net/ipv4/conf before anybody writes (net/ipv4/devinet.c, ipv4_devconf); 0 for the rest of the list. */
export const kernelDefaults: ReadonlyMap<string, number> = new Map([
  ...[
    'accept_local',
    'arp_accept',
    'arp_announce',
    'arp_filter',
    'arp_ignore',
    'arp_notify',
    'drop_gratuitous_arp',
    'medium_id',
    'promote_secondaries',
    'proxy_arp',
    'proxy_arp_pvlan',
    'route_localnet',
    'rp_filter',
    'src_valid_mark',
  ].map((name) => [name, 0] as const),
  ['arp_evict_nocarrier', 1],
  ['send_redirects', 1],
]);

/** What one loader leaves in a key, and why. */
export interface BootValue {
  readonly value: number;
  /** Undefined: nobody sets the key, and the value is the kernel's own. */
  readonly winner: (Assignment & { readonly integer: number }) | undefined;
  readonly losers: readonly Assignment[];
}

/** Why a boot value cannot be told. */
export interface Doubt {
  readonly unknown: string;
}

/** Answers what one loader leaves in the keys of net/ipv4/conf. */
export interface BootSimulation {
  readonly loader: string;
  readonly runs: readonly ReadRun[];
  read(key: string): BootValue | Doubt;
}

// A simulation may be shared by a fleet, whose hosts choose the names of their interfaces.
const mostKnown = 4096;

/** Simulates a boot: the runs of a loader on a kernel with its defaults. */
export function simulateBoot(loader: Loader): BootSimulation {
  const runs = loader.runs.map(readRun);
  const written = (key: string, device: string): Omit<BootValue, 'value'> | Doubt => {
    const losers: Assignment[] = [];
    for (const run of runs.toReversed()) {
      if (run.perInterface && isShared(device)) continue;
      const outcome = run.outcome(key);
      const [doubt] = outcome.doubts;
      if (doubt !== undefined)
        return { unknown: `${doubt.path} could set ${key} and was not read: ${doubt.unreadable}` };
      losers.push(...outcome.losers);
      if (outcome.winner !== undefined) return { winner: outcome.winner, losers };
    }
    return { winner: undefined, losers };
  };
  const known = new Map<string, BootValue | Doubt>();
  const read = (key: string): BootValue | Doubt => {
    let answer = known.get(key);
    if (answer === undefined) {
      if (known.size >= mostKnown) known.clear();
      known.set(key, (answer = simulate(key)));
    }
    return answer;
  };
  const simulate = (key: string): BootValue | Doubt => {
    const [, device = '', parameter = ''] = /^net\/ipv4\/conf\/([^/]+)\/([a-z_]+)$/.exec(key) ?? [];
    const initial = kernelDefaults.get(parameter);
    if (initial === undefined) return { unknown: `what a boot leaves in ${key} is not simulated` };
    const own = written(key, device);
    if ('unknown' in own) return own;
    const value = own.winner?.integer ?? initial;
    if (isShared(device) || (own.winner !== undefined && !mayBeSkipped(own.winner, initial))) return { ...own, value };
    const inherited = read(`net/ipv4/conf/default/${parameter}`);
    if ('unknown' in inherited) return inherited;
    const obstacle = own.winner ?? own.losers.find((assignment) => assignment.value !== null);
    if (obstacle === undefined) return { ...inherited, losers: [...own.losers, ...inherited.losers] };
    // devinet_conf_proc marks a parameter as set even when it refuses the value, and conf.default then passes it by.
    return inherited.value === initial
      ? { ...own, value }
      : { unknown: `${placeOf(obstacle)} and conf.default decide ${key} by which is written first: ${obstacle.text}` };
  };
  return { loader: loader.name, runs, read };
}

/** lo too: it has an address before any loader runs, so conf.default never reaches it (ipv4_devconf_setall). */
function isShared(device: string): boolean {
  return device === 'all' || device === 'default' || device === 'lo';
}

/** systemd does not write a value that is there already, and udev's run, which would, does not expand braces. */
function mayBeSkipped(winner: Assignment & { readonly integer: number }, initial: number): boolean {
  return winner.glob && winner.key.includes('{') && winner.integer === initial;
}

/** Where an assignment stands, for example /etc/sysctl.d/90-dsr.conf:3. */
export function placeOf(assignment: Pick<Assignment, 'file' | 'line'>): string {
  return `${assignment.file}:${assignment.line}`;
}
