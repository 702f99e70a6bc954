import { quoted } from '../contracts/quoted.ts';
import { wrong, type Violation } from '../contracts/violation.ts';
import { networkIp } from './address.ts';
import type { DraftService, Text } from './draft.ts';

/** A service and how it writes a VIP that others have too. */
interface User {
  readonly service: DraftService;
  readonly vip: Text;
}

/** Services may share a VIP if their ports differ, a backend can hold it by one method, and their clients have one family. */
export function checkSharedVips(services: readonly DraftService[]): Violation[] {
  const users = new Map<string, User[]>();
  for (const service of services) {
    const addresses = new Set<string>();
    for (const vip of service.vips) {
      const address = networkIp(vip.text)?.text;
      if (address === undefined || addresses.has(address)) continue;
      addresses.add(address);
      const sharing = users.get(address);
      if (sharing === undefined) users.set(address, [{ service, vip }]);
      else sharing.push({ service, vip });
    }
  }
  const violations = [...users].flatMap(([address, sharing]) =>
    checkPorts(address, sharing).concat(checkMethods(address, sharing), checkClients(address, sharing)),
  );
  // Services that share two VIPs collide twice for one reason.
  return [...new Map(violations.reverse().map((violation) => [JSON.stringify(violation.path), violation])).values()];
}

function checkPorts(address: string, sharing: readonly User[]): Violation[] {
  const owners = new Map<string, string>();
  return sharing.flatMap(({ service, vip }) => {
    const other = sharing.find((user) => user.service !== service)?.service.name;
    if (other === undefined) return [];
    if (service.ports.length === 0) {
      const message = `without ports, this service takes every port of VIP ${address}, which service ${quoted(other)} has too; give both their ports`;
      return [wrong(vip.path, () => message)];
    }
    return service.ports.flatMap((port) => {
      const owner = owners.get(port.text);
      owners.set(port.text, owner ?? service.name);
      if (owner === undefined || owner === service.name) return [];
      const message = `service ${quoted(owner)} already has port ${port.text} of VIP ${address}; one service a VIP and port`;
      return [wrong(port.path, () => message)];
    });
  });
}

function checkMethods(address: string, sharing: readonly User[]): Violation[] {
  const [first] = sharing;
  return sharing.flatMap(({ service }) => {
    if (first === undefined || service.method === first.service.method) return [];
    const message = `service ${quoted(first.service.name)} has VIP ${address} by method ${quoted(first.service.method)}, this one by ${quoted(service.method)}; expected one method a VIP`;
    return [wrong([...service.path, 'method'], () => message)];
  });
}

function checkClients(address: string, sharing: readonly User[]): Violation[] {
  let first: { readonly service: string; readonly family: number } | undefined;
  return sharing.flatMap(({ service: { name, client, path } }) => {
    const family = client && networkIp(client.text)?.family;
    if (family === undefined) return [];
    first ??= { service: name, family };
    if (first.family === family) return [];
    const message = `service ${quoted(first.service)} has an IPv${first.family} client for VIP ${address}, this one an IPv${family} client; expected clients of one family a VIP`;
    return [wrong([...path, 'client'], () => message)];
  });
}
