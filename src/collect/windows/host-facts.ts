import type { WindowsFacts } from '../../contracts/snapshot.ts';
import { known } from '../../facts/fact.ts';
import type { CollectorDocument } from './document.ts';
import { missingStep } from './notes.ts';
import { plain } from './row.ts';
import { readBoolean, readInteger, readText } from './setting.ts';

/** The facts about the host itself and the process that read them. */
export type HostFacts = Pick<
  WindowsFacts,
  | 'hostname'
  | 'clock'
  | 'version'
  | 'product'
  | 'language'
  | 'powershell'
  | 'elevated'
  | 'userName'
  | 'domain'
  | 'tcpipParameters'
>;

/** Reads the facts about the host from the document of the PowerShell collector. */
export function readHostFacts(document: CollectorDocument): HostFacts {
  const { identity, computer, tcpip, powershell, product } = document;
  const elevated = readBoolean(plain(identity, 'elevated'));
  const userName = readText(plain(identity, 'name'), 4096);
  const joined = readBoolean(plain(computer, 'PartOfDomain'));
  const productName = readText(plain(product, 'ProductName'), 256);
  const shellVersion = readText(plain(powershell, 'version'), 64);
  const languageMode = readText(plain(powershell, 'languageMode'), 32);
  const hostname = readText(document.computerName, 4096);
  const language = readText(document.language, 4096);
  const clock = readInteger(document.clock);
  return {
    hostname: hostname === null ? missingStep(document, 'computerName') : known(hostname),
    clock: clock === null ? missingStep(document, 'clock') : known(clock),
    version: readVersion(document),
    product:
      productName === null
        ? missingStep(document, 'product')
        : known({
            name: productName,
            edition: readText(plain(product, 'EditionID'), 64),
            installationType: readText(plain(product, 'InstallationType'), 64),
            servicePack: readText(plain(product, 'CSDVersion'), 64),
          }),
    language: language === null ? missingStep(document, 'language') : known(language),
    powershell:
      shellVersion === null || languageMode === null
        ? missingStep(document, 'powershell')
        : known({ version: shellVersion, edition: readText(plain(powershell, 'edition'), 32), languageMode }),
    elevated: elevated === null ? missingStep(document, 'identity') : known(elevated),
    userName: userName === null ? missingStep(document, 'identity') : known(userName),
    domain:
      joined === null
        ? missingStep(document, 'computer')
        : known({ joined, role: readInteger(plain(computer, 'DomainRole')) }),
    tcpipParameters:
      tcpip === undefined || tcpip === null
        ? missingStep(document, 'tcpip')
        : known({
            ipEnableRouter: readBoolean(plain(tcpip, 'IPEnableRouter')),
            disableDynamicUpdate: readBoolean(plain(tcpip, 'DisableDynamicUpdate')),
          }),
  };
}

// The registry comes first: to a program without manifest the version API answers 6.2 for everything newer, so that answer
// alone says nothing.
function readVersion(document: CollectorDocument): WindowsFacts['version'] {
  const { product } = document;
  const registry = /^(\d{1,3})\.(\d{1,3})$/.exec(readText(plain(product, 'CurrentVersion'), 64) ?? '');
  const major = readInteger(plain(product, 'CurrentMajorVersionNumber')) ?? integer(registry?.[1]);
  const minor = readInteger(plain(product, 'CurrentMinorVersionNumber')) ?? integer(registry?.[2]);
  const build = readInteger(plain(product, 'CurrentBuildNumber'));
  if (major !== null && minor !== null && build !== null) {
    return known({ major, minor, build, revision: readInteger(plain(product, 'UBR')) });
  }
  const api = /^(\d{1,3})\.(\d{1,3})\.(\d{1,6})/.exec(readText(document.apiVersion, 64) ?? '');
  if (api === null || (api[1] === '6' && api[2] === '2')) return missingStep(document, 'product', 'apiVersion');
  return known({ major: Number(api[1]), minor: Number(api[2]), build: Number(api[3]), revision: null });
}

function integer(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
