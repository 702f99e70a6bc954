import type { LinuxFacts } from '../../contracts/snapshot.ts';

/** All that a boot model rests on. */
export type BootFacts = Pick<
  LinuxFacts,
  'sysctlFiles' | 'initSystem' | 'kernelRelease' | 'osRelease' | 'tools' | 'units'
>;
