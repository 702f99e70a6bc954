import { Ajv2020 } from 'ajv/dist/2020.js';
import type { RuleFile, Step } from '../contracts/rule.ts';
import type { FactDefinitions } from '../facts/subject.ts';
import { expectationOf, factLabel, wordOf } from './expectation.ts';
import { placeholdersOf } from './placeholder.ts';
import type { Check, Rule, RuleStep } from './rule.ts';
import { silentPasses } from './silence.ts';

/** A problem inside a rule file: the path of keys to it, and a sentence. */
export interface RuleProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Names that every subject offers to placeholders, beside its facts. */
export const subjectNames = ['host', 'vip', 'interface', 'port'] as const;

const schemas = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: false });

/**
 * Compiles a rule file that has passed its JSON Schema into a rule, and says everything that could make it pass by
 * silence or that cannot work: unknown facts, schemas that see nothing, placeholders without a fact, examples that
 * give no value to a fact in use.
 */
export function compileRule(
  id: string,
  file: RuleFile,
  definitions: FactDefinitions,
): { readonly rule: Rule; readonly problems: readonly RuleProblem[] } {
  const problems: RuleProblem[] = [];
  const checksOf = (schemasByFact: RuleFile['when'], path: readonly (string | number)[]): Check[] => {
    const checks: Check[] = [];
    for (const [fact, schema] of Object.entries(schemasByFact ?? {})) {
      const definition = definitions.get(fact);
      if (definition === undefined) {
        problems.push({
          path: [...path, fact],
          message: `the subject ${file.platform}/${file.subject} has no fact ${fact}; ${nearest(fact, definitions)}`,
        });
        continue;
      }
      const silent = silentPasses(schema, definition.schema);
      problems.push(...silent.map((message) => ({ path: [...path, fact], message })));
      const check = checkOf(fact, schema);
      if ('problem' in check) problems.push({ path: [...path, fact], message: check.problem });
      else checks.push(check);
    }
    return checks;
  };
  const stepsOf = (steps: readonly Step[] | undefined, key: string): RuleStep[] =>
    (steps ?? []).map((step, index) => ({
      ...(step.say === undefined ? {} : { say: step.say }),
      ...(step.run === undefined ? {} : { run: step.run }),
      shell: step.shell ?? (file.platform === 'windows' ? 'powershell' : 'sh'),
      when: checksOf(step.when, [key, index, 'when']),
    }));

  const texts: [readonly (string | number)[], string][] = [[['failure'], file.failure]];
  for (const key of ['fix', 'rollback'] as const) {
    for (const [index, step] of (file[key] ?? []).entries()) {
      if (step.say !== undefined) texts.push([[key, index, 'say'], step.say]);
      if (step.run !== undefined) texts.push([[key, index, 'run'], step.run]);
    }
  }
  for (const [path, text] of texts) {
    for (const name of placeholdersOf(text)) {
      if (!definitions.has(name) && !(subjectNames as readonly string[]).includes(name)) {
        problems.push({
          path,
          message: `{${name}} is neither a fact of the subject nor one of ${subjectNames.join(', ')}; ${nearest(name, definitions)}`,
        });
      }
    }
  }

  const expect = checksOf(file.expect, ['expect']);
  const rule: Rule = {
    id,
    file,
    platform: file.platform,
    subject: file.subject,
    severity: file.severity,
    horizon: file.horizon ?? 'now',
    when: checksOf(file.when, ['when']),
    expect,
    expected: expect.map((check) => check.expected).join('; '),
    atBoot: file.atBoot ?? [],
    fix: stepsOf(file.fix, 'fix'),
    rollback: stepsOf(file.rollback, 'rollback'),
  };
  problems.push(...exampleProblems(file, rule, definitions));
  return { rule, problems };
}

function checkOf(fact: string, schema: Record<string, unknown>): Check | { readonly problem: string } {
  try {
    const validate = schemas.compile(schema);
    const label = factLabel(fact);
    const expectation = expectationOf(schema);
    const expected = `${label}: ${expectation}`;
    return { fact, label, expectation, expected, matches: (value) => validate(value), told: teller(label) };
  } catch (error) {
    return { problem: `not a usable JSON Schema: ${error instanceof Error ? error.message : String(error)}` };
  }
}

const mostTold = 64;
const longestTold = 64;

/** A fact's values in words. The hosts of a fleet have the same few values, and a short text that they share is made once. */
function teller(label: string): Check['told'] {
  const texts = new Map<string, string>();
  return (value) => {
    const word = wordOf(value);
    if (word.length > longestTold) return `${label}: ${word}`;
    let text = texts.get(word);
    if (text === undefined) {
      if (texts.size >= mostTold) texts.clear();
      texts.set(word, (text = `${label}: ${word}`));
    }
    return text;
  };
}

function exampleProblems(file: RuleFile, rule: Rule, definitions: FactDefinitions): RuleProblem[] {
  const problems: RuleProblem[] = [];
  for (const [kind, examples] of Object.entries(file.examples)) {
    for (const [index, example] of examples.entries()) {
      const path = ['examples', kind, index];
      for (const [fact, value] of Object.entries(example)) {
        const definition = definitions.get(fact);
        if (definition === undefined)
          problems.push({
            path: [...path, fact],
            message: `the subject has no fact ${fact}; ${nearest(fact, definitions)}`,
          });
        else if (!schemas.validate(definition.schema, value)) {
          problems.push({
            path: [...path, fact],
            message: `${JSON.stringify(value)} can never occur: ${schemas.errorsText(schemas.errors, { dataVar: fact })}`,
          });
        }
      }
      const needed = kind === 'notapplicable' ? rule.when : [...rule.when, ...rule.expect];
      for (const { fact } of needed) {
        if (!Object.hasOwn(example, fact))
          problems.push({ path, message: `the example gives no value to ${fact}, which the rule uses` });
      }
    }
  }
  return problems;
}

function nearest(name: string, definitions: FactDefinitions): string {
  const names = [...definitions.keys()];
  const lower = name.toLowerCase();
  const similar = names.filter((candidate) => candidate.toLowerCase().slice(0, 4) === lower.slice(0, 4));
  return `there are ${(similar.length > 0 ? similar : names).join(', ') || 'no facts'}`;
}
