import { quoted } from '../contracts/quoted.ts';
import { wrong, type Violation } from '../contracts/violation.ts';
import { networkIp, notOnNetwork, parseIp } from './address.ts';
import { checkSharedVips } from './shared-vips.ts';
import type { Draft, DraftService, Text } from './draft.ts';
import { unknownName } from './unknown-name.ts';

/** What is wrong with the services beyond the form of each value: addresses, names, backends, collisions. */
export function checkServices(draft: Draft): Violation[] {
  const taken = addressesInUse(draft);
  const balancers = [...(draft.loadBalancers?.values() ?? [])].flat();
  return [
    ...balancers.flatMap(checkAddress),
    ...draft.services.flatMap((service) => [
      ...service.vips.flatMap(checkAddress),
      ...checkTwiceInList(service.vips),
      ...service.vips.flatMap((vip) => checkTaken(vip, taken)),
      ...checkClient(service),
      ...checkLoadBalancer(service, draft),
      ...checkBackends(service, draft),
    ]),
    ...checkSharedVips(draft.services),
  ];
}

function checkAddress({ text, path }: Text): Violation[] {
  const ip = parseIp(text);
  if (!('text' in ip)) return [wrong(path, () => `${quoted(text)} ${ip.problem}`)];
  const problem = notOnNetwork(ip);
  if (problem === undefined) return [];
  return [wrong(path, () => `${quoted(text)} ${problem}, expected a unicast address that other machines can reach`)];
}

function checkTwiceInList(vips: readonly Text[]): Violation[] {
  const first = new Map<string, Text>();
  return vips.flatMap((vip) => {
    const ip = networkIp(vip.text);
    const earlier = ip && first.get(ip.text);
    if (ip === undefined || earlier === undefined) {
      if (ip !== undefined) first.set(ip.text, vip);
      return [];
    }
    return [
      wrong(vip.path, () => `${quoted(vip.text)} is ${quoted(earlier.text)} written otherwise; remove one of the two`),
    ];
  });
}

/** What each address that is not a VIP belongs to. */
function addressesInUse({
  hosts = new Map(),
  loadBalancers = new Map(),
  services,
}: Draft): ReadonlyMap<string, string> {
  const owners: [Text, string][] = [
    ...[...hosts.values()].map((host): [Text, string] => [host.address, `the address of host ${quoted(host.name)}`]),
    ...[...loadBalancers].flatMap(([name, addresses]) =>
      addresses.map((address): [Text, string] => [address, `an address of load balancer ${quoted(name)}`]),
    ),
    ...services.flatMap(({ name, client }): [Text, string][] =>
      client === undefined ? [] : [[client, `the client of service ${quoted(name)}`]],
    ),
  ];
  const taken = new Map<string, string>();
  for (const [address, owner] of owners) {
    const ip = networkIp(address.text);
    if (ip !== undefined && !taken.has(ip.text)) taken.set(ip.text, owner);
  }
  return taken;
}

function checkTaken(vip: Text, taken: ReadonlyMap<string, string>): Violation[] {
  const ip = networkIp(vip.text);
  const owner = ip && taken.get(ip.text);
  if (owner === undefined) return [];
  return [
    wrong(
      vip.path,
      () => `the VIP ${quoted(vip.text)} is also ${owner}, expected an address that only the service has`,
    ),
  ];
}

function checkClient({ client, vips }: DraftService): Violation[] {
  if (client === undefined) return [];
  const ip = networkIp(client.text);
  if (ip === undefined) return checkAddress(client);
  const families = vips.flatMap((vip) => networkIp(vip.text)?.family ?? []);
  if (families.length === 0 || families.includes(ip.family)) return [];
  return [
    wrong(
      client.path,
      () =>
        `the client ${quoted(client.text)} is IPv${ip.family}, and no VIP of the service is; give a client of their family`,
    ),
  ];
}

function checkLoadBalancer({ loadBalancer }: DraftService, { loadBalancers }: Draft): Violation[] {
  if (loadBalancer === undefined || loadBalancers === undefined || loadBalancers.has(loadBalancer.text)) return [];
  return [
    wrong(loadBalancer.path, () =>
      unknownName('load balancer', 'loadBalancers', loadBalancer.text, loadBalancers.keys()),
    ),
  ];
}

function checkBackends({ backends, method }: DraftService, { hosts }: Draft): Violation[] {
  if (hosts === undefined) return [];
  return backends.flatMap((backend) => {
    const host = hosts.get(backend.text);
    if (host === undefined)
      return [wrong(backend.path, () => unknownName('host', 'hosts', backend.text, hosts.keys()))];
    if (host.platform !== 'windows' || method === 'loopback') return [];
    return [
      wrong(backend.path, () => {
        return `${quoted(backend.text)} runs Windows, and method ${quoted(method)} is for Linux; give Windows hosts a service with method loopback`;
      }),
    ];
  });
}
