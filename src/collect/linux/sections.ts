import { quoteRemote } from '../remote-text.ts';
import { UnreadableOutput } from './unreadable-output.ts';

/** The sections of a complete probe output, by name. */
export interface Sections {
  has(name: string): boolean;
  /** The lines of a section. Throws UnreadableOutput when it was cut, came twice, is absent, or ended with another status than those accepted. */
  lines(name: string, accepted?: readonly number[]): readonly string[];
  /** The exit status of a section that came once and was not cut. */
  status(name: string): number;
}

interface Section {
  readonly lines: readonly string[];
  /** The greatest number of lines that the probe would print; 0 for no limit. */
  readonly limit: number;
  readonly status: number | 'cut';
}

// Longer than any line that the kernel or ip prints; also the longest text that a snapshot holds.
const longestLine = 4096;
const beginMark = /^begin ([a-z][a-z0-9-]{0,31}) (all|[1-9][0-9]{0,5})$/;
const endMark = /^end ([a-z][a-z0-9-]{0,31}) (cut|[0-9]{1,3})$/;
const completeMark = /^complete ([1-9][0-9]{0,3})$/;

/** Finds the sections between the marks that carry the nonce. Lines in front of the first mark are a login shell's and ignored. */
export function readSections(raw: string, nonce: string): Sections | { readonly incomplete: string } {
  const sections = new Map<string, Section | 'repeated'>();
  const prefix = `@@${nonce} `;
  let open: { readonly name: string; readonly limit: number; readonly lines: string[] } | undefined;
  let count = 0;
  const allLines = raw.split('\n');
  // The last element is not ended by a newline: whatever it is, it may be cut.
  const lines = allLines.slice(0, -1);
  // Windows tools that save the output end each line with a carriage return.
  const ending = lines.some((line) => line.startsWith(`${prefix}complete `) && line.endsWith('\r')) ? '\r' : '';
  for (const received of lines) {
    const line = ending !== '' && received.endsWith(ending) ? received.slice(0, -1) : received;
    if (!line.startsWith(prefix)) {
      if (open !== undefined) open.lines.push(line);
      else if (count > 0) return { incomplete: `foreign text between two sections: ${quoteRemote(line)}` };
      continue;
    }
    const mark = line.slice(prefix.length);
    const begin = beginMark.exec(mark);
    const end = endMark.exec(mark);
    const complete = completeMark.exec(mark);
    if (begin?.[1] !== undefined && open === undefined) {
      open = { name: begin[1], limit: begin[2] === 'all' ? 0 : Number(begin[2]), lines: [] };
    } else if (end?.[1] !== undefined && open?.name === end[1]) {
      const { name, limit } = open;
      const status = end[2] === 'cut' ? 'cut' : Number(end[2]);
      sections.set(name, sections.has(name) ? 'repeated' : { lines: open.lines, limit, status });
      open = undefined;
      count += 1;
    } else if (complete !== null && open === undefined) {
      if (Number(complete[1]) === count) return sectionsOf(sections);
      return { incomplete: `${count} sections arrived of the ${complete[1]} that the probe sent` };
    } else {
      return { incomplete: `the probe's mark ${quoteRemote(mark)} stands where it cannot be` };
    }
  }
  if (open !== undefined) return { incomplete: `the output ends inside the section "${open.name}"` };
  return {
    incomplete:
      count === 0
        ? 'the output holds no section: the probe did not run, or its marks were lost'
        : `the output ends after ${count} sections, without the last mark`,
  };
}

function sectionsOf(sections: ReadonlyMap<string, Section | 'repeated'>): Sections {
  const whole = (name: string): Section & { readonly status: number } => {
    const section = sections.get(name);
    if (section === undefined) throw new UnreadableOutput(`the probe sent no section "${name}"`);
    if (section === 'repeated') throw new UnreadableOutput(`the section "${name}" came more than once`);
    const { status, limit } = section;
    if (status === 'cut' || (limit > 0 && section.lines.length >= limit)) {
      throw new UnreadableOutput(`the section "${name}" was cut at ${limit} lines`);
    }
    return { ...section, status };
  };
  return {
    has: (name) => sections.has(name),
    status: (name) => whole(name).status,
    lines: (name, accepted = [0]) => {
      const { status, lines } = whole(name);
      if (!accepted.includes(status)) {
        throw new UnreadableOutput(`the command of the section "${name}" failed with exit status ${status}`);
      }
      const long = lines.find((line) => line.length > longestLine);
      if (long !== undefined) {
        throw new UnreadableOutput(
          `the section "${name}" has a line of ${long.length} characters: ${quoteRemote(long)}`,
        );
      }
      return lines;
    },
  };
}
