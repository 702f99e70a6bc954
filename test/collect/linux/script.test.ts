import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxEvidenceScript, linuxProbe, linuxProbeScript } from '../../../src/collect/linux/probe.ts';
import { evidenceNonce } from '../../../src/collect/platform.ts';
import { testHost } from '../../support/ssh-server-hosts.ts';
import { isMissing, parameters, run } from './support/throw-away-host.ts';

const file = fileURLToPath(new URL('../../../src/collect/linux/probe.sh', import.meta.url));
const text = readFileSync(file, 'utf8');

/** The parameters that a run accepted, as it prints them. */
function accepted(output: string): readonly string[] {
  const section = /@@[a-z0-9]+ begin host all\n([^]*?)@@/.exec(output)?.[1] ?? '';
  return section.split('\n').filter((line) => /^(?:vip|peer|privileged) /.test(line));
}

describe('the script', () => {
  it('is one line of checked words and constant text', () => {
    const script = linuxProbeScript({ ...parameters, privileged: true });
    expect(script).toBe(
      'set -- nonce=capture0 vip=10.77.0.100 vip=2001:db8:77::100' +
        ` peer=198.51.100.20 peer=10.77.0.5 peer=2001:db8:c::20 privileged=1\n${text}`,
    );
  });

  it('takes VIPs, clients and load balancers from the bindings, each once', () => {
    const loadBalancer = { name: 'aloha', addresses: ['10.77.0.5', '10.77.0.6'] };
    const web = { vip: '10.77.0.100', method: 'loopback', ports: [], client: '198.51.100.20', loadBalancer } as const;
    const host = testHost('web01', {
      bindings: [
        { ...web, service: 'web' },
        { ...web, service: 'api' },
        { service: 'mail', vip: '2001:db8:77::100', method: 'loopback', ports: [] },
      ],
    });
    expect(linuxProbe.script(host, 'n0nce123').split('\n')[0]).toBe(
      'set -- nonce=n0nce123 vip=10.77.0.100 vip=2001:db8:77::100 peer=198.51.100.20 peer=10.77.0.5 peer=10.77.0.6',
    );
  });

  it('adds nothing that is not an address or a nonce', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '10.0.0.1; reboot',
        '$(id)',
        "'",
        '10.0.0.1\n',
        'fe80::1%eth0',
        '',
        '010.0.0.1',
        '10.0.0.1/32',
        '1',
      ),
    );
    fc.assert(
      fc.property(anything, (value) => {
        for (const changed of [{ vips: [value] }, { peers: [value] }, { nonce: value }]) {
          let script;
          try {
            script = linuxProbeScript({ ...parameters, ...changed });
          } catch {
            continue;
          }
          expect(script.slice(0, script.indexOf('\n'))).toMatch(/^set --(?: [a-z]+=[0-9a-z.:A-F]+)+$/);
          expect(script.slice(script.indexOf('\n') + 1)).toBe(text);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never reads a value with read, and sets, writes and starts nothing', () => {
    const code = text.replaceAll(/(?:^| +)#.*$/gm, '');
    expect(code.match(/\bread\b.*/g)).toStrictEqual(['read -r line']);
    // dd only gathers what goes through it: it names no file.
    expect(code.match(/\bdd\b[^|]*/g)).toStrictEqual(['dd ibs=65536 obs=65536 2>/dev/null ']);
    expect(code).not.toMatch(/\b(?:eval|source|tee|mktemp|rm|mv|cp|touch|kill|sysctl -w)\b/);
    // Redirections go to descriptors and /dev/null only.
    for (const [, target] of code.matchAll(/(?<![->|])>{1,2}(\S+)/g)) expect(target).toMatch(/^(?:&[0-9]|\/dev\/null)/);
  });

  it.skipIf(isMissing('shellcheck', '--version'))('passes shellcheck', async () => {
    const { stdout, status } = await run(['shellcheck', '-s', 'sh', file], '');
    expect({ stdout, status }).toStrictEqual({ stdout: '', status: 0 });
  });
});

describe.skipIf(process.platform !== 'linux')('its parameters', () => {
  const refusal = { stdout: '', stderr: 'dsr-audit probe: the parameters are not those that it knows\n', status: 64 };

  it('are read from standard input by a forced command, and nothing else is', async () => {
    const forced = await run(['sh', file], `${linuxProbeScript(parameters).split('\n')[0]}\nexit 7\n`);
    expect(forced.stderr).toBe('');
    expect(forced.status).toBe(0);
    expect(accepted(forced.stdout)).toStrictEqual([
      'vip 10.77.0.100',
      'vip 2001:db8:77::100',
      'peer 198.51.100.20',
      'peer 10.77.0.5',
      'peer 2001:db8:c::20',
      'privileged no',
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no nonce', 'set -- vip=10.77.0.100\n'],
    ['a command', 'set -- nonce=capture0; id\n'],
    ['a substitution', 'set -- nonce=$(id)\n'],
    ['a quoted word', "set -- nonce='capture0'\n"],
    ['an option for ip', 'set -- nonce=capture0 vip=-help\n'],
    ['a host name', 'set -- nonce=capture0 peer=web01.example\n'],
    ['an unknown word', 'set -- nonce=capture0 shell=sh\n'],
    ['the positional parameters', 'set -- nonce=capture0 "$@"\n'],
    ['a pattern', 'set -- nonce=capture0 vip=*\n'],
    ['another command', 'id\n'],
  ])('are refused by a forced command: %s', async (_name, input) => {
    expect(await run(['sh', file], input)).toStrictEqual(refusal);
  });

  it('are refused in the same way where the shell has read them', async () => {
    expect(await run(['sh', '-s'], `set -- nonce=capture0 vip=10.77.0.100/32\n${text}`)).toStrictEqual(refusal);
  });

  it('are arguments where an operator runs the script by hand', async () => {
    const { stdout, status } = await run(['sh', '-s', 'vip=192.0.2.10', 'peer=192.0.2.1'], linuxEvidenceScript);
    expect(status).toBe(0);
    expect(accepted(stdout)).toStrictEqual(['vip 192.0.2.10', 'peer 192.0.2.1', 'privileged no']);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^@@${evidenceNonce} complete \\d+$`));
  });

  it('may be left out by hand: then what depends on them is missing, with the reason', async () => {
    const { stdout } = await run(['sh', '-s'], linuxEvidenceScript);
    const result = linuxProbe.parse(stdout, testHost('web01', {}), evidenceNonce);
    const reason = 'the probe was not told any VIP; run by hand, it takes vip=ADDRESS as an argument';
    expect(result).toMatchObject({ linux: { routeLookups: { missing: reason }, addressFiles: { missing: reason } } });
    const binding = { service: 'web', vip: '10.77.0.101', method: 'loopback', ports: [] } as const;
    const other = await run(['sh', '-s', 'vip=10.77.0.100'], linuxEvidenceScript);
    expect(linuxProbe.parse(other.stdout, testHost('web01', { bindings: [binding] }), evidenceNonce)).toMatchObject({
      linux: { routeLookups: { missing: 'the probe was not told the VIP 10.77.0.101' } },
    });
  });
});
