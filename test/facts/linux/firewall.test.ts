import { describe, expect, it } from 'vitest';
import type { LinuxFacts } from '../../../src/contracts/snapshot.ts';
import type { Backend } from '../../../src/facts/backend.ts';
import { firewallVerdict } from '../../../src/facts/linux/firewall.ts';
import { linuxHost } from '../../../src/facts/linux/linux-host.ts';
import { backend, binding, linuxFacts } from '../../support/linux-facts.ts';

function verdict(facts: Partial<LinuxFacts>, host: Backend = backend()): unknown {
  const indexed = linuxHost(host, linuxFacts(facts));
  const [vip] = indexed.vips;
  if (vip === undefined) throw new Error('no VIP');
  const answer = firewallVerdict(indexed, vip, { number: 443, protocol: 'tcp' });
  return 'value' in answer ? answer.value : Object.keys(answer)[0];
}

const iptables = (policy: string, ...rules: string[]): Partial<LinuxFacts> => ({
  iptables: {
    value: [
      '*nat',
      ':PREROUTING ACCEPT [0:0]',
      'COMMIT',
      '*filter',
      `:INPUT ${policy} [0:0]`,
      ':FORWARD DROP [0:0]',
      ':mine - [0:0]',
      ...rules,
      'COMMIT',
    ],
  },
});

describe('iptables', () => {
  it.each([
    ['ACCEPT', [], 'accepts'],
    ['DROP', [], 'drops'],
    ['DROP', ['-A INPUT -d 10.77.0.100/32 -p tcp -m tcp --dport 443 -j ACCEPT'], 'accepts'],
    ['DROP', ['-A INPUT -d 10.77.0.11/32 -p tcp -m tcp --dport 443 -j ACCEPT'], 'drops'],
    ['DROP', ['-A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT'], 'accepts'],
    ['DROP', ['-A INPUT -p tcp -m tcp --dport 400:500 -j ACCEPT'], 'accepts'],
    ['DROP', ['-A INPUT -p udp -m udp --dport 443 -j ACCEPT'], 'drops'],
    ['DROP', ['-A INPUT -i eth0 -j ACCEPT'], 'accepts'],
    ['DROP', ['-A INPUT ! -i eth0 -j ACCEPT'], 'drops'],
    ['DROP', ['-A INPUT -i eth+ -j ACCEPT'], 'accepts'],
    ['DROP', ['-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT'], 'drops'],
    ['DROP', ['-A INPUT -m state --state NEW,ESTABLISHED -m comment --comment "a b" -j ACCEPT'], 'accepts'],
    ['DROP', ['-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT'], 'drops'],
    ['ACCEPT', ['-A INPUT -d 10.77.0.100/32 -j REJECT --reject-with icmp-port-unreachable'], 'drops'],
    ['ACCEPT', ['-A INPUT -j mine', '-A mine -p tcp -m tcp --dport 443 -j DROP'], 'drops'],
    ['ACCEPT', ['-A INPUT -j mine', '-A mine -p tcp -m tcp --dport 443 -j RETURN', '-A mine -j DROP'], 'accepts'],
    ['ACCEPT', ['-A INPUT -s 198.51.100.0/24 -j DROP'], 'unknown'],
    ['DROP', ['-A INPUT -m set --match-set friends src -j ACCEPT'], 'unknown'],
    ['ACCEPT', ['-A INPUT -m limit --limit 5/min -j LOG --log-prefix "x"'], 'accepts'],
    ['DROP', ['-A FORWARD -j ACCEPT'], 'drops'],
  ])('policy %s, %j: %s', (policy, rules, expected) => {
    expect(verdict(iptables(policy, ...rules))).toBe(expected);
  });

  it('judges the source where the inventory names a client', () => {
    const host = backend({ bindings: [binding({ client: '198.51.100.20' })] });
    expect(verdict(iptables('ACCEPT', '-A INPUT -s 198.51.100.0/24 -j DROP'), host)).toBe('drops');
    expect(verdict(iptables('ACCEPT', '-A INPUT -s 192.0.2.0/24 -j DROP'), host)).toBe('accepts');
  });

  it('sees the changed destination behind REDIRECT', () => {
    const host = backend({ bindings: [binding({ method: 'redirect' })] });
    expect(verdict(iptables('DROP', '-A INPUT -d 10.77.0.11/32 -j ACCEPT'), host)).toBe('accepts');
  });
});

const nft = (family: string, policy: string, ...rules: string[]): Partial<LinuxFacts> => ({
  nftables: {
    value: [
      `table ${family} f {`,
      '\tchain other {',
      '\t\treturn',
      '\t}',
      '\tchain in {',
      `\t\ttype filter hook input priority filter; policy ${policy};`,
      ...rules.map((rule) => `\t\t${rule}`),
      '\t}',
      '}',
    ],
  },
});

describe('nftables', () => {
  it.each([
    ['inet', 'accept', [], 'accepts'],
    ['inet', 'drop', [], 'drops'],
    ['ip6', 'drop', [], 'accepts'],
    ['inet', 'drop', ['tcp dport { 80, 443 } accept'], 'accepts'],
    ['inet', 'drop', ['ip daddr 10.77.0.11 tcp dport 443 accept'], 'drops'],
    ['ip', 'drop', ['ip daddr { 10.77.0.11, 10.77.0.100 } tcp dport 443 counter packets 1 bytes 2 accept'], 'accepts'],
    ['inet', 'drop', ['ct state established,related accept', 'iifname "eth0" meta l4proto tcp accept'], 'accepts'],
    ['inet', 'drop', ['ct state vmap { established : accept, new : jump other }'], 'unknown'],
    ['inet', 'drop', ['tcp dport 400-500 accept'], 'accepts'],
    ['inet', 'accept', ['udp dport 443 drop', 'icmp type echo-request drop'], 'accepts'],
    ['inet', 'accept', ['tcp dport 443 reject with tcp reset'], 'drops'],
    ['inet', 'drop', ['jump other', 'tcp dport @web accept'], 'unknown'],
    ['inet', 'accept', ['meta mark 0x1 drop'], 'unknown'],
  ])('table %s, policy %s, %j: %s', (family, policy, rules, expected) => {
    expect(verdict(nft(family, policy, ...rules))).toBe(expected);
  });

  it('leaves the table of iptables-nft to iptables-save', () => {
    const opaque = [
      'table ip filter {',
      'chain INPUT {',
      'type filter hook input priority filter; policy drop;',
      'xt match "x" accept',
      '}',
      '}',
    ];
    expect(verdict({ ...iptables('ACCEPT'), nftables: { value: opaque } })).toBe('accepts');
    expect(verdict({ iptables: { missing: 'not installed' }, nftables: { value: opaque } })).toBe('unknown');
  });
});

describe('filters that were not read', () => {
  const gone = { iptables: { missing: 'needs root' }, nftables: { missing: 'needs root' } };

  it('are no question unless the inventory asks for them', () => {
    expect([verdict(gone), verdict(gone, backend({ privileged: true }))]).toEqual(['notapplicable', 'missing']);
  });

  it('are judged by the half that was', () => {
    expect(verdict({ ...iptables('DROP'), nftables: { missing: 'needs root' } })).toBe('drops');
  });
});
