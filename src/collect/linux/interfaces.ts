import type { NetworkInterface } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

const attributeLine =
  /^\.\/([^/]{1,64})\/(ifindex|flags|type|iflink|operstate|address|master\/ifindex|brport\/bridge\/ifindex|uevent):(.{0,128})$/;
const kindLine = /^([0-9]{1,10}): (.*)$/;
// Groups of details that say how an interface is used, not what it is.
const noKind = /^(?:.*_slave|(?:link|prog)\/.*|alias|altname|vf)$/;

/** Reads the interfaces from sysfs, and their kinds from `ip -d link` where that is iproute2's. */
export function readInterfaces(sections: Sections): readonly NetworkInterface[] {
  const byName = new Map<string, Map<string, string>>();
  for (const line of sections.lines('interfaces')) {
    const [, name, attribute, value] = attributeLine.exec(line) ?? [];
    if (name === undefined || attribute === undefined || value === undefined) {
      throw new UnreadableOutput(`unexpected line of /sys/class/net: ${quoteRemote(line)}`);
    }
    const attributes = byName.get(name) ?? new Map<string, string>();
    byName.set(name, attributes);
    if (attributes.has(attribute))
      throw new UnreadableOutput(`${quoteRemote(`${name}/${attribute}`)} occurs more than once`);
    attributes.set(attribute, value);
  }
  if (byName.size === 0) throw new UnreadableOutput('/sys/class/net shows no interface, not even lo');
  const names = new Map<number, string>();
  for (const [name, attributes] of byName) {
    const index = integer(name, attributes, 'ifindex');
    if (names.has(index)) throw new UnreadableOutput(`/sys/class/net shows the index ${index} twice`);
    names.set(index, name);
  }
  const kinds = readKinds(sections, names);
  const interfaces = [...byName].map(([name, attributes]) => describe(name, attributes, names, kinds));
  if (kinds === undefined) refuseUnknownMasters(interfaces);
  return interfaces;
}

/** Whether ARP is answered by an interface or by its master depends on the kind of the master (VRF or not). */
function refuseUnknownMasters(interfaces: readonly NetworkInterface[]): void {
  const masters = new Set(interfaces.map(({ master }) => master));
  const unknown = interfaces.find(({ name, kind }) => kind === null && masters.has(name));
  if (unknown === undefined) return;
  throw new UnreadableOutput(
    `${quoteRemote(unknown.name)} has other interfaces below it, and its kind cannot be told without iproute2`,
  );
}

function describe(
  name: string,
  attributes: ReadonlyMap<string, string>,
  names: ReadonlyMap<number, string>,
  kinds: Kinds | undefined,
): NetworkInterface {
  const index = integer(name, attributes, 'ifindex');
  const operState = attributes.get('operstate') ?? '';
  if (!/^[a-z]{1,32}$/.test(operState)) throw lacking(name, 'operstate', operState);
  const bridge = attributes.get('brport/bridge/ifindex');
  const bridgePort = bridge !== undefined;
  const master = attributes.get('master/ifindex') ?? bridge;
  return {
    name,
    index,
    flags: integer(name, attributes, 'flags'),
    type: integer(name, attributes, 'type'),
    address: attributes.get('address') ?? '',
    linkIndex: integer(name, attributes, 'iflink'),
    operState,
    kind: kinds?.get(index) ?? deviceType(name, attributes),
    master: master === undefined ? null : masterName(name, Number(master), names),
    bridgePort,
  };
}

function integer(name: string, attributes: ReadonlyMap<string, string>, attribute: string): number {
  const text = attributes.get(attribute) ?? '';
  if (!/^(?:[0-9]{1,10}|0x[0-9a-f]{1,8})$/.test(text)) throw lacking(name, attribute, text);
  return Number(text);
}

function lacking(name: string, attribute: string, text: string): UnreadableOutput {
  const found = text === '' ? 'not there' : quoteRemote(text);
  return new UnreadableOutput(`${attribute} of the interface ${quoteRemote(name)} is ${found}`);
}

function masterName(name: string, index: number, names: ReadonlyMap<number, string>): string {
  const master = names.get(index);
  if (master === undefined) {
    throw new UnreadableOutput(
      `the master of the interface ${quoteRemote(name)} has the index ${index}, which no interface has`,
    );
  }
  return master;
}

function deviceType(name: string, attributes: ReadonlyMap<string, string>): string | null {
  const text = attributes.get('uevent');
  if (text === undefined) return null;
  const [, type] = /^DEVTYPE=([a-z0-9_-]{1,32})$/.exec(text) ?? [];
  if (type === undefined) throw lacking(name, 'uevent', text);
  return type;
}

type Kinds = ReadonlyMap<number, string>;

/** Kinds by index; undefined without iproute2, whose `-d` busybox does not have. */
function readKinds(sections: Sections, names: ReadonlyMap<number, string>): Kinds | undefined {
  if (!sections.has('kinds')) return undefined;
  const lines = sections.lines('kinds');
  const status = lines.at(-1);
  if (lines.length === 1 && /^status [1-9][0-9]*$/.test(status ?? '')) return undefined;
  if (status !== 'status 0') throw new UnreadableOutput(`ip -d link ended with ${quoteRemote(status ?? 'nothing')}`);
  const kinds = new Map<number, string>();
  const seen = new Set<number>();
  for (const line of lines.slice(0, -1)) {
    const [, digits, rest] = kindLine.exec(line) ?? [];
    // A name holds no slash, so the first group `link/...` is the kernel's.
    const start = rest?.indexOf(' \\link/') ?? -1;
    if (digits === undefined || rest === undefined || start === -1) {
      throw new UnreadableOutput(`unexpected line of ip -d link: ${quoteRemote(line)}`);
    }
    const index = Number(digits);
    const name = names.get(index);
    if (name === undefined || seen.has(index) || !isHead(rest.slice(0, start), name)) {
      throw new UnreadableOutput(`sysfs and ip link contradict each other about the interface ${index}`);
    }
    seen.add(index);
    const kind = rest
      .slice(start + 2)
      .split(' \\')
      .find((group) => !noKind.test(group));
    if (kind !== undefined && !/^[a-z0-9_-]{1,32}$/.test(kind)) {
      throw new UnreadableOutput(`the kind of the interface ${quoteRemote(name)} is ${quoteRemote(kind)}`);
    }
    if (kind !== undefined) kinds.set(index, kind);
  }
  if (seen.size !== names.size) {
    throw new UnreadableOutput(`sysfs shows ${names.size} interfaces and ip link ${seen.size}`);
  }
  return kinds;
}

/** The probe's own shortening spoils a backslash in a name; the index tells which interface it is. */
function isHead(head: string, name: string): boolean {
  return head === `${name}:` || (head.startsWith(`${name}@`) && head.endsWith(':')) || name.includes('\\');
}
