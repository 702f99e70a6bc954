import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arpFilters } from '../../../src/facts/linux/arp-filter.ts';
import type { ArpPacket } from '../../../src/facts/linux/arp-packet.ts';
import type { Ip } from '../../../src/facts/ip.ts';
import { parseIp } from '../../../src/facts/ip.ts';
import { linuxFacts } from '../../support/linux-facts.ts';

function ip(text: string): Ip {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

const request: ArpPacket = {
  direction: 'in',
  device: 'br0',
  path: ['br0', 'eth0'],
  operation: 1,
  sender: ip('10.77.0.5'),
  target: ip('10.77.0.100'),
};
const announcement: ArpPacket = {
  ...request,
  direction: 'out',
  sender: ip('10.77.0.100'),
  target: ip('10.77.0.1'),
};

function verdict(filters: { arptables?: readonly string[]; nftables?: readonly string[] }, packet: ArpPacket): string {
  const facts = linuxFacts({
    arptables: { value: filters.arptables ?? [] },
    nftables: { value: filters.nftables ?? [] },
  });
  const { verdict, sender } = arpFilters(facts).judge(packet);
  return sender === packet.sender ? verdict : `${verdict} as ${sender.text}`;
}

const saved = (...rules: string[]): readonly string[] => [
  '*filter',
  ':INPUT ACCEPT',
  ':OUTPUT ACCEPT',
  ':mine -',
  ...rules,
];

describe('arptables', () => {
  it.each([
    ['-A INPUT -j DROP -d 10.77.0.100', 'drop'],
    ['-A INPUT -j DROP -d 10.77.0.101', 'pass'],
    ['-A INPUT -j DROP ! -d 10.77.0.101', 'drop'],
    ['-A INPUT -j DROP -d ! 10.77.0.101', 'drop'],
    ['-A INPUT -j DROP -d 10.77.0.64/26', 'drop'],
    ['-A INPUT -j DROP -d 10.77.0.0/255.255.255.0', 'drop'],
    ['-A INPUT -j DROP -i br0 -d 10.77.0.100', 'drop'],
    ['-A INPUT -j DROP -i eth0 -d 10.77.0.100', 'pass'],
    ['-A INPUT -j DROP ! -i eth0 -d 10.77.0.100', 'drop'],
    ['-A INPUT -j DROP -i br+ -d 10.77.0.100', 'drop'],
    ['-A INPUT -j DROP -d 10.77.0.100 --opcode 1', 'drop'],
    ['-A INPUT -j DROP -d 10.77.0.100 --opcode Reply', 'pass'],
    ['-A INPUT -j DROP -s 10.77.0.5 --h-length 6 --h-type 1', 'drop'],
    ['-A INPUT -j DROP -d 10.77.0.100 --src-mac 00:11:22:33:44:55', 'undecided'],
    ['-A INPUT --strange a b -j DROP -d 10.77.0.100', 'undecided'],
    ['-A INPUT --strange -j DROP -d 10.77.0.101', 'pass'],
    ['-A INPUT -j mine -d 10.77.0.100', 'pass'],
    ['-A INPUT -j gone -d 10.77.0.100', 'undecided'],
    ['-A OUTPUT -j DROP -d 10.77.0.100', 'pass'],
  ])('%s: %s', (rule, expected) => {
    expect(verdict({ arptables: saved(rule) }, request)).toBe(expected);
  });

  it('ends at the first verdict, returns from chains, and falls back to the policy', () => {
    const accepted = saved('-A INPUT -j ACCEPT -s 10.77.0.5', '-A INPUT -j DROP -d 10.77.0.100');
    const called = saved('-A INPUT -j mine', '-A INPUT -j DROP -d 10.77.0.100', '-A mine -j RETURN -d 10.77.0.100');
    const policy = ['*filter', ':INPUT DROP', ':OUTPUT ACCEPT', '-A INPUT -j ACCEPT -d 10.77.0.11'];
    expect([accepted, called, policy].map((arptables) => verdict({ arptables }, request))).toEqual([
      'pass',
      'drop',
      'drop',
    ]);
  });

  it('rewrites the sender and accepts, as arpt_mangle does', () => {
    const rule = '-A OUTPUT -j mangle -s 10.77.0.100 --mangle-ip-s 10.77.0.11';
    expect(verdict({ arptables: saved(rule, '-A OUTPUT -j DROP') }, announcement)).toBe('pass as 10.77.0.11');
  });

  it('of RHEL 5 and 6 calls its chains IN and OUT', () => {
    expect(verdict({ arptables: ['*filter', ':IN ACCEPT', '-A IN -j DROP -d 10.77.0.100'] }, request)).toBe('drop');
  });

  it('does not go round in circles', () => {
    const loop = saved('-A INPUT -j mine', '-A mine -j mine');
    expect(verdict({ arptables: loop }, request)).toBe('undecided');
  });
});

const table = (...lines: string[]): readonly string[] => ['table arp t {', ...lines, '}'];
const input = (...rules: string[]): readonly string[] =>
  table(
    '\tchain in {',
    '\t\ttype filter hook input priority filter; policy accept;',
    ...rules.map((rule) => `\t\t${rule}`),
    '\t}',
  );

describe('nftables, family arp', () => {
  it.each([
    ['arp operation request arp daddr ip 10.77.0.100 drop', 'drop'],
    ['arp operation reply arp daddr ip 10.77.0.100 drop', 'pass'],
    ['arp operation { request, reply } arp daddr ip 10.77.0.100 drop', 'drop'],
    ['arp daddr ip { 10.77.0.99, 10.77.0.100 } drop', 'drop'],
    ['arp daddr ip != 10.77.0.100 drop', 'pass'],
    ['arp daddr ip 10.77.0.64/26 drop', 'drop'],
    ['arp daddr ip 10.77.0.100-10.77.0.110 drop', 'drop'],
    ['arp daddr ip 10.77.0.101-10.77.0.110 drop', 'pass'],
    ['iifname "br0" arp daddr ip 10.77.0.100 counter packets 0 bytes 0 drop comment "vip"', 'drop'],
    ['iifname "eth0" arp daddr ip 10.77.0.100 drop', 'pass'],
    ['iifname != "eth0" arp daddr ip 10.77.0.100 drop', 'drop'],
    ['iifname "br*" arp daddr ip 10.77.0.100 drop', 'drop'],
    ['meta iif "br0" arp htype 1 arp hlen 6 arp plen 4 arp ptype ip arp daddr ip 10.77.0.100 drop', 'drop'],
    ['arp daddr ip 10.77.0.100 log prefix "x drop" level warn', 'pass'],
    ['meta mark 0x00000001 drop', 'undecided'],
    ['limit rate 1/second accept', 'pass'],
    ['arp daddr ip vmap { 10.77.0.100 : drop }', 'undecided'],
    ['arp daddr ip 10.77.0.100 counter packets 0 bytes 0 xt target mangle', 'undecided'],
    ['arp daddr ip @vips drop', 'undecided'],
  ])('%s: %s', (rule, expected) => {
    expect(verdict({ nftables: input(rule) }, request)).toBe(expected);
  });

  it('knows its sets, over several lines', () => {
    const set = [
      '\tset vips {',
      '\t\ttype ipv4_addr',
      '\t\telements = { 10.1.1.1, 10.1.1.2,',
      '\t\t\t     10.77.0.100 }',
      '\t}',
    ];
    const chain = [
      '\tchain in {',
      '\t\ttype filter hook input priority filter; policy accept;',
      '\t\tarp daddr ip @vips drop',
      '\t}',
    ];
    expect(verdict({ nftables: table(...set, ...chain) }, request)).toBe('drop');
  });

  it('has policies, and chains that are called', () => {
    const policy = table(
      'chain in {',
      'type filter hook input priority filter; policy drop;',
      'arp daddr ip != 10.77.0.100 accept',
      '}',
    );
    const call = (how: string): readonly string[] =>
      table(
        'chain c {',
        'return',
        '}',
        'chain in {',
        'type filter hook input priority 0; policy accept;',
        `${how} c`,
        'drop',
        '}',
      );
    expect([policy, call('jump'), call('goto')].map((nftables) => verdict({ nftables }, request))).toEqual([
      'drop',
      'drop',
      'pass',
    ]);
  });

  it('rewrites the sender', () => {
    const out = table(
      'chain out {',
      'type filter hook output priority filter; policy accept;',
      'arp saddr ip 10.77.0.100 arp saddr ip set 10.77.0.11',
      '}',
    );
    expect(verdict({ nftables: out }, announcement)).toBe('pass as 10.77.0.11');
  });

  it('does not count a rule that cannot be told where another one settles the matter', () => {
    expect(verdict({ nftables: input('meta mark 1 drop', 'arp daddr ip 10.77.0.100 drop') }, request)).toBe('drop');
    expect(verdict({ nftables: input('meta mark 1 accept', 'arp daddr ip 10.77.0.100 drop') }, request)).toBe(
      'undecided',
    );
  });
});

describe('nftables, family netdev', () => {
  const hook = (stage: string, device: string, rule: string): readonly string[] => [
    'table netdev n {',
    'chain c {',
    `type filter hook ${stage} ${device} priority filter; policy accept;`,
    rule,
    '}',
    '}',
  ];
  it.each([
    ['ingress', 'device "eth0"', 'arp daddr ip 10.77.0.100 drop', request, 'drop'],
    ['ingress', 'device "eth1"', 'arp daddr ip 10.77.0.100 drop', request, 'pass'],
    ['ingress', 'devices = { "eth1", "eth0" }', 'arp daddr ip 10.77.0.100 drop', request, 'drop'],
    ['ingress', 'device "eth0"', 'ip daddr 10.77.0.100 drop', request, 'pass'],
    ['ingress', 'device "eth0"', 'ether type arp drop', request, 'drop'],
    ['egress', 'device "eth0"', 'arp operation request arp saddr ip 10.77.0.100 drop', announcement, 'drop'],
    ['egress', 'device "eth0"', 'arp saddr ip 10.77.0.100 drop', request, 'pass'],
  ] as const)('%s %s %s', (stage, device, rule, packet, expected) => {
    expect(verdict({ nftables: hook(stage, device, rule) }, packet)).toBe(expected);
  });
});

describe('the filters together', () => {
  it('leave the table of iptables-nft to arptables-save, which can print its targets', () => {
    const nftables = [
      'table arp filter {',
      'chain OUTPUT {',
      'type filter hook output priority filter; policy accept;',
      'arp htype 1 arp hlen 6 arp plen 4 arp saddr ip 10.77.0.100 counter packets 0 bytes 0 xt target mangle',
      '}',
      '}',
    ];
    const arptables = saved('-A OUTPUT -j mangle -s 10.77.0.100 --mangle-ip-s 10.77.0.11');
    expect(verdict({ nftables, arptables }, announcement)).toBe('pass as 10.77.0.11');
    expect(verdict({ nftables }, announcement)).toBe('undecided');
  });

  it('say what could not be read', () => {
    const facts = linuxFacts({ nftables: { missing: 'needs root' }, arptables: { missing: 'needs root' } });
    expect(arpFilters(facts).unread).toBe('needs root');
    expect(arpFilters(linuxFacts()).unread).toBeUndefined();
  });

  it('never fail on a listing, however damaged', () => {
    const words = [
      'table arp t {',
      'chain in {',
      'type filter hook input priority filter; policy drop;',
      '}',
      '{',
      'set x {',
      'elements = { 10.0.0.1,',
      'jump in',
      'goto in',
      'arp daddr ip',
      '@x',
      'drop',
      '-A INPUT -j',
      ':INPUT',
      '*filter',
      '!',
      '"',
      'arp saddr ip set',
      'vmap',
      '\t',
    ];
    const lines = fc.array(
      fc.oneof(
        fc.constantFrom(...words),
        fc.array(fc.constantFrom(...words), { maxLength: 4 }).map((some) => some.join(' ')),
        fc.string(),
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(lines, lines, fc.constantFrom(request, announcement), (nftables, arptables, packet) => {
        expect(['pass', 'drop', 'undecided']).toContain(verdict({ nftables, arptables }, packet).split(' ')[0]);
      }),
    );
  });

  it('give up on chains that multiply', () => {
    const chains = Array.from({ length: 12 }, (_, index) => [
      `chain c${index} {`,
      ...Array.from({ length: 30 }, () => `jump c${index + 1}`),
      '}',
    ]).flat();
    const nftables = table(
      ...chains,
      'chain c12 {',
      'return',
      '}',
      'chain in {',
      'type filter hook input priority 0; policy accept;',
      'jump c0',
      '}',
    );
    expect(verdict({ nftables }, request)).toBe('undecided');
  });
});
