import { monitorEventLoopDelay } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { collect } from '../../src/collect/collect.ts';
import type { Host } from '../../src/inventory/model.ts';
import type { ClientReport, ClientTask } from './ssh-server-child.ts';
import { tinyProbes } from './ssh-server-probe.ts';

// The program that runs one collection in a process of its own and must then end by itself: see ssh-server-child.ts.
const task = JSON.parse(await text(process.stdin)) as ClientTask;
const delay = monitorEventLoopDelay({ resolution: 10 });
const interruption = new AbortController();
if (task.abortAfterMilliseconds !== undefined) setTimeout(() => interruption.abort(), task.abortAfterMilliseconds);
const hosts = new Map(task.inventory.map((host): [string, Host] => [host.name, host]));
const selected = task.inventory.filter((host) => task.selected.includes(host.name));
const uncaught: string[] = [];
process.on('unhandledRejection', (error) => uncaught.push(String(error)));
process.on('warning', (warning) => uncaught.push(String(warning)));
delay.enable();
const started = performance.now();
const snapshots = await collect(selected, {
  ...task.options,
  probes: tinyProbes,
  hosts,
  environment: task.environment,
  signal: interruption.signal,
});
delay.disable();
const report: ClientReport = {
  snapshots,
  milliseconds: performance.now() - started,
  longestPauseMilliseconds: delay.max / 1e6,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
  uncaught,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
