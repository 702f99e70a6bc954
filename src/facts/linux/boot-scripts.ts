import type { FileTree } from './boot-files.ts';
import { filesAt, procpsLoader } from './boot-loaders.ts';
import type { Run, SourceLine } from './boot-sysctl-run.ts';
import { procpsSyntax } from './boot-sysctl-syntax.ts';

const parameterName =
  /\b(?:arp_[a-z_]+|rp_filter|route_localnet|accept_local|proxy_arp(?:_pvlan)?|promote_secondaries)\b/g;

/**
 * What the lines of a shell script do to kernel parameters, in order: plain `sysctl` and `echo VALUE > /proc/sys/...`
 * commands are understood; one with a variable or under a condition leaves the parameters that it names in doubt.
 */
export function scriptRuns(tree: FileTree, path: string, lines: readonly SourceLine[]): readonly Run[] {
  const runs: Run[] = [];
  const understood = (line: SourceLine, text: string): void => {
    const shown = line.shown ?? line.text;
    runs.push({
      name: path,
      dialect: procpsSyntax,
      sources: [{ path, lines: [{ number: line.number, text, shown }] }],
    });
  };
  for (const line of lines) {
    if (/^\s*#/.test(line.text)) continue;
    for (const [index, command] of line.text.split(/;|&&|\|\|/).entries()) {
      const words = wordsOf(command);
      const conditional = index > 0 || /^(?:if|while|until|then|else|elif|do|for|case)$/.test(words[0] ?? '');
      const effect = effectOf(words);
      if (effect === undefined && !parameterName.test(command)) continue;
      parameterName.lastIndex = 0;
      if (effect === undefined || conditional || command.includes('$')) {
        const parameters = command.match(parameterName) ?? undefined;
        const doubt = {
          path: `${path}:${line.number}`,
          unreadable: `it cannot be told what it does: ${command.trim()}`,
        };
        runs.push({
          name: path,
          dialect: procpsSyntax,
          sources: [parameters === undefined ? doubt : { ...doubt, parameters }],
        });
      } else if ('assignments' in effect) for (const text of effect.assignments) understood(line, text);
      else if (effect.files === 'system') runs.push(...procpsLoader(tree, procpsSyntax).runs);
      else runs.push({ name: `${path}: sysctl -p`, dialect: procpsSyntax, sources: filesAt(tree, effect.files) });
    }
  }
  return runs;
}

type Effect = { readonly assignments: readonly string[] } | { readonly files: 'system' | readonly string[] };

function effectOf(words: readonly string[]): Effect | undefined {
  const command = words.findIndex((word) => /(?:^|\/)(?:sysctl|echo|printf)$/.test(word));
  if (command === -1) return undefined;
  const rest = words.slice(command + 1);
  if (words[command]?.endsWith('sysctl') !== true) {
    const redirect = rest.findIndex((word) => /^>\|?$/.test(word));
    const target = /^\/proc\/sys\/(.+)$/.exec(rest[redirect + 1] ?? '')?.[1];
    const value = rest.slice(0, Math.max(redirect, 0)).find((word) => /^-?\d/.test(word));
    return redirect === -1 || target === undefined || value === undefined
      ? undefined
      : { assignments: [`${target}=${value}`] };
  }
  if (rest.includes('--system')) return { files: 'system' };
  const loads = rest.some((word) => /^(?:-[a-zA-Z]*[pf]|--load)/.test(word));
  const named = rest.filter((word) => !word.startsWith('-') && !/^[0-9]*[<>]/.test(word) && word !== '/dev/null');
  if (loads) return { files: named.length > 0 ? named : ['/etc/sysctl.conf'] };
  const assignments = named.filter((word) => word.includes('='));
  return assignments.length > 0 ? { assignments } : undefined;
}

/** Words of a command without quotes, a redirection apart from its target; `a = b` is one word. */
function wordsOf(command: string): readonly string[] {
  const spaced = command.replaceAll(/\s*=\s*/g, '=').replaceAll(/(?<![0-9&])>\|?/g, ' > ');
  return spaced
    .replaceAll(/["']/g, '')
    .split(/\s+/)
    .filter((word) => word !== '');
}
