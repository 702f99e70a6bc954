/** The ingress side of a host. */
export interface Ports {
  /** Every interface that takes part, the one with the real address first. */
  readonly names: readonly string[];
  readonly main: 'eth0' | 'br0';
  readonly hasSecondNic: boolean;
}

/** A chance for what a compliant host does not have: rarer in the calm half of all configurations, which stay near compliance. */
export type Mishap = (times: number) => boolean;

/** The kernel may refuse it, because of what came before; then it is not part of the configuration. */
export function unlessRefused(command: string): string {
  return `${command} || true`;
}
