import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import { linuxProbe } from '../../src/collect/linux/probe.ts';
import type { HostSnapshot } from '../../src/contracts/snapshot.ts';
import type { Host, LoadedInventory } from '../../src/inventory/model.ts';
import { attempt, run } from './command.ts';
import { inventoryOf } from './inventory.ts';
import { createNamespace, inside, type Namespace, sweepLeftovers } from './namespace.ts';
import { buildSpecimen, type Configuration, prepareObserver, type Specimen } from './specimen.ts';
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
  await sweepLeftovers();
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
  const namespaces: Namespace[] = [];
  const make = async (purpose: string): Promise<Namespace> => {
    const namespace = await createNamespace(purpose);
    namespaces.push(namespace);
    return namespace;
  };
  const limit = pLimit(buildersAtOnce);
  try {
    const observer = await make('observer');
    await prepareObserver(observer);
    const built = await Promise.all(
      orders.map((order, index) =>
        limit(async () => {
          const backend = await make(`specimen${index}`);
          const specimen = await buildSpecimen(order.configuration, backend, observer, index);
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
    // Nothing runs in them any more, so there is nobody to end.
    await attempt(['ip', '-batch', '-'], namespaces.map(({ name }) => `netns del ${name}\n`).join(''));
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
