import { randomBytes } from 'node:crypto';
import { collect, type CollectOptions } from '../collect/collect.ts';
import { readEvidence } from '../collect/evidence.ts';
import { linuxProbe } from '../collect/linux/probe.ts';
import type { Probes } from '../collect/platform.ts';
import { createPowershell } from '../collect/powershell/powershell.ts';
import { windowsProbe } from '../collect/windows/probe.ts';
import type { Report, Severity } from '../contracts/report.ts';
import type { HostSnapshot, Snapshot } from '../contracts/snapshot.ts';
import { readBytes } from '../contracts/text.ts';
import { readJsonDocument, validators } from '../contracts/validation.ts';
import { InputError } from '../errors.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import type { Host, LoadedInventory } from '../inventory/model.ts';
import { conclude } from '../report/verdict.ts';
import { renderers } from '../report/render.ts';
import { builtInRules, loadRules } from '../rules/load.ts';
import type { RuleSet } from '../rules/rule.ts';
import { selectRules } from '../rules/select.ts';
import { listenForInterruption } from './interruption.ts';
import { writeOutput, type Output } from './output.ts';
import { passphrasePrompt } from './passphrase.ts';
import { progressOn } from './progress.ts';
import { wantsColour, type Streams } from './streams.ts';
import { tool } from './tool.ts';

/** The probe of each platform. */
export const probes: Probes = { linux: linuxProbe, windows: windowsProbe };

/** What the collecting commands let the user choose. */
export interface CollectChoices {
  readonly concurrency: number;
  /** Seconds a host may take as a whole. */
  readonly timeout: number;
  /** Seconds for connection, key exchange and authentication. */
  readonly connectTimeout: number;
  /** HOST=FILE, or FILE whose base name without extension is the host. */
  readonly evidence: readonly string[];
  readonly verbosity: 'quiet' | 'normal' | 'verbose';
}

/** Stage one: what the selected hosts say. Never fails because of a host; a signal ends it early with what it has. */
export async function collectStage(
  inventory: LoadedInventory,
  selected: readonly Host[],
  choices: CollectChoices,
  streams: Streams,
): Promise<Snapshot> {
  const startedAt = new Date().toISOString();
  const fromFiles = await evidenceSnapshots(selected, choices.evidence);
  const contacted = selected.filter((host) => !fromFiles.has(host.name));
  const progress = progressOn(streams, choices.verbosity);
  const interruption = listenForInterruption((signal) => {
    progress.end();
    streams.stderr.write(`dsr-audit: ${signal}: stopping, the partial result is written; once more ends at once\n`);
  });
  try {
    const options: CollectOptions = {
      concurrency: choices.concurrency,
      timeoutSeconds: choices.timeout,
      connectTimeoutSeconds: choices.connectTimeout,
      signal: interruption.signal,
      onHostDone: progress.onHostDone,
      probes,
      hosts: inventory.hosts,
      askPassphrase: passphrasePrompt(streams),
      environment: streams.environment,
      powershell: createPowershell(streams.environment),
    };
    const live = new Map((await collect(contacted, options)).map((host) => [host.name, host]));
    return {
      formatVersion: 1,
      tool,
      run: {
        id: randomBytes(16).toString('hex'),
        startedAt,
        finishedAt: new Date().toISOString(),
        interrupted: interruption.caught(),
      },
      hosts: selected.flatMap((host) => fromFiles.get(host.name) ?? live.get(host.name) ?? []),
    };
  } finally {
    interruption.release();
    progress.end();
  }
}

async function evidenceSnapshots(
  selected: readonly Host[],
  given: readonly string[],
): Promise<ReadonlyMap<string, HostSnapshot>> {
  const snapshots = new Map<string, HostSnapshot>();
  for (const text of given) {
    const equals = text.indexOf('=');
    const file = equals === -1 ? text : text.slice(equals + 1);
    const name = equals === -1 ? (file.split(/[/\\]/).at(-1) ?? file).replace(/\.[^.]*$/, '') : text.slice(0, equals);
    const host = selected.find((candidate) => candidate.name === name);
    if (host === undefined) {
      throw new InputError([
        { file, message: `--evidence: no selected host is named ${JSON.stringify(name)}; write HOST=FILE` },
      ]);
    }
    snapshots.set(name, await readEvidence(file, host, probes));
  }
  return snapshots;
}

/** What the judging commands let the user choose. */
export interface EvaluateChoices {
  /** Rule folders beside the built-in ones. */
  readonly ruleFolders: readonly string[];
  readonly rules: readonly string[];
  readonly limit: readonly string[];
  readonly failOn: Severity;
}

/** The rules of this run: every rule there is, and those that the user chose. */
export async function loadChosenRules(
  choices: Pick<EvaluateChoices, 'ruleFolders' | 'rules'>,
): Promise<{ all: RuleSet; chosen: RuleSet }> {
  const all = await loadRules([builtInRules, ...choices.ruleFolders]);
  return { all, chosen: selectRules(all, choices.rules) };
}

/** Stage two: a snapshot judged. */
export function evaluateStage(
  inventory: LoadedInventory,
  selected: readonly Host[],
  snapshot: Snapshot,
  rules: { all: RuleSet; chosen: RuleSet },
  choices: EvaluateChoices,
): Report {
  const assessment = evaluate({ inventory, hosts: selected, snapshot, rules: rules.chosen, allRules: rules.all, tool });
  return conclude(assessment, { ...snapshot.run, failOn: choices.failOn, limit: choices.limit, rules: choices.rules });
}

/** Stage three: a report written in each format that was asked for. Every output is tried before an error is reported. */
export async function renderStage(report: Report, outputs: readonly Output[], streams: Streams): Promise<void> {
  const problems: InputError[] = [];
  for (const output of outputs) {
    const renderer = renderers.get(output.format);
    if (renderer === undefined) throw new Error(`no renderer for ${output.format}`);
    const onTerminal = output.file === undefined && wantsColour(streams.stdout, streams.environment);
    const render = await renderer.load();
    const text = render(report, { colour: onTerminal, columns: streams.stdout.columns ?? 100 });
    try {
      await writeOutput(output, text, streams);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw new InputError(problems.flatMap((error) => error.problems));
}

/** Reads and checks a snapshot file. */
export async function readSnapshot(file: string, { stdin }: Streams): Promise<Snapshot> {
  return readJsonDocument(file, await readBytes(file, mostDocumentBytes, stdin), validators.snapshot);
}

/** Reads and checks a report file. */
export async function readReport(file: string, { stdin }: Streams): Promise<Report> {
  return readJsonDocument(file, await readBytes(file, mostDocumentBytes, stdin), validators.report);
}

/** A snapshot of 20,000 hosts with their raw output. */
const mostDocumentBytes = 450 * 1024 * 1024;
