import { captureArp } from './capture.ts';
import { attempt, run } from './command.ts';
import { addresses, type Fleet } from './fleet.ts';
import { inside, type Namespace, shell } from './namespace.ts';
import { repliers } from './truth.ts';

/** The MACs that answer for an address on eth0 of a station, in the order of their first answer; nobody is an empty list. */
export async function whoAnswers(station: Namespace, address: string): Promise<readonly string[]> {
  // Broadcast all the way: a unicast follow-up would reach the first responder only. No -c: it would count replies.
  const { stdout } = await attempt(inside(station, 'arping', '-b', '-w', '2', '-I', 'eth0', address));
  return repliers(stdout);
}

/**
 * The MACs that answer the balancer itself. It owns the VIP, so a plain arping would ask in the VIP's name, which every
 * backend takes for a martian and even a broken one leaves unanswered; it asks as its own address instead.
 */
export async function whoAnswersBalancer(fleet: Fleet, address: string): Promise<readonly string[]> {
  const command = ['arping', '-b', '-s', addresses.balancer, '-w', '2', '-I', 'eth0', address];
  const { stdout } = await attempt(inside(fleet.balancer, ...command));
  return repliers(stdout);
}

/** How many of the client's requests to the VIP each backend served; the name "" counts the unserved. */
export async function servedBy(fleet: Fleet, requests: number): Promise<ReadonlyMap<string, number>> {
  const output = await run(
    inside(fleet.client, '/bin/sh'),
    `for n in $(seq ${requests}); do curl -s -m 1 http://${addresses.vip}/; echo; done`,
  );
  const counts = new Map<string, number>();
  for (const name of output.split('\n').slice(0, requests)) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** What the backend behind a MAC answers to a request for the VIP, sent by a peer past every balancer; null for silence. */
export async function servedByMac(fleet: Fleet, mac: string): Promise<string | null> {
  await shell(fleet.peer, `ip neigh replace ${addresses.vip} lladdr ${mac} dev eth0 nud permanent`);
  const { code, stdout } = await attempt(inside(fleet.peer, 'curl', '-s', '-m', '1', `http://${addresses.vip}/`));
  await shell(fleet.peer, `ip neigh del ${addresses.vip} dev eth0`);
  return code === 0 ? stdout : null;
}

/** The MACs that name the VIP as the sender of an ARP request while backends send packets from it to unresolved neighbours. */
export async function whoAnnounces(fleet: Fleet): Promise<readonly string[]> {
  const capture = await captureArp(fleet.peer);
  for (const backend of fleet.backends) {
    await backend.execute(
      ['/bin/sh'],
      `ip neigh flush all; ping -c 1 -W 0.2 -I ${addresses.vip} ${addresses.peer}; ping -c 1 -W 0.2 -I ${addresses.vip} 10.77.0.66`,
    );
  }
  const requests = (await capture.stop()).filter(({ kind, sender }) => kind === 'request' && sender === addresses.vip);
  return [...new Set(requests.map(({ mac }) => mac))];
}

/** The MAC that the router holds for the VIP: where the clients' packets go. */
export async function routerChoice(fleet: Fleet): Promise<string | null> {
  const line = await run(inside(fleet.router, 'ip', 'neigh', 'show', addresses.vip));
  return / lladdr (\S+)/.exec(line)?.[1] ?? null;
}

/** The backend speaks to its gateway from the VIP, as its first reply to a client does, until the router believes it. */
export async function takeOver(fleet: Fleet, name: string): Promise<void> {
  const backend = fleet.backends.find((each) => each.name === name);
  if (backend === undefined) throw new Error(`no backend ${name}`);
  // An entry is kept for a second after it was learnt (LOCKTIME of net/ipv4/arp.c), so more than one attempt may be needed.
  for (let attempts = 0; attempts < 10; attempts += 1) {
    await backend.execute(['/bin/sh'], `ip neigh flush all; ping -c 1 -W 0.5 -I ${addresses.vip} ${addresses.router}`);
    if ((await routerChoice(fleet)) === backend.mac) return;
  }
  throw new Error(`the router never believed ${name}`);
}
