import { Command } from 'commander';
import { exitCodes, InputError } from '../errors.ts';
import { explainArp, type InterfaceExplanation } from '../facts/linux/explain-arp.ts';
import type { Effective } from '../facts/linux/sysctl.ts';
import type { Reason, Undecided } from '../facts/linux/verdict.ts';
import type { Derived } from '../facts/subject.ts';
import { windowsSubjects } from '../facts/windows/subjects.ts';
import type { HostSnapshot } from '../contracts/snapshot.ts';
import type { Host } from '../inventory/model.ts';
import { readInventory } from '../inventory/read.ts';
import { selectHosts } from '../inventory/select.ts';
import { visible } from '../report/visible.ts';
import type { Finish } from './finish.ts';
import { addCollecting, addVerbosity, verbosityOf } from './options.ts';
import { collectStage, readSnapshot, type CollectChoices } from './stages.ts';
import { writeText, type Streams } from './streams.ts';

interface Options extends Omit<CollectChoices, 'verbosity'> {
  readonly snapshot?: string;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** dsr-audit explain INVENTORY HOST VIP: what the host's kernel does when somebody asks who has the VIP, value by value. */
export function explainCommand(streams: Streams, finish: Finish): Command {
  const command = new Command('explain')
    .description('explain what a host does when somebody asks who has the VIP, and what its own requests announce')
    .argument('<inventory>', 'inventory file (YAML or JSON; - for standard input)')
    .argument('<host>', 'name of a host')
    .argument('<vip>', 'a VIP that it backs')
    .option('--snapshot <file>', 'explain what was collected into this snapshot; the host is contacted when left out')
    .action(async (file: string, name: string, vip: string, options: Options) => {
      const inventory = await readInventory(file, streams.stdin);
      const [host] = selectHosts(inventory, [name]).hosts;
      if (host === undefined) throw new InputError([{ message: `no host ${JSON.stringify(name)}` }]);
      const vips = [...new Set(host.bindings.map((binding) => binding.vip))];
      if (!vips.includes(vip))
        throw new InputError([
          { message: `${host.name} backs no VIP ${JSON.stringify(vip)}; it backs ${vips.join(', ')}` },
        ]);
      const snapshot =
        options.snapshot === undefined
          ? await collectStage(inventory, [host], { ...options, verbosity: verbosityOf(options) }, streams)
          : await readSnapshot(options.snapshot, streams);
      const collected = snapshot.hosts.find((candidate) => candidate.name === host.name);
      const lines = explanationLines(host, vip, collected);
      if (lines === undefined) {
        streams.stderr.write(
          `${host.name} could not be collected: ${visible(collected?.unreachable?.message ?? 'the snapshot holds nothing of it')}\n`,
        );
        return finish(exitCodes.notAssessed);
      }
      await writeText(streams.stdout, `${lines.join('\n')}\n`);
    });
  return addVerbosity(addCollecting(command));
}

function explanationLines(host: Host, vip: string, collected: HostSnapshot | undefined): readonly string[] | undefined {
  if (collected?.linux !== undefined) return linuxLines(host, vip, collected.linux);
  if (collected?.windows !== undefined) return windowsLines(host, vip, collected.windows);
  return undefined;
}

function linuxLines(backend: Host, vip: string, facts: NonNullable<HostSnapshot['linux']>): readonly string[] {
  const { interfaces } = explainArp(backend, facts, vip);
  const heading = `${backend.name}: who has ${vip}?`;
  if ('missing' in interfaces) return [heading, '', `It cannot be told: ${visible(interfaces.missing)}`];
  if (interfaces.value.length === 0) return [heading, '', 'No interface hears neighbours, so nobody can ask.'];
  return [heading, ...interfaces.value.flatMap((each) => ['', ...interfaceLines(each, vip)])];
}

function interfaceLines(
  { interface: device, replies, requests, settings }: InterfaceExplanation,
  vip: string,
): readonly string[] {
  const reply =
    replies.find((each) => 'answers' in each.reply && each.reply.answers) ??
    replies.find((each) => !('answers' in each.reply)) ??
    replies[0];
  const request =
    requests.find((each) => 'sender' in each.request && each.request.sender === vip) ??
    requests.find((each) => !('sender' in each.request)) ??
    requests[0];
  const lines = [
    `${visible(device)}: ${settings.map(({ parameter, setting }) => `${parameter} ${settingText(setting)}`).join(', ')}`,
  ];
  if (reply !== undefined) {
    const answer =
      'answers' in reply.reply
        ? reply.reply.answers
          ? 'IS ANSWERED: the host hijacks the VIP'
          : 'is not answered'
        : doubt(reply.reply);
    lines.push(`  a request from ${reply.asker} ${answer}`, ...reasons(reply.reply.because));
  }
  if (request !== undefined) {
    const announced =
      'sender' in request.request
        ? request.request.sender === vip
          ? `ANNOUNCES ${vip} as its sender: every listener updates its cache`
          : `names ${request.request.sender ?? 'nobody'} as its sender`
        : doubt(request.request);
    lines.push(
      `  the host's own request for ${request.target}, sent for a packet from ${request.source}, ${announced}`,
      ...reasons(request.request.because),
    );
  }
  return lines;
}

function settingText(setting: Derived<Effective>): string {
  if (!('value' in setting)) return 'not known';
  const { value, own, all, combination } = setting.value;
  return all === undefined ? String(value) : `${value} (${combination} of all ${all} and own ${own})`;
}

function windowsLines(host: Host, vip: string, facts: NonNullable<HostSnapshot['windows']>): readonly string[] {
  const risk = windowsSubjects(host, facts)
    .find((subject) => subject.kind === 'vip' && subject.vip === vip)
    ?.facts.get('hijackRisk');
  if (risk === undefined) throw new Error(`the host has no subject for ${vip}`);
  const heading = `${host.name}: who has ${vip}?`;
  if (!('value' in risk))
    return [heading, '', `  ${'missing' in risk ? doubt(risk) : 'unknown' in risk ? doubt(risk) : risk.notapplicable}`];
  return [
    heading,
    '',
    risk.value === true
      ? '  IS ANSWERED: an interface with a wire holds the VIP, and Windows answers ARP for the addresses of the interface'
      : '  is not answered: no interface with a wire holds the VIP',
    ...risk.evidence.map((item) => `    - ${visible(item.source)}: ${visible(item.text)}`),
  ];
}

function reasons(because: readonly Reason[]): readonly string[] {
  return because.flatMap(({ text, evidence }) => [
    `    - ${visible(text)}`,
    ...evidence.map((item) => `        ${visible(item.source)}: ${visible(item.text)}`),
  ]);
}

function doubt(undecided: Undecided): string {
  return `cannot be told: ${visible('missing' in undecided ? undecided.missing : undecided.unknown)}`;
}
