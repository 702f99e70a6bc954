import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InputError } from '../errors.ts';
import { writeText, type Streams } from './streams.ts';

/** Where one document goes: -o FORMAT=FILE, or -o FORMAT for standard output. */
export interface Output {
  readonly format: string;
  readonly file?: string;
}

/** Reads the -o options. One output at most goes to standard output; a file is named once. */
export function parseOutputs(
  given: readonly string[],
  formats: readonly string[],
  whenNone: string,
): readonly Output[] {
  const problems: string[] = [];
  const outputs = given.map((text): Output => {
    const equals = text.indexOf('=');
    const format = equals === -1 ? text : text.slice(0, equals);
    const file = equals === -1 ? undefined : text.slice(equals + 1);
    if (!formats.includes(format))
      problems.push(`-o ${text}: unknown format; there are ${formats.join(', ')} (as FORMAT=FILE or FORMAT)`);
    if (file === '') problems.push(`-o ${text}: the file name is missing`);
    return { format, ...(file === undefined || file === '-' ? {} : { file }) };
  });
  if (outputs.filter((output) => output.file === undefined).length > 1) {
    problems.push('-o: only one format can go to standard output; give the others a file: FORMAT=FILE');
  }
  const files = outputs.flatMap((output) => output.file ?? []);
  for (const file of new Set(files)) {
    if (files.filter((other) => other === file).length > 1) problems.push(`-o: ${file} is named twice`);
  }
  if (problems.length > 0) throw new InputError(problems.map((message) => ({ message })));
  return outputs.length === 0 ? [{ format: whenNone }] : outputs;
}

/** Refuses a file that cannot be written before any host is contacted, so that a night's audit is not lost at its end. */
export async function assertWritable(outputs: readonly Output[]): Promise<void> {
  const problems: { message: string }[] = [];
  for (const { file } of outputs) {
    if (file === undefined) continue;
    const folder = dirname(file);
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined || !found.isDirectory())
      problems.push({ message: `-o: ${folder} is not a folder; create it first` });
    else if ((await stat(file).catch(() => undefined))?.isDirectory() === true)
      problems.push({ message: `-o: ${file} is a folder; name a file` });
  }
  if (problems.length > 0) throw new InputError(problems);
}

/** Writes one document to its file or to standard output. */
export async function writeOutput(output: Output, text: string, streams: Streams): Promise<void> {
  if (output.file === undefined) await writeText(streams.stdout, text);
  else await writeFileAtomically(output.file, text);
}

/**
 * Writes a file so that a reader sees the old content or the whole new one, never a part: a temporary file beside it,
 * synced, then renamed. Mode 0600, because reports name hosts and addresses.
 */
export async function writeFileAtomically(file: string, text: string): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new InputError([
      { file, message: `cannot be written: ${error instanceof Error ? error.message : String(error)}` },
    ]);
  }
}
