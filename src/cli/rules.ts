import { Command } from 'commander';
import { exitCodes, InputError } from '../errors.ts';
import { testRule } from '../evaluate/examples.ts';
import { wordOf } from '../rules/expectation.ts';
import type { Rule } from '../rules/rule.ts';
import type { Finish } from './finish.ts';
import { repeatable } from './options.ts';
import { loadChosenRules } from './stages.ts';
import { writeText, type Streams } from './streams.ts';

interface Options {
  readonly rules: readonly string[];
  readonly rule: readonly string[];
}

/** dsr-audit rules list | show ID | test. */
export function rulesCommand(streams: Streams, finish: Finish): Command {
  const command = new Command('rules').description('list, show and test the rules');
  const withFolders = (child: Command): Command =>
    child
      .option('--rules <folder>', 'also load the rules of this folder (repeatable)', repeatable, [])
      .option(
        '--rule <choice>',
        'only these rules: ID, GLOB, tag:TAG or severity:SEVERITY (repeatable)',
        repeatable,
        [],
      );
  const choices = (options: Options): { ruleFolders: readonly string[]; rules: readonly string[] } => ({
    ruleFolders: options.rules,
    rules: options.rule,
  });

  command.addCommand(
    withFolders(
      new Command('list').description(
        'one line a rule: severity, id, subject, what holds when it passes, catalogue ids',
      ),
    ).action(async (options: Options) => {
      const { chosen } = await loadChosenRules(choices(options));
      await writeText(streams.stdout, [...chosen.values()].map(listLine).join(''));
    }),
  );
  command.addCommand(
    withFolders(
      new Command('show')
        .description('everything about one rule')
        .argument('<id>', 'rule id, such as linux/arp-ignore'),
    ).action(async (id: string, options: Options) => {
      const { all } = await loadChosenRules(choices(options));
      const rule = all.get(id);
      if (rule === undefined)
        throw new InputError([{ message: `no rule ${JSON.stringify(id)}; \`dsr-audit rules list\` shows them all` }]);
      await writeText(streams.stdout, showText(rule));
    }),
  );
  command.addCommand(
    withFolders(
      new Command('test').description(
        "run every rule's examples, and prove that no rule passes when a fact is missing",
      ),
    ).action(async (options: Options) => {
      const { all, chosen } = await loadChosenRules(choices(options));
      const tests = [...chosen.values()].map((rule) => testRule(rule, all));
      const problems = tests.flatMap((test) => test.problems.map((problem) => `${test.rule}: ${problem}\n`));
      const checks = tests.reduce((sum, test) => sum + test.checks, 0);
      await writeText(
        streams.stdout,
        `${problems.join('')}${tests.length} rules, ${checks} checks, ${problems.length} problems\n`,
      );
      finish(problems.length === 0 ? exitCodes.compliant : exitCodes.nonCompliant);
    }),
  );
  return command;
}

function listLine(rule: Rule): string {
  const catalogue = rule.file.catalogue === undefined ? '' : ` [${rule.file.catalogue.join(' ')}]`;
  return `${rule.severity.padEnd(8)} ${rule.id.padEnd(36)} ${rule.subject.padEnd(9)} ${rule.file.title}${catalogue}\n`;
}

function showText(rule: Rule): string {
  const checks = (heading: string, list: Rule['expect']): string[] =>
    list.length === 0 ? [] : ['', `${heading}:`, ...list.map((check) => `  ${check.fact}: ${check.expectation}`)];
  const steps = (heading: string, list: Rule['fix']): string[] =>
    list.length === 0
      ? []
      : [
          '',
          `${heading}:`,
          ...list.flatMap((step, index) => [
            `  ${index + 1}. ${step.say ?? ''}`.trimEnd(),
            ...(step.run === undefined ? [] : [`     ${step.run.trimEnd().replaceAll('\n', '\n     ')}`]),
          ]),
        ];
  const examples = Object.entries(rule.file.examples).flatMap(([kind, list]) =>
    list.map(
      (example) =>
        `  ${kind}: ${Object.entries(example)
          .map(([fact, value]) => `${fact} ${wordOf(value)}`)
          .join(', ')}`,
    ),
  );
  return `${[
    `${rule.id} (${rule.severity}, judges each ${rule.subject} of ${rule.platform} hosts, ${rule.horizon === 'now' ? 'as running' : 'as after the next boot'})`,
    '',
    rule.file.title,
    `Otherwise: ${rule.file.failure}`,
    '',
    rule.file.why.trim(),
    ...checks('Applies where', rule.when),
    ...checks('Expects', rule.expect),
    ...(rule.atBoot.length === 0 ? [] : ['', `Expects at boot: ${rule.atBoot.join(', ')}`]),
    ...steps('Fix', rule.fix),
    ...steps('Rollback', rule.rollback),
    '',
    'Examples:',
    ...examples,
    '',
    'Sources:',
    ...rule.file.source.map((source) => `  ${source}`),
    ...(rule.file.catalogue === undefined ? [] : ['', `Catalogue: ${rule.file.catalogue.join(', ')}`]),
  ].join('\n')}\n`;
}
