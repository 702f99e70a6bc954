/** A JSON Schema in words that finish the sentence "expected: ..."; a description in the schema wins. */
export function expectationOf(schema: Readonly<Record<string, unknown>>): string {
  if (typeof schema['description'] === 'string') return schema['description'];
  const parts: string[] = [];
  if ('const' in schema) parts.push(wordOf(schema['const']));
  if (Array.isArray(schema['enum'])) parts.push(alternatives(schema['enum'].map(wordOf)));
  if (schema['maxItems'] === 0) parts.push('none');
  else if (typeof schema['maxItems'] === 'number') parts.push(`at most ${schema['maxItems']}`);
  if (typeof schema['minItems'] === 'number') parts.push(`at least ${schema['minItems']}`);
  if (typeof schema['minimum'] === 'number') parts.push(`${schema['minimum']} or more`);
  if (typeof schema['maximum'] === 'number') parts.push(`${schema['maximum']} or less`);
  if (typeof schema['exclusiveMinimum'] === 'number') parts.push(`more than ${schema['exclusiveMinimum']}`);
  if (typeof schema['exclusiveMaximum'] === 'number') parts.push(`less than ${schema['exclusiveMaximum']}`);
  if (typeof schema['pattern'] === 'string') parts.push(`text like ${schema['pattern']}`);
  if (isSchema(schema['items'])) parts.push(`each ${expectationOf(schema['items'])}`);
  if (isSchema(schema['contains'])) parts.push(`at least one ${expectationOf(schema['contains'])}`);
  if (isSchema(schema['not'])) parts.push(`not ${expectationOf(schema['not'])}`);
  for (const keyword of ['anyOf', 'oneOf'] as const) {
    const choices = schema[keyword];
    if (Array.isArray(choices)) parts.push(alternatives(choices.filter(isSchema).map(expectationOf)));
  }
  if (Array.isArray(schema['allOf'])) parts.push(...schema['allOf'].filter(isSchema).map(expectationOf));
  if (isSchema(schema['properties'])) {
    const members = Object.entries(schema['properties']).filter(([, member]) => isSchema(member));
    parts.push(members.map(([name, member]) => `${factLabel(name)} ${expectationOf(member as Schema)}`).join(' and '));
  }
  if (parts.length === 0 && schema['type'] !== undefined) parts.push([schema['type']].flat().map(wordOf).join(' or '));
  return parts.join(', ');
}

/** A value in words: none for an empty list, yes and no for booleans. */
export function wordOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(wordOf).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]) => `${factLabel(name)} ${wordOf(member)}`)
      .join(' ');
  }
  return JSON.stringify(value) ?? 'nothing';
}

/** A fact's name as words: arpIgnoreAll becomes "arp ignore all". */
export function factLabel(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
}

type Schema = Readonly<Record<string, unknown>>;

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
