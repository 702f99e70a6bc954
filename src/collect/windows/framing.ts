/**
 * What a collector printed, taken out of everything else that a login shell may print around it: the JSON text of the
 * PowerShell collector, the steps of the cmd commands, or why neither can be used.
 */
export type Frame =
  | { readonly tier: 'powershell'; readonly json: string }
  | { readonly tier: 'cmd'; readonly shell: ConstrainedShell | null; readonly steps: ReadonlyMap<string, Step> }
  | { readonly incomplete: string };

/** One command of the cmd tier. */
export interface Step {
  readonly exitCode: number;
  readonly lines: readonly string[];
}

/** The PowerShell that may not run the collector and handed over to cmd. */
export interface ConstrainedShell {
  readonly languageMode: string;
  readonly version: string;
}

/** Lines of one command, and characters of one line, beyond which its step cannot be used. */
const lineLimit = 50_000;
const lengthLimit = 4096;
// PowerShell 7 writes ESC[?1h even into a pipe; other shells colour their greeting.
// oxlint-disable-next-line no-control-regex
const escapeSequence = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

/** Finds the frame whose marks carry the nonce. Marks without it, before, between or after, are noise. */
export function readFrame(raw: string, nonce: string): Frame {
  const lines = raw
    .replaceAll(escapeSequence, '')
    .split('\n')
    .map((line) => line.replace(/\r+$/, ''));
  const begins = indexesOf(lines, `DSRAUDIT-BEGIN ${nonce} `);
  const ends = indexesOf(lines, `DSRAUDIT-END ${nonce} `);
  const [begin] = begins;
  const [end] = ends;
  if (begin === undefined) return { incomplete: 'The collector did not begin: its first mark is not in the output.' };
  if (end === undefined) return { incomplete: 'The output was cut: the last mark of the collector is not in it.' };
  if (begins.length > 1 || ends.length > 1 || end < begin) {
    return { incomplete: 'The marks of the collector occur more than once or in the wrong order.' };
  }
  const [, , tier, version] = lines[begin]?.split(' ') ?? [];
  const size = Number(lines[end]?.split(' ')[2]);
  const body = lines.slice(begin + 1, end);
  if (version !== '1') return { incomplete: `The collector speaks version "${version}" of the document, expected 1.` };
  if (tier === 'powershell') return readBase64(body, size);
  if (tier === 'cmd') return readSteps(body, nonce, size, readShell(lines.slice(0, begin), nonce));
  return { incomplete: 'The first mark of the collector names neither powershell nor cmd.' };
}

function indexesOf(lines: readonly string[], mark: string): number[] {
  return lines.flatMap((line, index) => (line.startsWith(mark) ? [index] : []));
}

function readBase64(body: readonly string[], size: number): Frame {
  const text = body.map((line) => line.trim()).join('');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text))
    return { incomplete: 'Between the marks stands something that is not base64.' };
  const json = Buffer.from(text, 'base64').toString('latin1');
  if (json.length !== size) {
    return { incomplete: `The document has ${json.length} characters, but its last mark says ${size}.` };
  }
  return { tier: 'powershell', json };
}

function readSteps(body: readonly string[], nonce: string, count: number, shell: ConstrainedShell | null): Frame {
  const steps = new Map<string, Step>();
  let name: string | undefined;
  let lines: string[] = [];
  for (const line of body) {
    if (line.startsWith(`DSRAUDIT-STEP ${nonce} `)) {
      if (name !== undefined) return { incomplete: `The step "${name}" has no end.` };
      name = line.split(' ')[2] ?? '';
      lines = [];
    } else if (line.startsWith(`DSRAUDIT-EXIT ${nonce} `)) {
      const exitCode = line.split(' ')[2] ?? '';
      if (name === undefined || steps.has(name)) return { incomplete: 'A step ends that did not begin, or twice.' };
      if (!/^-?\d{1,10}$/.test(exitCode)) return { incomplete: `The step "${name}" ended with no exit code.` };
      steps.set(name, bounded(lines) ? { exitCode: Number(exitCode), lines } : tooLong);
      name = undefined;
    } else if (name !== undefined) lines.push(line);
  }
  if (name !== undefined) return { incomplete: `The step "${name}" has no end.` };
  if (steps.size !== count) {
    return { incomplete: `The output has ${steps.size} steps, but its last mark says ${count}.` };
  }
  return { tier: 'cmd', shell, steps };
}

const tooLong: Step = { exitCode: -1, lines: ['its output is longer than any that was expected'] };

function bounded(lines: readonly string[]): boolean {
  return lines.length <= lineLimit && lines.every((line) => line.length <= lengthLimit);
}

function readShell(lines: readonly string[], nonce: string): ConstrainedShell | null {
  const mark = lines.find((line) => line.startsWith(`DSRAUDIT-SHELL ${nonce} `));
  const [, , languageMode, version] = mark?.split(' ') ?? [];
  return languageMode === undefined || version === undefined
    ? null
    : { languageMode: languageMode.slice(0, 32), version: version.slice(0, 64) };
}
