import { readFileSync } from 'node:fs';
import { commandLines } from './commands.ts';

/** The collector, byte for byte. */
export const collectorScript: string = readFileSync(new URL('./collector.ps1', import.meta.url), 'utf8');

/** Stands for a newline in the one line that PowerShell reads; occurs neither in the collector nor in the commands. */
const newline = '~';

/**
 * One line for `powershell.exe -Command -`, which runs what it reads statement by statement and drops in silence what does not
 * parse: a block over several lines may never end. The collector stands in it as a literal, in plain sight of whoever reads
 * the logs. Where the language mode forbids to make a script block, the same line hands the commands of the cmd tier to
 * cmd.exe instead; nothing in that branch is more than constrained language allows.
 */
export function powershellLine(nonce: string): string {
  const collector = quote(collectorScript.trimEnd().replaceAll('\n', newline));
  const commands = quote(commandLines(nonce).join(newline));
  return (
    `if("$($ExecutionContext.SessionState.LanguageMode)" -eq 'FullLanguage')` +
    `{&([ScriptBlock]::Create(${collector}.Replace('${newline}',"\`n"))) '${nonce}'}` +
    `else{"DSRAUDIT-SHELL ${nonce} $($ExecutionContext.SessionState.LanguageMode) $($PSVersionTable.PSVersion)";` +
    `${commands} -split '${newline}' | cmd.exe};exit\n\n`
  );
}

/** What cmd.exe reads. It wants its own line ends. */
export function commandScript(nonce: string): string {
  return [...commandLines(nonce), 'exit', ''].join('\r\n');
}

/** `-EncodedCommand` of a PowerShell that reads all of its standard input as one script, for where `-Command -` does not work. */
export const readAllCommand: string = Buffer.from(
  '&([ScriptBlock]::Create([Console]::In.ReadToEnd()))',
  'utf16le',
).toString('base64');

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
