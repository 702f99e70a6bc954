import type { ConfigurationFile, ConfigurationLine, FactOfLines } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** What the probe said of one file, in the order in which it came. */
interface Report {
  mode?: number;
  size?: number;
  modifiedAt?: number;
  target?: string;
  unreadable?: true;
  opened?: 'whole' | 'lines';
  cut?: true;
  readonly lines: ConfigurationLine[];
}

const isLine = /^is ([0-9a-f]{1,8}) ([0-9]{1,15}) (-?[0-9]{1,15}) (\/.{1,1023})$/s;
const pathLine = /^(link|unreadable|in|open whole|open lines) (\/.{1,1023})$/s;
// s: a line may hold a carriage return, as those of a file with CRLF do.
const contentLine = /^([0-9]{1,6})\|(.*)$/s;

/** Reads one section of files. A file whose lines were not asked for, because none matters, is known to have none that does. */
export function readFiles(sections: Sections, section: string): readonly ConfigurationFile[] {
  const reports = new Map<string, Report>();
  const of = (path: string): Report => {
    const report = reports.get(path) ?? { lines: [] };
    reports.set(path, report);
    return report;
  };
  let link: Report | undefined;
  let current: Report | undefined;
  for (const line of sections.lines(section)) {
    const unexpected = (): UnreadableOutput =>
      new UnreadableOutput(`unexpected line about files: ${quoteRemote(line)}`);
    const content = contentLine.exec(line);
    const is = isLine.exec(line);
    const path = pathLine.exec(line);
    if (link !== undefined) {
      if (!line.startsWith('to ') || line.length > 1027) throw unexpected();
      link.target = line.slice(3);
      link = undefined;
    } else if (content?.[1] !== undefined) {
      if (current === undefined || current.cut === true) throw unexpected();
      const number = Number(content[1]);
      if (number <= (current.lines.at(-1)?.number ?? 0)) throw unexpected();
      current.lines.push({ number, text: content[2] ?? '' });
    } else if (line === 'cut' && current !== undefined) current.cut = true;
    else if (is?.[4] !== undefined) {
      const report = of(is[4]);
      if (report.mode !== undefined) throw new UnreadableOutput(`${quoteRemote(is[4])} is described twice`);
      report.mode = Number.parseInt(is[1] ?? '', 16);
      report.size = Number(is[2]);
      report.modifiedAt = Number(is[3]);
    } else if (path?.[2] !== undefined) {
      const report = of(path[2]);
      if (path[1] === 'link') link = report;
      else if (path[1] === 'unreadable') report.unreadable = true;
      else if (path[1] === 'in') {
        if (report.opened === undefined || report.lines.length > 0) throw unexpected();
        current = report;
      } else {
        if (report.opened !== undefined) throw new UnreadableOutput(`${quoteRemote(path[2])} is shown twice`);
        report.opened = path[1] === 'open whole' ? 'whole' : 'lines';
      }
    } else if (/^status [01]$/.test(line)) current = undefined;
    else if (line === 'name with a newline') throw new UnreadableOutput('a file has a newline in its name');
    else if (line === 'too many files') throw new UnreadableOutput('there are more scripts than the probe looks into');
    else throw unexpected();
  }
  return [...reports].map(([path, report]) => describe(path, report));
}

// S_IFMT of sys/stat.h.
const kinds = new Map<number, 'file' | 'directory'>([
  [0x8000, 'file'],
  [0x4000, 'directory'],
]);

function describe(path: string, report: Report): ConfigurationFile {
  const { mode, size, modifiedAt, target, opened } = report;
  const targetKind = mode === undefined ? undefined : (kinds.get(mode & 0xf000) ?? 'other');
  return {
    path,
    kind: target === undefined ? (targetKind ?? 'other') : 'link',
    target: target ?? null,
    executable: mode === undefined ? null : (mode & 0o111) !== 0,
    size: size ?? null,
    modifiedAt: modifiedAt ?? null,
    lines: linesOf(report, targetKind),
    whole: opened === 'whole' || (size === 0 && report.unreadable === undefined),
  };
}

function linesOf(report: Report, targetKind: 'file' | 'directory' | 'other' | undefined): FactOfLines {
  if (report.cut === true) return { missing: 'the file is longer than the probe shows' };
  if (report.opened !== undefined) return { value: report.lines };
  if (report.unreadable === true) return { missing: 'the probe’s user may not read it' };
  if (targetKind === undefined && report.target !== undefined) return { missing: 'the link leads to nothing' };
  if (targetKind === undefined) return { missing: 'the probe could not tell what it is' };
  return { value: [] };
}
