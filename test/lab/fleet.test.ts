import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { labAvailable } from './availability.ts';
import { run } from './command.ts';
import { addresses, type Fleet, startFleet } from './fleet.ts';
import {
  routerChoice,
  servedBy,
  servedByMac,
  takeOver,
  whoAnnounces,
  whoAnswers,
  whoAnswersBalancer,
} from './fleet-truth.ts';
import { inside, shell, sweepLeftovers } from './namespace.ts';

const onLo = `ip addr add ${addresses.vip}/32 dev lo`;
const silent = ['echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore', 'echo 2 >/proc/sys/net/ipv4/conf/all/arp_announce'];

// As systemd's 50-default.conf sets it: the whole subnet is then the host itself, and so every asker is a martian.
const sourceValidation = 'echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter';

describe.skipIf(!labAvailable())('a fleet behind a direct routing balancer', () => {
  let fleet: Fleet | undefined;
  afterEach(async () => {
    await fleet?.stop();
    fleet = undefined;
  });

  test('without the sysctls the backends answer for the VIP, and one of them takes all traffic past the balancer', async () => {
    fleet = await startFleet([
      { name: 'web01', commands: [onLo] },
      { name: 'web02', commands: [onLo] },
    ]);
    const [web01, web02] = fleet.backends.map(({ mac }) => mac);
    expect(new Set(await whoAnswersBalancer(fleet, addresses.vip))).toEqual(new Set([web01, web02]));
    expect(await whoAnswers(fleet.peer, addresses.vip)).toHaveLength(3);
    expect(new Set(await whoAnnounces(fleet))).toEqual(new Set([web01, web02]));
    await takeOver(fleet, 'web02');
    expect(await servedBy(fleet, 20)).toEqual(new Map([['web02', 20]]));
  });

  test('with arp_ignore 1 and arp_announce 2 only the balancer answers, and every backend serves', async () => {
    fleet = await startFleet(['web01', 'web02', 'web03'].map((name) => ({ name, commands: [...silent, onLo] })));
    expect(await whoAnswersBalancer(fleet, addresses.rip(0))).toHaveLength(1);
    expect(await whoAnswersBalancer(fleet, addresses.vip)).toEqual([]);
    expect(await whoAnswers(fleet.peer, addresses.vip)).toEqual([await macOf(fleet, 'balancer')]);
    expect(await whoAnnounces(fleet)).toEqual([]);
    for (const { name, mac } of fleet.backends) expect(await servedByMac(fleet, mac)).toBe(name);
    const served = await servedBy(fleet, 40);
    expect([...served.keys()].sort()).toEqual(['web01', 'web02', 'web03']);
    expect(await routerChoice(fleet)).toBe(await macOf(fleet, 'balancer'));
  });

  test('a VIP with the length of the segment on lo cuts the host off from its own subnet', async () => {
    fleet = await startFleet([
      { name: 'web01', commands: [...silent, sourceValidation, `ip addr add ${addresses.vip}/24 dev lo`] },
      { name: 'web02', commands: [...silent, sourceValidation, onLo] },
    ]);
    expect(await whoAnswersBalancer(fleet, addresses.rip(0))).toEqual([]);
    expect(await whoAnswersBalancer(fleet, addresses.rip(1))).toHaveLength(1);
    const [web01 = '', web02 = ''] = fleet.backends.map(({ mac }) => mac);
    expect(await servedByMac(fleet, web01)).toBeNull();
    expect(await servedByMac(fleet, web02)).toBe('web02');
    // Its default route still stands, so clients behind the router are served and nothing looks wrong from there.
    expect((await servedBy(fleet, 40)).get('web01')).toBeGreaterThan(0);
  });

  test('fleets stand side by side, and the machine keeps no link, no route and no process of them', async () => {
    const before = await run(['ip', '-o', 'link', 'show']);
    const plan = { commands: [...silent, onLo] };
    const fleets = await Promise.all(['web01', 'web02'].map((name) => startFleet([{ ...plan, name }])));
    try {
      expect(await Promise.all(fleets.map((each) => servedBy(each, 5)))).toEqual([
        new Map([['web01', 5]]),
        new Map([['web02', 5]]),
      ]);
      expect(await run(['ip', '-o', 'link', 'show'])).toBe(before);
      for (const { auditor } of fleets) {
        expect(await shell(auditor, 'ip route get 192.0.2.1 2>&1 || echo no way out')).toContain('no way out');
      }
    } finally {
      for (const each of fleets) await each.stop();
    }
    expect(await run(['ip', '-o', 'link', 'show'])).toBe(before);
    expect(readdirSync('/run/netns').filter((name) => name.startsWith(`dsrlab-${process.pid}-`))).toEqual([]);
    const processes = await run(['ps', '-eo', 'args']);
    for (const { folder } of fleets) expect(processes).not.toContain(folder);
  });

  test('what a killed process left behind is removed by the next one', async () => {
    const ticks = await leaveBehind();
    const swept = await sweepLeftovers();
    expect(swept.filter((name) => name.includes(ticks))).toHaveLength(1);
    expect(readdirSync('/run/netns').filter((name) => name.includes(ticks))).toEqual([]);
  });
});

async function macOf(fleet: Fleet, station: 'balancer'): Promise<string> {
  return (await run(inside(fleet[station], 'cat', '/sys/class/net/eth0/address'))).trim();
}

/** Makes a namespace named after a process that has ended, with a process in it; returns what marks its name. */
async function leaveBehind(): Promise<string> {
  const ended = spawn('true');
  await new Promise((resolve) => ended.once('close', resolve));
  const mark = `dsrlab-${ended.pid}-1-`;
  await run(['ip', 'netns', 'add', `${mark}backend`]);
  const orphan = spawn('ip', ['netns', 'exec', `${mark}backend`, 'sleep', '600'], { stdio: 'ignore', detached: true });
  orphan.unref();
  return mark;
}
