import { readdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RuleFile } from '../contracts/rule.ts';
import { parseDocument } from '../contracts/document.ts';
import { validateDocument, validators } from '../contracts/validation.ts';
import { InputError, type Problem } from '../errors.ts';
import { factCatalogue } from '../facts/catalogue.ts';
import { compileRule } from './compile.ts';
import type { Rule, RuleSet } from './rule.ts';

/** The folder of the rules that come with the program. */
export const builtInRules = fileURLToPath(new URL('../../rules', import.meta.url));

const sizeLimit = 256 * 1024;

/**
 * Loads every *.yaml below the folders; a file's path below its folder, without .yaml, is the rule's id. Throws an
 * InputError with every problem of every file: a folder without rules, an id given twice, anything that could make a
 * rule pass by silence.
 */
export async function loadRules(folders: readonly string[]): Promise<RuleSet> {
  const problems: Problem[] = [];
  const found = new Map<string, { readonly file: string; readonly rule: Rule }>();
  for (const folder of folders) {
    const files = await ruleFiles(folder);
    if (files.length === 0)
      problems.push({ file: folder, message: 'no rule here; expected files named PLATFORM/NOUN.yaml' });
    for (const path of files) {
      const file = join(folder, path);
      const id = path.slice(0, -'.yaml'.length).split(sep).join('/');
      const twin = found.get(id);
      if (!/^[a-z0-9-]+(\/[a-z0-9-]+)+$/.test(id)) {
        problems.push({
          file,
          message: `the path is the rule's id; expected lower-case words, such as linux/arp-ignore.yaml, got ${JSON.stringify(path)}`,
        });
      } else if (twin !== undefined) {
        problems.push({ file, message: `the rule ${id} is already given by ${twin.file}; name it otherwise` });
      } else {
        const rule = await readRule(file, id, problems);
        if (rule !== undefined) found.set(id, { file, rule });
      }
    }
  }
  for (const { file, rule } of found.values()) {
    for (const id of rule.file.covers ?? []) {
      if (found.get(id)?.rule.horizon !== 'now')
        problems.push({ file, path: 'covers', message: `no rule ${id} about the running state` });
    }
    for (const id of rule.atBoot) {
      const named = found.get(id)?.rule;
      if (named === undefined) problems.push({ file, path: 'atBoot', message: `no rule ${id}` });
      else if (named.subject !== rule.subject || named.platform !== rule.platform || named.atBoot.length > 0) {
        problems.push({
          file,
          path: 'atBoot',
          message: `${id} judges another subject or is itself a rule for the next boot`,
        });
      }
    }
  }
  if (problems.length > 0) throw new InputError(problems);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, { rule }]) => [id, rule]));
}

async function ruleFiles(folder: string): Promise<readonly string[]> {
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder) throw new InputError([{ file: folder, message: 'is not a folder of rules' }]);
  const paths = await readdir(folder, { recursive: true });
  return paths.filter((path) => path.endsWith('.yaml')).sort();
}

async function readRule(file: string, id: string, problems: Problem[]): Promise<Rule | undefined> {
  try {
    const document = parseDocument(file, await readFile(file), { maxBytes: sizeLimit });
    const content: RuleFile = validateDocument(document, validators.rule);
    const definitions = factCatalogue.get(`${content.platform}/${content.subject}`);
    if (definitions === undefined) {
      const subjects = [...factCatalogue.keys()].join(', ');
      problems.push({
        file,
        ...document.positionOf(['subject']),
        path: 'subject',
        message: `${content.platform} has no subject ${content.subject}; there are ${subjects}`,
      });
      return undefined;
    }
    const { rule, problems: found } = compileRule(id, content, definitions);
    for (const { path, message } of found)
      problems.push({ file, ...document.positionOf(path), path: path.join('.'), message });
    return rule;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
