import type { LinuxFacts } from '../../src/contracts/snapshot.ts';
import type { Probe, Probes } from '../../src/collect/platform.ts';

/** A probe of two lines: what the transports need, and nothing about platforms. */
export const tinyProbe: Probe = {
  platform: 'linux',
  argv: ['/bin/sh', '-s'],
  command: '/bin/sh -s',
  outputLimit: 1024 * 1024,
  script: (host, nonce) => `printf '@@${nonce} begin\\n'\nprintf 'host ${host.name}\\n'\nprintf '@@${nonce} end\\n'\n`,
  endMark: (nonce) => `@@${nonce} end`,
  parse(raw, _host, nonce) {
    const lines = raw.split('\n');
    const begin = lines.indexOf(`@@${nonce} begin`);
    const end = lines.indexOf(`@@${nonce} end`);
    if (begin === -1 || end < begin) return { incomplete: 'begin or end mark is missing' };
    return { linux: { hostname: { value: lines.slice(begin + 1, end).join(' ') } } as unknown as LinuxFacts };
  },
};

export const tinyProbes: Probes = { linux: tinyProbe, windows: { ...tinyProbe, platform: 'windows' } };
