import { missing } from '../../facts/fact.ts';

/**
 * The commands of the cmd tier, for hosts where PowerShell is absent or may not run scripts: name of the step and command
 * line. Every one only reads. `interface ip` is the context of 2003 and an alias of `interface ipv4` since; the registry is
 * filtered because whole driver keys are long, and because reg.exe fails on a subkey that only the system may read.
 */
export const commands = [
  ['version', 'cmd.exe /d /c ver'],
  ['codePage', 'chcp'],
  ['computerName', 'hostname'],
  ['product', String.raw`reg query "HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"`],
  ['interfaces', 'netsh interface ipv4 show interfaces'],
  ['active4', 'netsh interface ipv4 show interfaces level=verbose store=active'],
  ['persistent4', 'netsh interface ipv4 show interfaces level=verbose store=persistent'],
  ['active6', 'netsh interface ipv6 show interfaces level=verbose store=active'],
  ['persistent6', 'netsh interface ipv6 show interfaces level=verbose store=persistent'],
  ['addresses', 'netsh interface ip show address'],
  ['addresses6', 'netsh interface ipv6 show addresses'],
  ['routes', 'netsh interface ipv4 show route'],
  ['routes6', 'netsh interface ipv6 show route'],
  ['dump', 'netsh interface ip dump'],
  ['dump6', 'netsh interface ipv6 dump'],
  ['registryInterfaces', String.raw`reg query "HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces" /s`],
  ['tcpip', String.raw`reg query "HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"`],
  [
    'connections',
    String.raw`reg query "HKLM\SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}" /s | findstr /i "HKEY_ Name PnpInstanceID"`,
  ],
  [
    'drivers',
    String.raw`reg query "HKLM\SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}" /s | findstr /i "HKEY_ NetCfgInstanceId ComponentId MatchingDeviceId DriverDesc"`,
  ],
  ['sockets', 'netstat -an'],
] as const;

/** Name of a step of the cmd tier. */
export type CommandStep = (typeof commands)[number][0];

/** What cmd.exe reads from its standard input. No line is a script's: no labels, no doubled percent signs. */
export function commandLines(nonce: string): readonly string[] {
  return [
    '@echo off',
    'echo.',
    `echo DSRAUDIT-BEGIN ${nonce} cmd 1`,
    ...commands.flatMap(([step, command]) => [
      `echo DSRAUDIT-STEP ${nonce} ${step}`,
      command,
      `echo DSRAUDIT-EXIT ${nonce} %errorlevel%`,
    ]),
    `echo DSRAUDIT-END ${nonce} ${commands.length}`,
  ];
}

/** The fact that no command tells. */
export const notRead = missing('the cmd tier does not read it: PowerShell is absent or constrained on this host');
