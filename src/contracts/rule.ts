// Generated from rules/rule.schema.json by `npm run types`. Do not edit.

export type Sentence = string;
export type Prose = string;
/**
 * What is judged: a host; one VIP on one host; one ARP-answering interface of one host; one VIP and port on one host; one VIP over all its backends.
 */
export type SubjectKind = 'host' | 'vip' | 'ingress' | 'listener' | 'fleet-vip';
/**
 * critical hurts others or blacks out the backend; high drops or mis-sources VIP traffic in some case; medium is lost at reboot; low is hygiene; info is a fact only.
 */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';
/**
 * What the rule speaks of: the running state (now, the default) or the state after the next boot (reboot).
 */
export type Horizon = 'now' | 'reboot';
/**
 * Facts of the subject, by fact name; at least those that the rule uses.
 *
 * @minItems 1
 */
export type Examples = readonly Example[];

/**
 * One dsr-audit rule. The file's path below its rule folder, without .yaml, is its id.
 */
export interface RuleFile {
  readonly title: Sentence;
  readonly failure: Sentence;
  readonly why: Prose;
  /**
   * The remedy, in order. {fact} in say is replaced by its value, in run by its value quoted for the platform's shell.
   *
   * @minItems 1
   */
  readonly fix: readonly Step[];
  /**
   * How to undo the remedy, in order.
   *
   * @minItems 1
   */
  readonly rollback?: readonly Step[];
  /**
   * Where the requirement comes from: kernel source or document, Microsoft page, vendor note.
   *
   * @minItems 1
   */
  readonly source: readonly Sentence[];
  /**
   * Identifiers of the requirement catalogue that the rule implements.
   *
   * @minItems 1
   */
  readonly catalogue?: readonly string[];
  readonly platform: 'linux' | 'windows' | 'any';
  readonly subject: SubjectKind;
  readonly severity: Severity;
  readonly horizon?: Horizon;
  readonly tags?: readonly string[];
  readonly when?: FactSchemas;
  readonly expect?: FactSchemas;
  /**
   * Instead of expect: ids of rules that must hold, on the same subject, for the values that the host's boot loader would set.
   *
   * @minItems 1
   */
  readonly atBoot?: readonly string[];
  /**
   * For a rule about the next boot: ids of rules about the running state whose failure says nothing about the state after the boot, because this rule judges that. The rules under atBoot are covered without being named.
   *
   * @minItems 1
   */
  readonly covers?: readonly string[];
  readonly examples: {
    readonly pass: Examples;
    readonly fail: Examples;
    readonly notapplicable?: Examples;
  };
}
export interface Step {
  readonly say?: string;
  readonly run?: string;
  /**
   * Which shell run is for; the platform's (sh or PowerShell) when left out.
   */
  readonly shell?: 'sh' | 'powershell' | 'cmd';
  readonly when?: FactSchemas;
}
/**
 * JSON Schemas by fact name.
 */
export interface FactSchemas {
  readonly [k: string]: {};
}
export interface Example {
  readonly [k: string]: unknown;
}
