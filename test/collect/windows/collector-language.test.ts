// What the collector may be made of: the language of PowerShell 2.0, ASCII, and calls that only read. The grammar check always
// runs; PowerShell's own parser, where there is one, sees the same text and the whole syntax tree.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import { collectorScript, commandScript, powershellLine } from '../../../src/collect/windows/bootstrap.ts';
import { powershell, runPowershell } from './support/powershell.ts';

const selftestScript = readFileSync(new URL('../../../src/collect/windows/selftest.ps1', import.meta.url), 'utf8');
const scripts = { 'collector.ps1': collectorScript, 'selftest.ps1': selftestScript };

/** Tokens of later languages and libraries, and what they came with. */
const newer: readonly (readonly [string, RegExp])[] = [
  ['cmdlets of 3.0', /\bConvertTo-Json\b|\bConvertFrom-Json\b/i],
  ['type accelerators of 3.0', /\[(?:pscustomobject|ordered)\]/i],
  ['operators of 3.0', /\s-(?:not)?in\b|\s-sh[lr]\b/i],
  ['variables of 3.0', /\$PSItem\b|\$PSScriptRoot\b|\$using:/i],
  ['simplified syntax of 3.0, and aliases', /Where-Object\s+\w|ForEach-Object\s+\w|\|\s*[%?]/i],
  ['methods of 4.0', /\.(?:Where|ForEach)\s*\(/i],
  ['constructors of 5.0', /::new\s*\(/i],
  ['declarations of 5.0', /^\s*(?:class|enum|using)\s/im],
  ['operators of 7', /\?\?|\?\.|&&|\|\|/],
  ['of .NET 4, refused by FIPS, or a compiler', /IsNullOrWhiteSpace|SHA256Managed|\bAdd-Type\b/i],
  ['a way to run text', /Invoke-Expression|\biex\b|Start-Process|-EncodedCommand/i],
];

const readingCommands = new Set([
  'Get-CimInstance',
  'Get-WmiObject',
  'Get-Item',
  'Get-Service',
  'Get-NetIPInterface',
  'Get-NetIPAddress',
  'Get-NetRoute',
  'New-Object',
  'Select-Object',
  'Where-Object',
  'ForEach-Object',
  'Sort-Object',
]);
/** Methods of .NET and COM: those of Windows only ask, the rest works on texts, lists and numbers of the script itself. */
const readingMethods = new Set(
  [
    // Windows
    'GetAllNetworkInterfaces GetIPProperties GetIPv4Properties GetIPv6Properties GetPhysicalAddress Supports GetIPGlobalProperties GetActiveTcpListeners GetActiveUdpListeners GetCurrent IsInRole',
    'GetSubKeyNames GetValueNames GetValue CreateInstance GetTypeFromCLSID GetNetworkConnections GetAdapterId GetNetwork GetCategory FirewallEnabled DefaultInboundAction BlockAllInboundTraffic ExcludedInterfaces',
    // the script's own values
    'ToString ToLower Replace Substring ToCharArray Append AppendFormat IsMatch Join Combine Min Floor Add Remove ContainsKey ToArray Sort GetEnumerator GetType ToBase64String GetBytes Start',
  ].flatMap((names) => names.split(' ')),
);

let parser: Parser;
beforeAll(async () => {
  await Parser.init();
  const wasm = createRequire(import.meta.url).resolve('tree-sitter-powershell/tree-sitter-powershell.wasm');
  parser = new Parser();
  parser.setLanguage(await Language.load(wasm));
});

function parse(text: string): Node {
  const tree = parser.parse(text);
  if (tree === null) throw new Error('The parser gave up.');
  return tree.rootNode;
}

describe.each(Object.entries(scripts))('%s', (_name, text) => {
  // Comments may name what the code must not use.
  const code = text.replaceAll(/^\s*#.*$/gm, '');

  it('is ASCII: Windows PowerShell reads a file without byte order mark in the code page of the host', () => {
    expect(/[^\t\n\x20-\x7e]/.exec(text)?.index).toBeUndefined();
  });

  it('follows the grammar', () => {
    expect(parse(text).hasError).toBe(false);
  });

  it.each(newer)('has no %s', (_label, pattern) => {
    expect(pattern.exec(code)?.[0]).toBeUndefined();
  });

  it('calls nothing that writes', () => {
    const called = parse(text)
      .descendantsOfType('command_name')
      .map((node) => node?.text ?? '');
    const own = new Set([...text.matchAll(/^ *function ([\w-]+)/gm)].map(([, name]) => name));
    expect(called.length).toBeGreaterThan(10);
    expect(called.filter((name) => !own.has(name) && !readingCommands.has(name))).toStrictEqual([]);
    const methods = [...code.replaceAll(/New-Object [\w.]+/g, '').matchAll(/(?:\.|::)(\w+)\(/g)].map(
      ([, name]) => name ?? '',
    );
    expect(methods.length).toBeGreaterThan(10);
    expect(methods.filter((name) => !readingMethods.has(name))).toStrictEqual([]);
  });
});

describe('the grammar check', () => {
  it('refuses what is broken', () => {
    expect(parse(collectorScript.replace('foreach (', 'foreach ((')).hasError).toBe(true);
    expect(parse(collectorScript.slice(0, -200)).hasError || parse(`${collectorScript}}`).hasError).toBe(true);
  });
});

describe('the line for `-Command -`', () => {
  const line = powershellLine('0123456789abcdef');

  it('is one line of ASCII that follows the grammar', () => {
    expect(line.trimEnd()).not.toContain('\n');
    expect(/[^\x20-\x7e]/.exec(line.trimEnd())?.[0]).toBeUndefined();
    expect(parse(line).hasError).toBe(false);
  });

  it('holds the collector word for word', () => {
    const literal = /::Create\('((?:[^']|'')*)'\.Replace/.exec(line)?.[1];
    expect(literal?.replaceAll("''", "'").replaceAll('~', '\n')).toBe(collectorScript.trimEnd());
  });

  it('has nothing but the nonce that differs', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,64}$/), (nonce) => {
        expect(powershellLine(nonce).replaceAll(nonce, 'NONCE')).toBe(line.replaceAll('0123456789abcdef', 'NONCE'));
        expect(commandScript(nonce).replaceAll(nonce, 'NONCE')).toBe(
          commandScript('0123456789abcdef').replaceAll('0123456789abcdef', 'NONCE'),
        );
      }),
      { numRuns: 20 },
    );
  });
});

describe('the commands for cmd.exe', () => {
  it('fit into its lines and hold nothing that a standard input would not do', () => {
    for (const text of commandScript('0123456789abcdef').split('\r\n')) {
      expect(text.length).toBeLessThan(8191);
      expect(text).not.toMatch(/^:|\bgoto\b|%%|[^\x20-\x7e]|>|&/i);
    }
  });
});

/** Walks the syntax tree of PowerShell's own parser: kinds of node and operators that came after 2.0. */
const astScan = `
$ErrorActionPreference = 'Stop'
$text = [Console]::In.ReadToEnd()
$errors = $null; $tokens = $null
$tree = [System.Management.Automation.Language.Parser]::ParseInput($text, [ref]$tokens, [ref]$errors)
$new = 'TernaryExpressionAst', 'PipelineChainAst', 'UsingStatementAst', 'TypeDefinitionAst', 'ConfigurationDefinitionAst', 'UsingExpressionAst', 'BaseCtorInvokeMemberExpressionAst', 'DynamicKeywordStatementAst'
$found = @($tree.FindAll({ param($node) $new -contains $node.GetType().Name }, $true) | ForEach-Object { $_.GetType().Name })
$flags = @($tokens | Where-Object { 'In', 'Inotin', 'Iin', 'Cin', 'Cnotin', 'Shl', 'Shr', 'QuestionDot', 'QuestionQuestion', 'QuestionLBracket', 'AndAnd', 'OrOr' -contains $_.Kind -and $_.TokenFlags -match 'BinaryOperator' } | ForEach-Object { $_.Text })
@{ errors = @($errors | ForEach-Object { "$_" }); newer = @($found + $flags) } | ConvertTo-Json -Compress
`;

describe.skipIf(powershell === undefined).each(Object.entries(scripts))(
  '[real PowerShell] its own parser, %s',
  (_name, text) => {
    it('finds no error and nothing newer than 2.0', async () => {
      const encoded = Buffer.from(astScan, 'utf16le').toString('base64');
      const answer = await runPowershell(['-EncodedCommand', encoded], text);
      expect(JSON.parse(answer.stdout)).toStrictEqual({ errors: [], newer: [] });
    });

    it('would find them', async () => {
      const encoded = Buffer.from(astScan, 'utf16le').toString('base64');
      const answer = await runPowershell(['-EncodedCommand', encoded], `${text}\n$x = $true ? 1 : 2; 1 -in 1, 2; if (`);
      const scan = JSON.parse(answer.stdout) as { errors: string[]; newer: string[] };
      expect(scan.errors.length).toBeGreaterThan(0);
      expect(scan.newer).toStrictEqual(['TernaryExpressionAst', '-in']);
    });
  },
);
