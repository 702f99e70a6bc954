import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Scalar } from './setting.ts';

/** One row of a list that PowerShell read from WMI, a cmdlet or the registry: plain values by property name. */
export type Row = Readonly<Record<string, Scalar | readonly Scalar[]>>;

/** An address of a .NET interface. */
export interface DotnetAddress {
  readonly address: string;
  readonly mask: string | null;
  readonly prefixLength: number | null;
  readonly state: number;
  readonly prefixOrigin: number;
}

/** An interface as .NET describes it. */
export interface DotnetInterface {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly type: number;
  readonly status: number;
  readonly mac: string;
  readonly dynamicDns: boolean | null;
  readonly index4: number | null;
  readonly index6: number | null;
  readonly dhcp: boolean | null;
  readonly forwarding: boolean | null;
  readonly addresses: readonly DotnetAddress[];
  readonly gateways: readonly string[];
}

/** The firewall of Windows Server 2003, as HNetCfg.FwMgr describes the profile in use. */
export interface FirewallManager {
  readonly type: number;
  readonly enabled: boolean;
  readonly blockAllInbound: boolean;
  readonly ports: readonly Row[];
}

/** Steps whose value is a list of rows. */
export const rowSteps = [
  'connections',
  'devices',
  'drivers',
  'registryInterfaces',
  'netbt',
  'linkage',
  'ipInterfaces',
  'ipAddresses',
  'ipRoutes',
  'connectionProfiles',
  'dnsClients',
  'adapterBindings',
  'netAdapters',
  'persistentIpInterfaces',
  'persistentIpAddresses',
  'persistentIpRoutes',
  'adapterConfigurations',
  'ip4Routes',
  'firewallProfiles',
  'firewallPolicies',
  'firewallRules',
  'firewallPolicyRules',
  'networkList',
  'tcpListeners',
  'udpListeners',
  'services',
] as const;
/** Steps whose value is one row. */
export const singleSteps = ['powershell', 'identity', 'product', 'computer', 'tcpip'] as const;
/** Steps whose value is a list of lines. */
export const lineSteps = [
  'registryRoutes',
  'httpListenOnly',
  'netshActive4',
  'netshPersistent4',
  'netshActive6',
  'netshPersistent6',
  'netshDump4',
  'netshDump6',
] as const;
/** Steps whose value is one number or text. */
export const scalarSteps = ['clock', 'computerName', 'language', 'apiVersion'] as const;

/** The document of the PowerShell collector: one property a step; a step that failed has none, and a note. */
export interface CollectorDocument
  extends
    Readonly<Partial<Record<(typeof rowSteps)[number], readonly Row[]>>>,
    Readonly<Partial<Record<(typeof singleSteps)[number], Row | null>>>,
    Readonly<Partial<Record<(typeof lineSteps)[number], readonly string[]>>>,
    Readonly<Partial<Record<(typeof scalarSteps)[number], Scalar>>> {
  readonly schema: 1;
  readonly interfaces?: readonly DotnetInterface[];
  readonly firewallManager?: FirewallManager;
  readonly notes: readonly { readonly step: string; readonly error: string }[];
}

const scalar = { type: ['string', 'number', 'boolean', 'null'], maxLength: 16_384 };
const row = {
  type: 'object',
  maxProperties: 64,
  // The collector chooses the names; this one would reach an object's prototype.
  propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9]{0,63}$' },
  additionalProperties: { anyOf: [scalar, { type: 'array', maxItems: 5000, items: scalar }] },
};
const text = { type: 'string', maxLength: 16_384 };
const whole = { type: 'integer' };
const maybe = (schema: object): object => ({ anyOf: [schema, { type: 'null' }] });
const list = (items: object, maxItems = 20_000): object => ({ type: 'array', maxItems, items });
const record = (properties: Record<string, object>): object => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});
const steps = (names: readonly string[], schema: object): object =>
  Object.fromEntries(names.map((name) => [name, schema]));

const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['schema', 'notes'],
  properties: {
    schema: { const: 1 },
    notes: list(record({ step: text, error: text }), 500),
    interfaces: list(
      record({
        id: text,
        name: text,
        description: text,
        type: whole,
        status: whole,
        mac: text,
        dynamicDns: maybe({ type: 'boolean' }),
        index4: maybe(whole),
        index6: maybe(whole),
        dhcp: maybe({ type: 'boolean' }),
        forwarding: maybe({ type: 'boolean' }),
        addresses: list(
          record({ address: text, mask: maybe(text), prefixLength: maybe(whole), state: whole, prefixOrigin: whole }),
          5000,
        ),
        gateways: list(text, 1000),
      }),
      2000,
    ),
    firewallManager: record({
      type: whole,
      enabled: { type: 'boolean' },
      blockAllInbound: { type: 'boolean' },
      ports: list(row, 5000),
    }),
    ...steps(rowSteps, list(row)),
    ...steps(singleSteps, maybe(row)),
    ...steps(lineSteps, list(text)),
    ...steps(scalarSteps, scalar),
  },
};
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile<CollectorDocument>(schema);

/** Reads the document, or says what is wrong with it. */
export function readDocument(json: string): CollectorDocument | { readonly invalid: string } {
  if (nesting(json) > 16) return { invalid: 'The document is nested too deeply.' };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return { invalid: `The document is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  return validate(value) ? value : { invalid: `The document has a wrong shape: ${describe(validate.errors?.[0])}` };
}

/** Depth of the deepest brackets outside strings, before anything recursive sees the text. */
function nesting(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const character = json[index];
    if (inString && character === '\\') index += 1;
    else if (character === '"') inString = !inString;
    else if (!inString && (character === '{' || character === '[')) deepest = Math.max(deepest, (depth += 1));
    else if (!inString && (character === '}' || character === ']')) depth -= 1;
  }
  return deepest;
}

function describe(error: ErrorObject | undefined): string {
  return error === undefined
    ? 'unknown'
    : `${error.instancePath === '' ? '/' : error.instancePath} ${error.message ?? ''}`;
}
