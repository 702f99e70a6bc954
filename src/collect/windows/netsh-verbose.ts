import type { WindowsSetting } from '../../contracts/snapshot.ts';

/** One interface of `netsh interface ipv4 show interfaces level=verbose`. */
export interface VerboseInterface {
  readonly index: number;
  readonly metric: number | null;
  readonly connected: boolean | null;
  readonly forwarding: WindowsSetting;
  readonly weakHostSend: WindowsSetting;
  readonly weakHostReceive: WindowsSetting;
  readonly automaticMetric: WindowsSetting;
}

// Labels, units and titles are translated; IfLuid, IfIndex, the order of the lines and these values are not.
const switchWords = new Set(['enabled', 'disabled', 'dhcp']);
/**
 * Where the switches stand in the first unbroken run of such values: Forwarding, Advertising, Neighbour Discovery,
 * Neighbour Unreachability Detection, Router Discovery, Managed Address, Other Stateful, Weak Host Sends,
 * Weak Host Receives, Automatic Metric, Ignore Default Routes. The same in Windows Server 2008 and Windows 10.
 */
const position = { forwarding: 0, weakHostSend: 7, weakHostReceive: 8, automaticMetric: 9 } as const;
const runLength = 11;
/** State and metric follow IfIndex at once, but Windows Server 2008 puts Compartment Id between. */
const stateWords = new Map([
  ['connected', true],
  ['disconnected', false],
]);

/** Reads every interface, or says why the text cannot be used. A run of another length leaves the switches of its interface unknown (null). */
export function readVerboseInterfaces(
  lines: readonly string[],
): readonly VerboseInterface[] | { readonly unreadable: string } {
  const blocks: string[][] = [];
  for (const line of lines) {
    const colon = line.search(/[:：]/);
    if (colon === -1) continue;
    const label = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    if (label === 'IfLuid') blocks.push([]);
    else if (label === 'IfIndex') blocks.at(-1)?.unshift(value);
    else blocks.at(-1)?.push(value);
  }
  if (blocks.length === 0) return { unreadable: 'netsh listed no interface' };
  const interfaces = blocks.map(readBlock);
  const known = interfaces.filter((entry) => entry !== null);
  if (known.length < blocks.length) return { unreadable: 'netsh listed an interface without IfIndex' };
  return known;
}

function readBlock([indexText, ...values]: readonly string[]): VerboseInterface | null {
  if (indexText === undefined || !/^\d{1,9}$/.test(indexText)) return null;
  const words = values.map((value) => value.toLowerCase());
  const stateAt = words.findIndex((word) => stateWords.has(word));
  const metricText = stateAt === -1 ? undefined : words[stateAt + 1];
  const run = firstRun(words);
  const at = (index: number): WindowsSetting => {
    if (run.length !== runLength || run[index] === 'dhcp') return null;
    return run[index] === 'enabled';
  };
  return {
    index: Number(indexText),
    metric: metricText !== undefined && /^\d{1,10}$/.test(metricText) ? Number(metricText) : null,
    connected: stateAt === -1 ? null : (stateWords.get(words[stateAt] ?? '') ?? null),
    forwarding: at(position.forwarding),
    weakHostSend: at(position.weakHostSend),
    weakHostReceive: at(position.weakHostReceive),
    automaticMetric: at(position.automaticMetric),
  };
}

function firstRun(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => switchWords.has(word));
  if (start === -1) return [];
  const length = words.slice(start).findIndex((word) => !switchWords.has(word));
  return length === -1 ? words.slice(start) : words.slice(start, start + length);
}
