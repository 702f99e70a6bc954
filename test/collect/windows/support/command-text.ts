// What cmd.exe would print for the commands of the cmd tier: authored, no cmd.exe printed it. Labels are English in all but
// netsh's long listings, whose language is that of the host.
import { commands } from '../../../../src/collect/windows/commands.ts';
import { type Adapter, type Model, versions } from './model.ts';
import { dumpText, dumpText2003, dumpText6, maskOf, verboseText } from './netsh-text.ts';

const networkClass = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
const driverClass = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control\Class\{4D36E972-E325-11CE-BFC1-08002BE10318}`;
const interfacesKey = String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters\Interfaces`;

interface Shell {
  readonly languageMode: string;
  readonly version: string;
}

/** Standard output of the cmd tier for a host, with CRLF line ends and the greeting of cmd.exe. */
export function commandText(model: Model, shell: Shell | null, nonce: string): string {
  const version = versions[model.version];
  const greeting = [
    `Microsoft Windows [Version ${version.major}.${version.minor}.${version.build}]`,
    '',
    String.raw`C:\Users\audit>@echo off`,
  ];
  const lines = [
    ...(shell === null ? [] : [`DSRAUDIT-SHELL ${nonce} ${shell.languageMode} ${shell.version}`]),
    ...greeting,
    '',
    `DSRAUDIT-BEGIN ${nonce} cmd 1`,
    ...commands.flatMap(([step]) => {
      const answer = answerOf(model, step);
      return [`DSRAUDIT-STEP ${nonce} ${step}`, ...answer.lines, `DSRAUDIT-EXIT ${nonce} ${answer.exitCode}`];
    }),
    `DSRAUDIT-END ${nonce} ${commands.length}`,
    '',
  ];
  return lines.join('\r\n');
}

function answerOf(
  model: Model,
  step: (typeof commands)[number][0],
): { readonly lines: readonly string[]; readonly exitCode: number } {
  const version = versions[model.version];
  const before2008 = version.major < 6;
  const adapters = model.adapters.filter(({ present }) => present).map(withAddresses4);
  const devices = model.adapters.filter(({ device }) => device !== null).map(withAddresses4);
  const unknown = { lines: ['The following command was not found.', ''], exitCode: 1 };
  switch (step) {
    case 'version':
      return answer(['', `Microsoft Windows [Version ${version.major}.${version.minor}.${version.build}]`]);
    case 'codePage':
      return answer(['Active code page: 850']);
    case 'computerName':
      return answer(['WIN01']);
    case 'product':
      return answer(
        key(String.raw`HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion`, before2008, [
          ['ProductName', 'REG_SZ', version.product],
          ...(version.servicePack === null ? [] : ([['CSDVersion', 'REG_SZ', version.servicePack]] as const)),
          ...(before2008
            ? []
            : ([
                ['EditionID', 'REG_SZ', 'ServerStandard'],
                ['InstallationType', 'REG_SZ', 'Server'],
              ] as const)),
        ]),
      );
    case 'interfaces':
      return before2008
        ? unknown
        : answer([
            '',
            'Idx     Met         MTU          State                Name',
            '---  ----------  ----------  ------------  ---------------------------',
            ...adapters.map(
              ({ index, metric, up, alias }) =>
                `${String(index).padStart(3)}  ${String(metric).padStart(10)}  ${String(1500).padStart(10)}  ${(up ? 'connected' : 'disconnected').padEnd(12)}  ${alias}`,
            ),
            '',
          ]);
    case 'active4':
      return before2008 ? unknown : answer(verboseText(model, 'active'));
    case 'persistent4':
      return before2008 ? unknown : answer(verboseText(model, 'persistent'));
    case 'active6':
    case 'persistent6':
      return before2008 ? unknown : answer(['']);
    case 'addresses':
      return answer(
        adapters.flatMap(({ alias, dhcp, addresses, gateways }) => [
          '',
          `Configuration for interface "${alias}"`,
          `    DHCP enabled:                         ${dhcp ? 'Yes' : 'No'}`,
          ...addresses.flatMap(({ ip, prefixLength }) =>
            before2008
              ? [
                  `    IP Address:                           ${ip}`,
                  `    SubnetMask:                           ${maskOf(prefixLength)}`,
                ]
              : [
                  `    IP Address:                           ${ip}`,
                  `    Subnet Prefix:                        ${ip}/${prefixLength} (mask ${maskOf(prefixLength)})`,
                ],
          ),
          ...gateways.flatMap((gateway) => [
            `    Default Gateway:                      ${gateway}`,
            '    Gateway Metric:                       1',
          ]),
          '    InterfaceMetric:                      15',
        ]),
      );
    case 'routes':
      return before2008
        ? unknown
        : answer([
            '',
            'Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name',
            '-------  --------  ---  ------------------------  ---  ------------------------',
            ...adapters.flatMap(({ index, alias, gateways, addresses }) => [
              ...gateways.map(
                (gateway) =>
                  `No       Manual    256  0.0.0.0/0${' '.repeat(18)}${String(index).padStart(3)}  ${gateway}`,
              ),
              ...addresses.map(
                ({ ip }) => `No       System    256  ${`${ip}/32`.padEnd(24)}  ${String(index).padStart(3)}  ${alias}`,
              ),
            ]),
            '',
          ]);
    case 'dump':
      return answer(before2008 ? dumpText2003(model) : dumpText(model));
    case 'addresses6':
      return before2008
        ? unknown
        : answer(
            model.adapters.flatMap(({ index, alias, addresses }) => [
              '',
              `Interface ${index}: ${alias}`,
              '',
              'Addr Type  DAD State   Valid Life Pref. Life Address',
              '---------  ----------- ---------- ---------- ------------------------',
              ...addresses
                .filter(({ ip }) => ip.includes(':'))
                .map(({ ip }) => `Manual     Preferred     infinite   infinite ${ip}`),
            ]),
          );
    case 'routes6':
      return before2008 ? unknown : answer(['']);
    case 'dump6':
      return before2008 ? unknown : answer(dumpText6(model));
    case 'registryInterfaces':
      return answer([
        ...key(interfacesKey, before2008, []),
        ...devices.flatMap(({ guid, addresses, gateways, dhcp, metric, automaticMetric }) =>
          key([interfacesKey, guid].join('\\'), before2008, [
            ['EnableDHCP', 'REG_DWORD', dhcp ? '0x1' : '0x0'],
            ['IPAddress', 'REG_MULTI_SZ', addresses.map(({ ip }) => ip).join(String.raw`\0`)],
            [
              'SubnetMask',
              'REG_MULTI_SZ',
              addresses.map(({ prefixLength }) => maskOf(prefixLength)).join(String.raw`\0`),
            ],
            ['DefaultGateway', 'REG_MULTI_SZ', gateways.join(String.raw`\0`)],
            ['InterfaceMetric', 'REG_DWORD', automaticMetric ? '0x0' : `0x${metric.toString(16)}`],
          ]),
        ),
      ]);
    case 'tcpip':
      return answer(
        key(String.raw`HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters`, before2008, [
          ['IPEnableRouter', 'REG_DWORD', `0x${model.ipEnableRouter}`],
        ]),
      );
    case 'connections':
      return answer(
        devices.flatMap(({ guid, alias, device }) =>
          key([networkClass, guid, 'Connection'].join('\\'), before2008, [
            ['Name', 'REG_SZ', alias],
            ['PnpInstanceID', 'REG_SZ', device?.instance ?? ''],
          ]),
        ),
      );
    case 'drivers':
      return answer(
        devices.flatMap(({ guid, description, device }, position) =>
          key([driverClass, String(position).padStart(4, '0')].join('\\'), before2008, [
            ['DriverDesc', 'REG_SZ', description],
            ['ComponentId', 'REG_SZ', device?.hardwareIds[0]?.toLowerCase() ?? ''],
            ['NetCfgInstanceId', 'REG_SZ', guid],
          ]),
        ),
      );
    case 'sockets':
      return answer([
        '',
        'Active Connections',
        '',
        '  Proto  Local Address          Foreign Address        State',
        ...model.tcp.map(
          ([ip, port]) =>
            `  TCP    ${socket(ip, port).padEnd(21)}  ${socket(ip.includes(':') ? '::' : '0.0.0.0', 0).padEnd(21)}  LISTENING`,
        ),
        '  TCP    10.77.0.21:80          198.51.100.20:49152    ESTABLISHED',
        ...model.udp.map(([ip, port]) => `  UDP    ${socket(ip, port).padEnd(21)}  *:*`),
      ]);
  }
}

function answer(lines: readonly string[]): { readonly lines: readonly string[]; readonly exitCode: number } {
  return { lines, exitCode: 0 };
}

function withAddresses4(adapter: Adapter): Adapter {
  return { ...adapter, addresses: adapter.addresses.filter(({ ip }) => !ip.includes(':')) };
}

function socket(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function key(path: string, before2008: boolean, values: readonly (readonly [string, string, string])[]): string[] {
  const separator = before2008 ? '\t' : '    ';
  const end = (type: string): string => (before2008 && type === 'REG_MULTI_SZ' ? String.raw`\0\0` : '');
  return ['', path, ...values.map(([name, type, value]) => `    ${[name, type, value + end(type)].join(separator)}`)];
}
