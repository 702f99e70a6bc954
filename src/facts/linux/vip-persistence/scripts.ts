import { startsAtBoot, stateOf } from '../boot-units.ts';
import { type BootAddress, type Doubt, effectOf, type Reading, type Surroundings } from './boot-address.ts';
import { readCommands } from './ip-commands.ts';

const scriptPath =
  /^\/etc\/(?:rc\.local|rc\.d\/|init\.d\/|local\.d\/|cron\.d\/|network\/if-|networkd-dispatcher\/|NetworkManager\/dispatcher\.d\/|systemd\/system\/|conf\.d\/net$)|^\/usr\/local\/s?bin\//;

/** Boot scripts, dispatcher scripts and units of the administrator that add addresses with ip or ifconfig. */
export function readScripts({ facts, files }: Surroundings): Reading {
  const doubts: Doubt[] = [];
  const addresses = files.entries.flatMap((file) => {
    // A link such as /etc/rc.local stands for the file that it leads to.
    if (!scriptPath.test(file.path) || file.kind === 'link') return [];
    const effect = effectOfScript(facts, file.path, file.executable === true);
    if ('missing' in file.lines) {
      if (effect === 'boot' || 'perhaps' in effect) doubts.push({ path: file.path, reason: file.lines.missing });
      return [];
    }
    return file.lines.value.flatMap(({ number, text }) => {
      const command = text.replace(/^\s*Exec(?:Start|StartPre|StartPost)\s*=\s*[-@:+!]*/, '');
      return readCommands({ path: file.path, number, text: command }, 'script', effect);
    });
  });
  return { addresses, doubts };
}

function effectOfScript(facts: Surroundings['facts'], path: string, executable: boolean): BootAddress['effect'] {
  const unless = (starts: boolean | undefined, service: string): BootAddress['effect'] =>
    executable ? effectOf(starts, service) : { never: `${path} is not executable` };
  if (/^\/etc\/(?:rc\.d\/)?rc\.local$/.test(path)) {
    return unless(stateOf(facts, 'rc-local')?.startsWith('masked') !== true, 'rc-local.service');
  }
  if (path.startsWith('/etc/local.d/')) {
    return path.endsWith('.start')
      ? unless(startsAtBoot(facts, 'local'), 'the service local')
      : { never: 'its name does not end in .start' };
  }
  if (path.startsWith('/etc/network/if-')) return unless(startsAtBoot(facts, 'networking'), 'the service networking');
  if (path.startsWith('/etc/NetworkManager/')) return unless(startsAtBoot(facts, 'NetworkManager'), 'NetworkManager');
  if (path.startsWith('/etc/conf.d/')) return { perhaps: 'whether netifrc reads it is not known' };
  return { perhaps: 'what runs it at boot is not known' };
}
