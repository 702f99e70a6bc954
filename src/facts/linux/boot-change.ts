import type { ConfigurationFile, LinuxFacts } from '../../contracts/snapshot.ts';

/** Whether the host has booted since the last change of every one of these files; a reason where that is not so or not known. */
export function unchangedSinceBoot(
  facts: LinuxFacts,
  files: readonly ConfigurationFile[],
): true | { readonly reason: string } {
  if ('missing' in facts.clock) return { reason: `the host's clock is not known: ${facts.clock.missing}` };
  if ('missing' in facts.uptime) return { reason: `the host's uptime is not known: ${facts.uptime.missing}` };
  const bootedAt = facts.clock.value - facts.uptime.value;
  for (const { path, modifiedAt, kind, lines } of files) {
    // The probe names a folder itself where it may not look into it.
    if (kind === 'directory' && 'missing' in lines) return { reason: `what is in ${path} is not known` };
    if (path.startsWith('/run/') || kind === 'directory') continue;
    if (modifiedAt === null) {
      if (kind === 'link') continue;
      return { reason: `when ${path} was changed is not known` };
    }
    if (modifiedAt >= bootedAt) return { reason: `${path} was changed after the last boot` };
  }
  return true;
}
