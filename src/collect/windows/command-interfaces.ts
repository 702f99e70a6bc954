import type { WindowsFacts, WindowsInterface } from '../../contracts/snapshot.ts';
import { known, missing } from '../../facts/fact.ts';
import { type Answers, mapLines } from './command-answers.ts';
import { canonicalGuid } from './identifier.ts';
import { type InterfaceRow, readInterfaceTable } from './netsh-tables.ts';
import { readRegistry, type RegistryValues, textOf } from './reg-query.ts';

/** The adapters: registry keys give GUID, alias and driver; the table of netsh gives the index of what is present. */
export function readCommandInterfaces(answers: Answers): WindowsFacts['interfaces'] {
  return mapLines(answers('connections'), (lines) => {
    const table = answers('interfaces');
    const listed = new Map(
      'missing' in table ? [] : readInterfaceTable(table).map((row) => [row.alias.toLowerCase(), row]),
    );
    const drivers = answers('drivers');
    const driverOf = new Map<string, RegistryValues>();
    for (const values of 'missing' in drivers ? [] : readRegistry(drivers).values()) {
      const guid = canonicalGuid(textOf(values.get('netcfginstanceid'), 64));
      if (guid !== null) driverOf.set(guid, values);
    }
    const rows: WindowsInterface[] = [];
    for (const [path, values] of readRegistry(lines)) {
      const guid = canonicalGuid(/\\(\{[0-9a-f-]{36}\})\\connection$/.exec(path)?.[1]);
      const alias = textOf(values.get('name'), 256);
      if (guid === null || alias === null) continue;
      const driver = driverOf.get(guid);
      const row = listed.get(alias.toLowerCase());
      listed.delete(alias.toLowerCase());
      rows.push({
        ...unknownInterface,
        guid,
        ...inTable(row),
        alias,
        description: textOf(driver?.get('driverdesc'), 256),
        componentId: textOf(driver?.get('componentid'), 256),
        matchingDeviceId: textOf(driver?.get('matchingdeviceid'), 256),
        pnpInstanceId: textOf(values.get('pnpinstanceid'), 256),
        // 2003 has no table of indexes, and every connection that it keeps counts as present.
        present: 'missing' in table || row !== undefined,
      });
    }
    if (rows.length === 0) return missing('reg query printed no connection');
    // The loopback pseudo-interface has no adapter: only netsh lists it, always with index 1.
    for (const row of listed.values()) {
      rows.push({ ...unknownInterface, ...inTable(row), alias: row.alias, type: row.index === 1 ? 24 : null });
    }
    return known(rows);
  });
}

function inTable(row: InterfaceRow | undefined): Pick<WindowsInterface, 'index' | 'operationalStatus'> {
  if (row === undefined) return { index: null, operationalStatus: null };
  return { index: row.index, operationalStatus: row.connected ? 'up' : 'down' };
}

const unknownInterface: WindowsInterface = {
  guid: null,
  index: null,
  alias: null,
  description: null,
  type: null,
  operationalStatus: null,
  adminStatus: null,
  mediaConnected: null,
  macAddress: null,
  hardwareIds: null,
  componentId: null,
  matchingDeviceId: null,
  pnpInstanceId: null,
  service: null,
  configFlags: null,
  hidden: null,
  present: true,
};
