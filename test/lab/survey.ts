import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import { linuxProbe } from '../../src/collect/linux/probe.ts';
import type { HostSnapshot } from '../../src/contracts/snapshot.ts';
import type { Host, LoadedInventory } from '../../src/inventory/model.ts';
import { run } from './command.ts';
import { inventoryOf } from './inventory.ts';
import { inside } from './namespace.ts';
import { type Configuration, createObserver, createSpecimen, discard, type Specimen } from './specimen.ts';
import { measure, type Truth } from './truth.ts';

/** What a specimen said to the probe, and what it did. */
export interface Observation {
  readonly configuration: Configuration;
  readonly host: Host;
  readonly snapshot: HostSnapshot;
  readonly truth: Truth;
}

/** What was asked of the specimens, and what was observed of each, in the order of the configurations. */
export interface Survey {
  readonly inventory: LoadedInventory;
  readonly observations: readonly Observation[];
}

const batchSize = 40;
// While one batch waits for silence, the next is built.
const batchesAtOnce = 2;
const buildersAtOnce = 4;

/** Builds every configuration, runs the real probe in it, and measures what its kernel does. */
export async function survey(configurations: readonly Configuration[]): Promise<Survey> {
  const inventory = inventoryOf(configurations);
  const hosts = [...inventory.hosts.values()];
  const orders = configurations.flatMap((configuration, index) => {
    const host = hosts[index];
    return host === undefined ? [] : [{ configuration, host }];
  });
  const batches: (readonly Order[])[] = [];
  for (let start = 0; start < orders.length; start += batchSize) batches.push(orders.slice(start, start + batchSize));
  const limit = pLimit(batchesAtOnce);
  const observations = await Promise.all(batches.map((batch) => limit(() => surveyBatch(batch))));
  return { inventory, observations: observations.flat() };
}

interface Order {
  readonly configuration: Configuration;
  readonly host: Host;
}

async function surveyBatch(orders: readonly Order[]): Promise<readonly Observation[]> {
  const observer = await createObserver();
  const namespaces = [observer];
  const limit = pLimit(buildersAtOnce);
  try {
    const built = await Promise.all(
      orders.map((order, index) =>
        limit(async () => {
          const specimen = await createSpecimen(order.configuration, observer, index);
          namespaces.push(specimen.backend);
          return { ...order, specimen, snapshot: await collect(specimen, order.host) };
        }),
      ),
    );
    const truths = await measure(built.map(({ specimen }) => specimen));
    return built.flatMap(({ configuration, host, snapshot }, index) => {
      const truth = truths[index];
      return truth === undefined ? [] : [{ configuration, host, snapshot, truth }];
    });
  } finally {
    await discard(namespaces);
  }
}

/** The real probe, run as its transport would run it; the namespace of process 1 is the specimen's own. */
async function collect(specimen: Specimen, host: Host): Promise<HostSnapshot> {
  const nonce = randomBytes(8).toString('hex');
  const isolated = ['unshare', '--mount', '--pid', '--fork', '--mount-proc', ...linuxProbe.argv];
  const raw = await run(inside(specimen.backend, ...isolated), linuxProbe.script(host, nonce));
  const result = linuxProbe.parse(raw, host, nonce);
  if (!('linux' in result)) throw new Error(`${specimen.configuration.title}: ${JSON.stringify(result)}\n${raw}`);
  const { name, address, platform } = host;
  return { name, address, platform, transport: 'local', state: 'collected', raw, linux: result.linux };
}
