/** IFA_F_* of include/uapi/linux/if_addr.h by the names that iproute2 prints. */
const flagBits = [
  [0x02, 'nodad'],
  [0x04, 'optimistic'],
  [0x08, 'dadfailed'],
  [0x10, 'home'],
  [0x20, 'deprecated'],
  [0x40, 'tentative'],
  [0x80, 'permanent'],
  [0x100, 'mngtmpaddr'],
  [0x200, 'noprefixroute'],
  [0x400, 'autojoin'],
  [0x800, 'stable-privacy'],
] as const;

const names = new Set<string>(['secondary', 'temporary', 'dynamic', ...flagBits.map(([, name]) => name)]);

/** Whether a word of `ip addr` is the name of an address flag. */
export function isFlagName(word: string): boolean {
  return names.has(word);
}

/** The names of the flags that are set, in iproute2's order. */
export function flagsOf(bits: number, family: 4 | 6): readonly string[] {
  const first = (bits & 1) === 0 ? [] : [family === 4 ? 'secondary' : 'temporary'];
  return [...first, ...flagBits.flatMap(([bit, name]) => ((bits & bit) === 0 ? [] : [name]))];
}
