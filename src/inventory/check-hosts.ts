import { quoted } from '../contracts/quoted.ts';
import { wrong, type Violation } from '../contracts/violation.ts';
import { isDnsName, notAHost, parseIp } from './address.ts';
import type { Draft, DraftHost, Text } from './draft.ts';
import { isOtherHome } from './file-path.ts';
import { unknownName } from './unknown-name.ts';

type Hosts = ReadonlyMap<string, DraftHost>;

/** What is wrong with the hosts beyond the form of each value: addresses, transports, twins, jumps, files. */
export function checkHosts({ hosts = new Map(), defaultJump, files }: Draft): Violation[] {
  return [
    ...[...hosts.values()].flatMap(checkHost),
    ...checkTwins(hosts),
    ...checkJumpNames(hosts, defaultJump),
    ...checkJumpLoops(hosts),
    ...files
      .filter(({ text }) => isOtherHome(text))
      .map(({ text, path }) => {
        return wrong(path, () => `${quoted(text)} is in the home of another user, expected ~/ or a full path`);
      }),
  ];
}

function checkHost({ name, path, address, platform, transport }: DraftHost): Violation[] {
  const problem = addressProblem(address.text);
  const isName = address.text === name;
  const violations: Violation[] = [];
  if (problem !== undefined) {
    const which = isName ? `the host's name ${quoted(name)}, which is its address,` : quoted(address.text);
    violations.push(wrong(address.path, () => `${which} ${problem}`));
  }
  if (transport === 'powershell' && platform === 'linux') {
    const message = 'transport powershell is for Windows, and this host is Linux; use ssh, or add platform: windows';
    violations.push(wrong([...path, 'transport'], () => message));
  }
  return violations;
}

function addressProblem(address: string): string | undefined {
  if (!address.includes(':') && isDnsName(address)) return undefined;
  const ip = parseIp(address);
  if ('text' in ip) return notAHost(ip) && `${notAHost(ip)}, expected the address of one machine`;
  return /^[0-9.]+$|:/.test(address) ? ip.problem : 'is neither an IP address nor a DNS name';
}

/** What tells two machines apart; docs/decisions/one-address-one-host.md. */
function identity({ address, transport, port, jump }: DraftHost): string {
  if (transport === 'local') return 'local';
  const ip = parseIp(address.text);
  const place = 'text' in ip ? ip.text : address.text.toLowerCase().replace(/\.$/, '');
  return JSON.stringify([place, port ?? 22, transport === 'ssh' ? jump : undefined]);
}

function checkTwins(hosts: Hosts): Violation[] {
  const first = new Map<string, DraftHost>();
  return [...hosts.values()].flatMap((host) => {
    const twin = first.get(identity(host));
    if (twin === undefined) {
      first.set(identity(host), host);
      return [];
    }
    const message =
      host.transport === 'local'
        ? `${quoted(twin.name)} has transport local too: this machine would be audited twice; remove one`
        : `${quoted(twin.name)} has this address too: one machine would be audited twice; remove one, or give each its port`;
    return [wrong(host.address.path, () => message)];
  });
}

function checkJumpNames(hosts: Hosts, defaultJump: Text | undefined): Violation[] {
  const jumps = [defaultJump, ...[...hosts.values()].map((host) => host.ownJump)];
  return jumps.flatMap((jump) => {
    if (jump === undefined) return [];
    const hop = hosts.get(jump.text);
    if (hop === undefined) return [wrong(jump.path, () => unknownName('host', 'hosts', jump.text, hosts.keys()))];
    if (hop.transport === 'ssh') return [];
    return [
      wrong(
        jump.path,
        () => `${quoted(hop.name)} has transport ${quoted(hop.transport)}, expected a host with transport ssh`,
      ),
    ];
  });
}

function checkJumpLoops(hosts: Hosts): Violation[] {
  const checked = new Set<string>();
  return [...hosts.values()].flatMap((start) => {
    const route: string[] = [];
    let host: DraftHost | undefined = start;
    while (host !== undefined && !checked.has(host.name)) {
      checked.add(host.name);
      route.push(host.name);
      host = host.transport === 'ssh' && host.jump !== undefined ? hosts.get(host.jump) : undefined;
    }
    const begin = host === undefined ? -1 : route.indexOf(host.name);
    const entry = host;
    if (begin === -1 || entry === undefined) return [];
    const loop = [...route.slice(begin), entry.name].map(quoted);
    return [
      wrong(
        [...entry.path, 'jump'],
        () => `the jumps go in a circle: ${loop.join(' -> ')}; one must be reached directly`,
      ),
    ];
  });
}
