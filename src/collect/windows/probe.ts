import type { Probe } from '../platform.ts';
import { commandScript, powershellLine, readAllCommand } from './bootstrap.ts';
import { parseWindows } from './parse.ts';

const powershell = ['powershell.exe', '-NoLogo', '-NoProfile', '-NonInteractive'] as const;

function windowsProbeOf(argv: readonly [string, ...string[]], script: (nonce: string) => string): Probe {
  return {
    platform: 'windows',
    argv,
    // No argument needs quotes, whatever the login shell.
    command: argv.join(' '),
    // The document of a host with 500 firewall rules has about 0.4 MB.
    outputLimit: 3 * 1024 * 1024,
    script: (_host, nonce) => script(nonce),
    endMark: (nonce) => `DSRAUDIT-END ${nonce} `,
    parse: (raw, _host, nonce) => parseWindows(raw, nonce),
  };
}

/** PowerShell reads the collector from a script of its own making: for a PowerShell whose `-Command -` reads nothing. */
export const encodedProbe: Probe = windowsProbeOf([...powershell, '-EncodedCommand', readAllCommand], powershellLine);

/** cmd.exe alone: for hosts without PowerShell, such as a bare Windows Server 2003. */
export const commandProbe: Probe = windowsProbeOf(['cmd.exe'], commandScript);

/** What is sent to a Windows host. One exec does for every host with a PowerShell, constrained or not. */
export const windowsProbe: Probe = {
  ...windowsProbeOf([...powershell, '-Command', '-'], powershellLine),
  alternatives: [encodedProbe, commandProbe],
};
