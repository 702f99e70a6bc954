import type { JSX } from 'preact';
import { rebootChange } from '../../src/report/meaning.ts';
import type { ShownHost } from '../../src/report/shown.ts';
import { VerdictMark } from './parts.tsx';

/** The hosts that a reboot would change, as far as their configuration tells. */
export function Reboot({ hosts }: { readonly hosts: readonly ShownHost[] }): JSX.Element | null {
  const changing = hosts.filter((host) => rebootChange(host) !== undefined);
  if (changing.length === 0) return null;
  return (
    <section aria-labelledby="reboot">
      <h2 id="reboot">Right now and after a reboot</h2>
      <div class="card scroll-x" role="region" aria-labelledby="reboot" tabIndex={0}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Right now</th>
              <th scope="col">After a reboot</th>
              <th scope="col">In short</th>
            </tr>
          </thead>
          <tbody>
            {changing.slice(0, 200).map((host) => (
              <tr key={host.name}>
                <th scope="row">{host.name}</th>
                <td>
                  <VerdictMark verdict={host.now} />
                </td>
                <td>
                  <VerdictMark verdict={host.afterReboot} />
                </td>
                <td>{rebootChange(host)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {changing.length > 200 && <p class="muted">and {changing.length - 200} more: filter to see them</p>}
    </section>
  );
}
