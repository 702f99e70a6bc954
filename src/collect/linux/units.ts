import type { Unit } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** Reads the services: from systemctl on a systemd host, else from the start-up links of OpenRC or System V. */
export function readUnits(sections: Sections): readonly Unit[] {
  return sections.has('units') ? readSystemd(sections.lines('units')) : readRunlevels(sections.lines('runlevels'));
}

/** Blocks of `systemctl show`, one a service, separated by empty lines; a service stands once for each of its names. */
function readSystemd(lines: readonly string[]): readonly Unit[] {
  const units = new Map<string, Unit>();
  const blocks = `${lines.join('\n')}\n`.split(/\n\n+/).filter((block) => block.trim() !== '');
  for (const block of blocks) {
    const properties = new Map<string, string>();
    for (const line of block.trimEnd().split('\n')) {
      const [, key, value] = /^(Names|LoadState|UnitFileState|ActiveState)=(.{0,1024})$/.exec(line) ?? [];
      if (key === undefined || value === undefined || properties.has(key)) {
        throw new UnreadableOutput(`unexpected line of systemctl show: ${quoteRemote(line)}`);
      }
      properties.set(key, value);
    }
    const load = properties.get('LoadState') ?? '';
    const state = properties.get('UnitFileState') ?? '';
    const enabled = state !== '' ? state : load === 'loaded' || load === '' ? null : load;
    const active = properties.get('ActiveState') ?? '';
    for (const name of (properties.get('Names') ?? '').split(' ').filter((part) => part !== '')) {
      const unit = {
        name: text(name, 128),
        enabled: enabled === null ? null : text(enabled, 32),
        active: active === '' ? null : text(active, 32),
      };
      const other = units.get(name);
      if (other !== undefined && (other.enabled !== unit.enabled || other.active !== unit.active)) {
        throw new UnreadableOutput(`systemctl show contradicts itself about ${quoteRemote(name)}`);
      }
      units.set(name, unit);
    }
  }
  return [...units.values()];
}

function text(value: string, longest: number): string {
  if (value.length > longest) throw new UnreadableOutput(`systemctl show says ${quoteRemote(value)}`);
  return value;
}

const scriptPath = /^\/etc\/(?:rc\.d\/)?init\.d\/([A-Za-z0-9_.-]{1,64})$/;
const openrcPath = /^\/etc\/runlevels\/[^/]{1,64}\/([A-Za-z0-9_.-]{1,64})$/;
const startedPath = /^\/run\/openrc\/started\/([A-Za-z0-9_.-]{1,64})$/;
const sysvPath = /^\/etc\/(?:rc[S2-5]\.d|(?:rc\.d|init\.d)\/rc[2-5]\.d)\/S[0-9][0-9]([A-Za-z0-9_.-]{1,64})$/;

function readRunlevels(lines: readonly string[]): readonly Unit[] {
  const scripts = new Set<string>();
  const enabled = new Set<string>();
  const started = new Set<string>();
  for (const line of lines) {
    const [, script] = scriptPath.exec(line) ?? [];
    const [, link] = openrcPath.exec(line) ?? sysvPath.exec(line) ?? [];
    const [, running] = startedPath.exec(line) ?? [];
    if (script !== undefined) scripts.add(script);
    else if (link !== undefined) enabled.add(link);
    else if (running !== undefined) started.add(running);
    // Anything else is the folder of one of these, which this user may not look into.
    else throw new UnreadableOutput(`unexpected start-up link: ${quoteRemote(line)}`);
  }
  return [...new Set([...scripts, ...enabled, ...started])].map((name) => ({
    name,
    enabled: enabled.has(name) ? 'enabled' : 'disabled',
    // System V keeps no record of what runs.
    active: started.has(name) ? 'active' : null,
  }));
}
