import type { UnreachableKind } from '../../contracts/snapshot.ts';
import { HostFailure, type Phase } from '../failure.ts';
import { quoteRemote } from '../remote-text.ts';

/** What the command prints before the error id of a failed Invoke-Command; the id is never localised. */
export const errorMark = 'DSRAUDIT-REMOTING-ERROR ';

// First part of FullyQualifiedErrorId, as PowerShell derives it from the WS-Management error code
// (System.Management.Automation, WSManTransportManagerUtils).
const failures = new Map<string, readonly [UnreachableKind, Phase, string]>([
  [
    'AccessDenied',
    [
      'auth',
      'authentication',
      'access denied; the account must be in Remote Management Users or Administrators of the host',
    ],
  ],
  ['LogonFailure', ['auth', 'authentication', 'the logon failed; check the account and its credential file']],
  [
    'AuthenticationFailed',
    ['auth', 'authentication', 'the authentication failed; check the account and its credential file'],
  ],
  ['InvalidAuthentication', ['auth', 'authentication', 'the host refuses this kind of authentication']],
  [
    'ExplicitCredentialsRequired',
    ['auth', 'authentication', 'a credential is required: name a credentialFile in the inventory'],
  ],
  [
    'WorkgroupCannotUseKerberos',
    ['auth', 'authentication', 'Kerberos does not work in a workgroup; use useTls with a credentialFile'],
  ],
  ['ClientKerberosDisabled', ['auth', 'authentication', 'Kerberos is disabled on this station']],
  [
    'ServerNotTrusted',
    [
      'auth',
      'authentication',
      'the host cannot be authenticated; use a domain name, or useTls with a certificate that this station trusts',
    ],
  ],
  [
    'CannotUseIPAddress',
    ['auth', 'authentication', 'an IP address needs a credentialFile and useTls; or use the host name'],
  ],
  ['ComputerNotFound', ['dns', 'name', 'the name is not known']],
  ['TargetUnknown', ['dns', 'name', 'the name is not known to the domain']],
  ['NetworkPathNotFound', ['dns', 'name', 'the host was not found in the network']],
  [
    'CannotConnect',
    ['refused', 'tcp', 'WinRM cannot be reached; is it enabled (Enable-PSRemoting), and the port open?'],
  ],
  ['CannotConnectWinRMService', ['refused', 'tcp', 'the WinRM service does not answer']],
  ['WinRMOperationTimeout', ['timeout', 'exec', 'WinRM did not answer in time']],
]);

/** Makes a failure of what Invoke-Command said; undefined where standard error holds no error of ours. */
export function remotingFailure(errorText: string): HostFailure | undefined {
  const start = errorText.indexOf(errorMark);
  if (start === -1) return undefined;
  const [id = '', ...words] = errorText.slice(start + errorMark.length).split(' ');
  const said = quoteRemote(words.join(' ').trim());
  const [kind, phase, advice] =
    failures.get(id.split(',')[0] ?? '') ??
    (['protocol', 'exec', `PowerShell remoting failed (${quoteRemote(id)})`] as const);
  return new HostFailure(kind, phase, `${advice}; PowerShell said ${said}`);
}
