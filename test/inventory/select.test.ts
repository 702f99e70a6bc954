import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadInventory } from '../../src/inventory/load.ts';
import { selectHosts } from '../../src/inventory/select.ts';
import { refusal } from '../support/refusal.ts';

const inventory = loadInventory(
  'fleet.yaml',
  `version: 1
services:
  web: { vip: 10.77.0.100, backends: [web02, web01, web10] }
  dns: { vip: 10.77.0.101, backends: [dns.a, web01] }
hosts:
  web01: { tags: [paris, canary] }
  web02: { tags: [paris] }
  web10:
  bastion: { tags: [gate] }
  dns.a: { tags: [lyon, canary] }
  web-idle: { tags: [canary] }
`,
);

const backends = ['web01', 'web02', 'web10', 'dns.a'];

function select(...limits: readonly string[]): readonly string[] {
  return selectHosts(inventory, limits).hosts.map(({ name }) => name);
}

function refused(...limits: readonly string[]): string {
  return refusal(() => select(...limits))?.message ?? 'selected';
}

describe('selected are, in inventory order,', () => {
  test.each<[string, string[], string[]]>([
    ['every backend without a limit', [], backends],
    ['a host', ['web02'], ['web02']],
    ['several hosts, each once', ['dns.a', 'web01', 'web01'], ['web01', 'dns.a']],
    ['what * matches', ['web*'], ['web01', 'web02', 'web10']],
    ['what ? matches', ['web0?'], ['web01', 'web02']],
    ['what [...] matches', ['web[01][0-1]'], ['web01', 'web10']],
    ['what [!...] matches', ['web0[!1]'], ['web02']],
    ['what [^...] matches', ['web0[^1]'], ['web02']],
    ['backends of the service', ['service:dns'], ['web01', 'dns.a']],
    ['backends with the tag', ['tag:canary'], ['web01', 'dns.a']],
    ['the union of choices', ['tag:lyon', 'web1*', 'service:dns'], ['web01', 'web10', 'dns.a']],
    ['every backend with *', ['*'], backends],
    ['a dot for a dot', ['dns.?'], ['dns.a']],
  ])('%s', (_, limits, expected) => {
    expect(select(...limits)).toEqual(expected);
  });
});

describe('a choice that selects nothing is refused:', () => {
  test.each([
    ['wbe01', 'no host has this name; did you mean "web01"?'],
    ['mail', 'no host has this name; expected HOST, a GLOB, tag:T or service:S'],
    ['dns', 'no host has this name; did you mean "service:dns"?'],
    ['paris', 'no host has this name; did you mean "tag:paris"?'],
    ['wbe*', 'no host matches; did you mean "web*"?'],
    ['mail*', 'no host matches; expected a name with the wild cards * ? [...]'],
    ['[', 'no host matches; expected a name with the wild cards * ? [...]'],
    ['!(web01)*', 'no host matches; expected a name with the wild cards * ? [...]'],
    ['{web01,web02}*', 'no host matches; expected a name with the wild cards * ? [...]'],
    ['tag:pariss', 'no tag is named "pariss"; did you mean "tag:paris"?'],
    ['tag:x', 'no tag is named "x"; there are "paris", "canary", "gate", "lyon"'],
    ['service:wbe', 'no service is named "wbe"; did you mean "service:web"?'],
    ['service:mail', 'no service is named "mail"; there are "web", "dns"'],
    ['', 'no host has this name; expected HOST, a GLOB, tag:T or service:S'],
    ['bastion', 'nothing to assess, for no service has "bastion" among its backends; add it there, or choose others'],
    ['tag:gate', 'nothing to assess, for no service has "bastion" among its backends; add it there, or choose others'],
    ['web-*', 'nothing to assess, for no service has "web-idle" among its backends; add it there, or choose others'],
    ['web\u202e01', 'no host has this name; did you mean "web01"?'],
  ])('%s', (limit, message) => {
    expect(refused(limit)).toBe(`--limit ${JSON.stringify(limit).replace('\u202e', String.raw`\u{202e}`)}: ${message}`);
  });

  test('even beside one that does, and each is named', () => {
    expect(refused('web01', 'nope', 'tag:nope').split('\n')).toHaveLength(2);
  });

  test('an inventory without tags has none to offer', () => {
    const plain = loadInventory(
      'i.yaml',
      'version: 1\nservices: {web: {vip: 10.77.0.100, backends: [a]}}\nhosts: {a: }',
    );
    expect(() => selectHosts(plain, ['tag:x'])).toThrow('no tag is named "x"; there are none');
  });
});

test('any choice selects backends or is refused', () => {
  const piece = fc.constantFrom(
    'web',
    '0',
    '1',
    '*',
    '?',
    '[',
    ']',
    '!',
    '^',
    '-',
    '(',
    ')',
    '|',
    '{',
    '}',
    '+',
    '\\',
    ':',
    'tag:',
    '.',
  );
  const limits = fc.array(
    fc.oneof(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.string(),
    ),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(limits, (choices) => {
      const names: string[] = [];
      const refusedFor = refusal(() => names.push(...select(...choices)));
      expect(refusedFor === undefined).toBe(names.length > 0);
      expect(backends.filter((name) => names.includes(name))).toEqual(names);
    }),
  );
});
