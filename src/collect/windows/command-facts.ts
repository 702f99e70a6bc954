import type { RegistryInterface, WindowsFacts } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import { type Answers, answersOf, mapLines } from './command-answers.ts';
import { readCommandInterfaces } from './command-interfaces.ts';
import { readCommandNetwork } from './command-network.ts';
import { notRead } from './commands.ts';
import { registryAddress } from './connection-facts.ts';
import type { ConstrainedShell, Step } from './framing.ts';
import { canonicalGuid } from './identifier.ts';
import { readNetstat } from './netstat.ts';
import { oneLine } from './notes.ts';
import { joinOwners } from './owner.ts';
import { flagOf, listOf, numberOf, readRegistry, textOf } from './reg-query.ts';

/** Reads what the commands of the cmd tier printed. What they cannot tell is missing, with that reason. */
export function readCommandFacts(steps: ReadonlyMap<string, Step>, shell: ConstrainedShell | null): WindowsFacts {
  const answers = answersOf(steps);
  const interfaces = readCommandInterfaces(answers);
  const owners = joinOwners('value' in interfaces ? interfaces.value : []);
  const hostname = answers('computerName');
  return {
    collectorVersion: 1,
    tier: 'cmd',
    hostname: 'missing' in hostname ? hostname : firstText(hostname, 'hostname printed nothing'),
    clock: notRead,
    version: readVersion(answers),
    product: readProduct(answers),
    language: notRead,
    powershell:
      shell === null
        ? missing('no PowerShell ran the collector')
        : known({ version: shell.version, edition: null, languageMode: shell.languageMode }),
    elevated: notRead,
    userName: notRead,
    domain: notRead,
    interfaces,
    ...readCommandNetwork(answers, owners),
    registryInterfaces: readRegistryInterfaces(answers),
    netbiosOptions: notRead,
    bindings: notRead,
    networkCategories: notRead,
    firewallProfiles: notRead,
    firewallRules: notRead,
    firewallPolicyRules: notRead,
    listeners: mapLines(answers('sockets'), (lines) => known(readNetstat(lines))),
    httpListenOnly: notRead,
    services: notRead,
    tcpipParameters: mapLines(answers('tcpip'), (lines) => {
      const values = [...readRegistry(lines).values()][0];
      if (values === undefined) return missing('reg query printed no Tcpip parameters');
      return known({
        ipEnableRouter: flagOf(values.get('ipenablerouter')),
        disableDynamicUpdate: flagOf(values.get('disabledynamicupdate')),
      });
    }),
    notes: [...steps]
      .slice(0, 500)
      .flatMap(([step, { exitCode, lines }]) =>
        exitCode === 0
          ? []
          : [{ step: step.slice(0, 128), error: oneLine(`ended with ${exitCode}: ${lines.join(' ')}`, 1024) }],
      ),
  };
}

// `Microsoft Windows [Version 6.1.7601]`; the word is translated, the brackets are not.
function readVersion(answers: Answers): WindowsFacts['version'] {
  return mapLines(answers('version'), (lines) => {
    const match = /\[[^\d[\]]*(\d{1,3})\.(\d{1,3})\.(\d{1,6})(?:\.(\d{1,7}))?\]/.exec(lines.join('\n'));
    if (match === null) return missing('ver printed no version');
    const [, major, minor, build, revision] = match;
    return known({
      major: Number(major),
      minor: Number(minor),
      build: Number(build),
      revision: revision === undefined ? null : Number(revision),
    });
  });
}

function readProduct(answers: Answers): WindowsFacts['product'] {
  return mapLines(answers('product'), (lines) => {
    const values = [...readRegistry(lines).values()][0];
    const name = textOf(values?.get('productname'), 256);
    if (values === undefined || name === null) return missing('reg query printed no product name');
    return known({
      name,
      edition: textOf(values.get('editionid'), 64),
      installationType: textOf(values.get('installationtype'), 64),
      servicePack: textOf(values.get('csdversion'), 64),
    });
  });
}

function readRegistryInterfaces(answers: Answers): WindowsFacts['registryInterfaces'] {
  return mapLines(answers('registryInterfaces'), (lines) => {
    const rows: RegistryInterface[] = [];
    for (const [path, values] of readRegistry(lines)) {
      const guid = canonicalGuid(/\\(\{[0-9a-f-]{36}\})$/.exec(path)?.[1]);
      if (guid === null) continue;
      const masks = listOf(values.get('subnetmask'));
      rows.push({
        guid,
        addresses:
          listOf(values.get('ipaddress'))?.map((ip, position) => registryAddress(ip, masks?.[position])) ?? null,
        gateways: listOf(values.get('defaultgateway')),
        gatewayMetrics: listOf(values.get('defaultgatewaymetric'))?.map(Number).filter(Number.isSafeInteger) ?? null,
        dhcp: flagOf(values.get('enabledhcp')),
        metric: numberOf(values.get('interfacemetric')),
        registrationEnabled: flagOf(values.get('registrationenabled')),
        disableDynamicUpdate: flagOf(values.get('disabledynamicupdate')),
      });
    }
    return rows.length === 0 ? missing('reg query printed no interface') : known(rows);
  });
}

function firstText(lines: readonly string[], otherwise: string): WindowsFacts['hostname'] {
  const line = lines.find((text) => text.trim() !== '');
  return line === undefined ? missing(otherwise) : known(line.trim().slice(0, 4096));
}
