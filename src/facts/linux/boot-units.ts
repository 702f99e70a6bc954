import type { LinuxFacts } from '../../contracts/snapshot.ts';

/** What the init system says of a service; undefined when it knows none of that name, or nothing could be asked. */
export function stateOf(facts: Pick<LinuxFacts, 'units'>, service: string): string | undefined {
  return unitOf(facts, service)?.enabled ?? undefined;
}

/**
 * Whether a service starts at boot; undefined where that cannot be told. A unit that systemd generates or pulls in by
 * another (static, indirect) starts at the next boot if it runs now.
 */
export function startsAtBoot(facts: Pick<LinuxFacts, 'units'>, service: string): boolean | undefined {
  if ('missing' in facts.units) return undefined;
  const unit = unitOf(facts, service);
  if (unit === undefined) return false;
  const state = unit.enabled ?? '';
  if (/^(?:enabled|enabled-runtime|alias)$/.test(state)) return true;
  if (/^(?:masked|masked-runtime|not-found)$/.test(state)) return false;
  if (unit.active === 'active') return state === 'disabled' ? undefined : true;
  return state === 'disabled' || unit.active === 'inactive' ? false : undefined;
}

function unitOf(
  facts: Pick<LinuxFacts, 'units'>,
  service: string,
): { readonly enabled: string | null; readonly active: string | null } | undefined {
  if ('missing' in facts.units) return undefined;
  return facts.units.value.find(({ name }) => name === service || name === `${service}.service`);
}
