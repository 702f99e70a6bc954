import type { RouteLookup } from '../../contracts/snapshot.ts';
import { quoteRemote } from '../remote-text.ts';
import { comparable, familyOf } from './ip-text.ts';
import { readRouteText } from './route-text.ts';
import type { Sections } from './sections.ts';
import { UnreadableOutput } from './unreadable-output.ts';

interface Question {
  readonly destination: string;
  readonly from: string | null;
}

/** Reads the answers of `ip route get`, each between the question and the exit status. */
export function readRouteLookups(sections: Sections): readonly RouteLookup[] {
  const lookups: RouteLookup[] = [];
  let question: Question | undefined;
  let answer: string[] = [];
  for (const line of sections.lines('lookups')) {
    const [, destination, from] = /^lookup ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+|any)$/.exec(line) ?? [];
    const [, status] = /^status ([0-9]{1,3})$/.exec(line) ?? [];
    if (destination !== undefined && question === undefined) {
      question = { destination, from: from === undefined || from === 'any' ? null : from };
      if (familyOf(destination) === undefined) throw unexpected(line);
      answer = [];
    } else if (status !== undefined && question !== undefined) {
      lookups.push(status === '0' ? found(question, answer) : failed(question, answer, status));
      question = undefined;
    } else if (question !== undefined) answer.push(line);
    else throw unexpected(line);
  }
  if (question !== undefined) throw new UnreadableOutput(`the look-up of ${question.destination} has no answer`);
  return lookups;
}

function found({ destination, from }: Question, answer: readonly string[]): RouteLookup {
  const [line, ...others] = answer;
  const route = line === undefined || others.length > 0 ? undefined : readRouteText(line);
  const [hop] = route?.hops ?? [];
  if (route === undefined || hop === undefined || route.hops.length > 1) throw unexpected(answer.join(' '));
  if (familyOf(route.destination) === undefined || comparable(route.destination) !== comparable(destination)) {
    throw unexpected(answer.join(' '));
  }
  const { type, source } = route;
  return { destination, from, type, interface: hop.interface, gateway: hop.gateway, source, error: null };
}

function failed(question: Question, answer: readonly string[], status: string): RouteLookup {
  const text = answer.join(' ').trim();
  const error = text === '' ? `ip route get ended with exit status ${status}` : text.slice(0, 512);
  return { ...question, type: null, interface: null, gateway: null, source: null, error };
}

function unexpected(line: string): UnreadableOutput {
  return new UnreadableOutput(`unexpected line of ip route get: ${quoteRemote(line)}`);
}
