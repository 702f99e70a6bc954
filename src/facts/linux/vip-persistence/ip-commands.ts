import {
  addressOf,
  type BootAddress,
  classfulLength,
  deviceOf,
  type Line,
  maskLength,
  placeOf,
} from './boot-address.ts';

/**
 * The addresses and AnyIP routes that a shell line adds: `ip address add`, `ip route add local`, `ifconfig`. A variable in
 * a place that matters, or a condition before the command, leaves the effect open.
 */
export function readCommands(
  line: Line,
  manager: BootAddress['manager'],
  effect: BootAddress['effect'],
): readonly BootAddress[] {
  if (/^\s*#/.test(line.text)) return [];
  return line.text.split(/;|&&|\|\||\||&/).flatMap((command) => {
    const words = command
      .replaceAll(/["']/g, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    const added = ipCommand(words) ?? ifconfigCommand(words);
    if (added === undefined) return [];
    const conditional = /^(?:if|while|until|then|else|elif|for|case)$/.test(words[0] ?? '');
    return [
      {
        manager,
        ip: added.ip,
        prefixLength: added.prefixLength,
        interface: added.interface,
        route: added.route,
        source: placeOf(line),
        text: line.text.trim(),
        effect: conditional && effect === 'boot' ? { perhaps: 'the command stands under a condition' } : effect,
      },
    ];
  });
}

type Added = Pick<BootAddress, 'ip' | 'prefixLength' | 'interface' | 'route'>;

function ipCommand(words: readonly string[]): Added | undefined {
  const start = words.findIndex((word) => isProgram(word, 'ip'));
  if (start === -1) return undefined;
  const [object = '', verb = '', ...rest] = words.slice(start + 1).filter((word) => !/^-[0-9a-zA-Z]+$/.test(word));
  if (!isVerb(verb)) return undefined;
  const device = valueAfter(rest, ['dev']);
  if (device === undefined) return undefined;
  const route = /^(?:r|ro|rou|rout|route)$/.test(object);
  if (!route && !(object !== '' && 'address'.startsWith(object))) return undefined;
  const isAddress = (word: string): boolean => /^[0-9a-fA-F.:]+(?:\/[0-9.]+)?$/.test(word);
  // Of the routes only those of type local bring an address.
  const text = valueAfter(rest, ['local']) ?? (route ? undefined : rest.find(isAddress));
  const added = addressOf(text ?? '', (ip) => ip.words.length * 32);
  return added === undefined ? undefined : { ip: added.ip, prefixLength: added.prefixLength, interface: device, route };
}

function isProgram(word: string, name: string): boolean {
  return word === name || word.endsWith(`/${name}`);
}

function isVerb(verb: string): boolean {
  return /^(?:a|ad|add|r|re|rep|replace|c|ch|change|prepend|append)$/.test(verb);
}

/** `ifconfig lo:0 VIP` without a mask takes that of the address's class: the kernel's SIOCSIFADDR does. */
function ifconfigCommand(words: readonly string[]): Added | undefined {
  const start = words.findIndex((word) => isProgram(word, 'ifconfig'));
  const [label, ...rest] = words.slice(start + 1);
  if (start === -1 || label === undefined) return undefined;
  const added = rest
    .filter((_, index) => !/^(?:netmask|broadcast|pointopoint|dstaddr)$/.test(rest[index - 1] ?? ''))
    .map((word) => addressOf(word, classfulLength))
    .find((each) => each !== undefined);
  if (added === undefined) return undefined;
  const mask = valueAfter(rest, ['netmask']);
  const prefixLength = mask === undefined ? added.prefixLength : maskLength(mask);
  return prefixLength === undefined
    ? undefined
    : { ip: added.ip, prefixLength, interface: deviceOf(label), route: false };
}

function valueAfter(words: readonly string[], keywords: readonly string[]): string | undefined {
  const index = words.findIndex((word) => keywords.includes(word));
  return index === -1 ? undefined : words[index + 1];
}
