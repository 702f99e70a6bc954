# dsr-audit, Windows collector, document version 1. It reads and prints; it changes nothing.
# For Windows PowerShell 2.0 to 5.1 and PowerShell 7: nothing newer than the 2.0 language, ASCII only, no input but the nonce.
# Every step stores one value under its own name. A step that fails stores none and leaves a note: missing is not false.
param([string]$Nonce = 'evidence')

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$WarningPreference = 'SilentlyContinue'
$invariant = [System.Globalization.CultureInfo]::InvariantCulture
$document = @{}
$notes = New-Object System.Collections.ArrayList

# ---- What can be asked only through .NET or COM stands in functions of its own, so that recorded answers can take its place.

function Get-DsrClock { [System.DateTime]::UtcNow }
function Get-DsrComputerName { [System.Environment]::MachineName }
function Get-DsrSystemVersion { [System.Environment]::OSVersion.Version }
function Get-DsrLanguage { [System.Globalization.CultureInfo]::InstalledUICulture.Name }
function Get-DsrShell {
  @{ version = $PSVersionTable.PSVersion.ToString(); major = $PSVersionTable.PSVersion.Major; edition = $PSVersionTable['PSEdition']
    languageMode = [string]$ExecutionContext.SessionState.LanguageMode }
}
function Get-DsrIdentity {
  $user = [System.Security.Principal.WindowsIdentity]::GetCurrent()
  $principal = New-Object System.Security.Principal.WindowsPrincipal($user)
  @{ name = $user.Name; elevated = $principal.IsInRole([System.Security.Principal.WindowsBuiltInRole]::Administrator) }
}
function Get-DsrInterface { [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() }
function Get-DsrTcpListener { [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveTcpListeners() }
function Get-DsrUdpListener { [System.Net.NetworkInformation.IPGlobalProperties]::GetIPGlobalProperties().GetActiveUdpListeners() }
# CLSID_NetworkListManager
function Get-DsrNetworkList { [System.Activator]::CreateInstance([System.Type]::GetTypeFromCLSID([System.Guid]'{DCB00C01-570F-4A9B-8D69-199FDBA5723B}')) }
function Invoke-DsrNetsh([string[]]$Arguments) {
  $program = [System.IO.Path]::Combine([System.Environment]::SystemDirectory, 'netsh.exe')
  $lines = @(& $program $Arguments | ForEach-Object { [string]$_ })
  @{ lines = $lines; exitCode = $LASTEXITCODE }
}

# ---- The document

function Write-DsrNote([string]$Step, $Problem) {
  $text = [string]$Problem
  if ($text.Length -gt 1000) { $text = $text.Substring(0, 1000) }
  [void]$notes.Add(@{ step = $Step; error = $text })
}

function Set-DsrValue([string]$Step, [scriptblock]$Read) {
  try { $document[$Step] = & $Read } catch { Write-DsrNote $Step $_ }
}

# A list is whole or it is not there.
function Set-DsrList([string]$Step, [int]$Limit, [scriptblock]$Read) {
  try {
    $rows = @(& $Read)
    if ($rows.Count -gt $Limit) { throw ('more than ' + $Limit + ' entries') }
    $document[$Step] = $rows
  }
  catch { Write-DsrNote $Step $_ }
}

# ConvertTo-Json came with 3.0. One builder takes it all, and few calls are made: a call costs more than what it does here.
# An enumeration is written as its number, which no language changes.
$unprintable = New-Object System.Text.RegularExpressions.Regex('[^\x20-\x7e]')
function Add-DsrText($Out, [string]$Text) {
  if ($Text.Length -gt 16384) { throw 'a text is longer than 16384 characters' }
  $escaped = $Text.Replace('\', '\\').Replace('"', '\"')
  [void]$Out.Append('"')
  if (-not $unprintable.IsMatch($escaped)) { [void]$Out.Append($escaped) }
  else {
    foreach ($character in $escaped.ToCharArray()) {
      $code = [int]$character
      if (($code -lt 32) -or ($code -gt 126)) { [void]$Out.Append('\u').Append($code.ToString('x4', $invariant)) } else { [void]$Out.Append($character) }
    }
  }
  [void]$Out.Append('"')
}

function Add-DsrJson($Out, $Value, [int]$Depth) {
  if ($null -eq $Value) { [void]$Out.Append('null') }
  elseif ($Value -is [string]) { Add-DsrText $Out $Value }
  elseif ($Value -is [bool]) { if ($Value) { [void]$Out.Append('true') } else { [void]$Out.Append('false') } }
  elseif ($Value -is [System.Enum]) { [void]$Out.AppendFormat($invariant, '{0:D}', $Value) }
  elseif (($Value -is [System.ValueType]) -and $Value.GetType().IsPrimitive -and -not ($Value -is [char])) { [void]$Out.AppendFormat($invariant, '{0}', $Value) }
  elseif ($Depth -gt 8) { throw 'nested too deeply' }
  elseif ($Value -is [System.Collections.IDictionary]) {
    $keys = @($Value.Keys)
    [System.Array]::Sort($keys, [System.StringComparer]::Ordinal)
    $mark = '{'
    foreach ($key in $keys) {
      [void]$Out.Append($mark)
      Add-DsrText $Out $key
      [void]$Out.Append(':')
      Add-DsrJson $Out $Value[$key] ($Depth + 1)
      $mark = ','
    }
    if ($mark -eq '{') { [void]$Out.Append('{}') } else { [void]$Out.Append('}') }
  }
  elseif ($Value -is [System.Collections.IEnumerable]) {
    $mark = '['
    foreach ($element in $Value) {
      [void]$Out.Append($mark)
      Add-DsrJson $Out $element ($Depth + 1)
      $mark = ','
    }
    if ($mark -eq '[') { [void]$Out.Append('[]') } else { [void]$Out.Append(']') }
  }
  else { Add-DsrText $Out ([string]$Value) }
}

function Select-DsrProperty($Source, [string[]]$Names) {
  $row = @{}
  foreach ($name in $Names) { $row[$name] = $Source.$name }
  return $row
}

# ---- Registry. A key that is not there is an answer; one that may not be read is an error.

function Open-DsrKey([string]$Path) {
  try { return Get-Item -LiteralPath ('HKLM:\' + $Path) }
  catch {
    if ($_.FullyQualifiedErrorId -like 'PathNotFound*') { return $null }
    throw
  }
}

function Read-DsrValue([string]$Path, [string[]]$Names) {
  $key = Open-DsrKey $Path
  if ($null -eq $key) { return $null }
  $row = @{}
  foreach ($name in $Names) { $row[$name] = $key.GetValue($name) }
  return $row
}

function Get-DsrSubkey([string]$Path, [string]$Pattern) {
  $key = Open-DsrKey $Path
  if ($null -eq $key) { throw ('no key ' + $Path) }
  foreach ($name in @($key.GetSubKeyNames())) { if ($name -match $Pattern) { $name } }
}

$guidPattern = '^\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}$'
$networkClass = '{4D36E972-E325-11CE-BFC1-08002BE10318}'
$services = 'SYSTEM\CurrentControlSet\Services\'

# ---- WMI: the v1 cmdlets left with PowerShell 6, the CIM cmdlets came with 3.0.

$shell = Get-DsrShell
function Get-DsrWmi([string]$Namespace, [string]$Class, [string]$Filter) {
  $question = @{ Namespace = $Namespace; ErrorAction = 'Stop' }
  if ($Filter) { $question['Filter'] = $Filter }
  if ($shell['major'] -ge 3) { Get-CimInstance -ClassName $Class -OperationTimeoutSec 20 @question }
  else { Get-WmiObject -Class $Class @question }
}

function Set-DsrWmiList([string]$Step, [string]$Namespace, [string]$Class, [string]$Filter, [string[]]$Names) {
  Set-DsrList $Step 20000 { foreach ($instance in @(Get-DsrWmi $Namespace $Class $Filter)) { Select-DsrProperty $instance $Names } }
}

# ---- The host

$document['schema'] = 1
$document['powershell'] = $shell
Set-DsrValue 'clock' { [System.Math]::Floor(((Get-DsrClock) - (New-Object System.DateTime(1970, 1, 1))).TotalSeconds) }
Set-DsrValue 'computerName' { Get-DsrComputerName }
Set-DsrValue 'language' { Get-DsrLanguage }
Set-DsrValue 'identity' { Get-DsrIdentity }
Set-DsrValue 'apiVersion' { (Get-DsrSystemVersion).ToString() }
Set-DsrValue 'product' {
  Read-DsrValue 'SOFTWARE\Microsoft\Windows NT\CurrentVersion' @('ProductName', 'CurrentVersion', 'CurrentMajorVersionNumber',
    'CurrentMinorVersionNumber', 'CurrentBuildNumber', 'UBR', 'InstallationType', 'EditionID', 'CSDVersion')
}
Set-DsrValue 'computer' {
  $systems = @(Get-DsrWmi 'root\cimv2' 'Win32_ComputerSystem' '')
  Select-DsrProperty $systems[0] @('PartOfDomain', 'DomainRole')
}

# The API answers 6.2 for whatever is newer, unless the program has a manifest.
$nt = $null
try {
  $product = $document['product']
  if (($null -ne $product) -and ($null -ne $product['CurrentMajorVersionNumber'])) {
    $nt = New-Object System.Version([int]$product['CurrentMajorVersionNumber'], [int]$product['CurrentMinorVersionNumber'])
  }
  elseif (($null -ne $product) -and $product['CurrentVersion']) { $nt = New-Object System.Version([string]$product['CurrentVersion']) }
  else { $nt = Get-DsrSystemVersion }
}
catch { Write-DsrNote 'version' $_ }
$is52 = ($null -ne $nt) -and ($nt -lt [version]'6.0')
$is60 = ($null -ne $nt) -and ($nt -ge [version]'6.0')
$is62 = ($null -ne $nt) -and ($nt -ge [version]'6.2')

# ---- Interfaces and addresses, from .NET: every version, no privilege, no language

Set-DsrList 'interfaces' 2000 {
  foreach ($interface in @(Get-DsrInterface)) {
    $properties = $interface.GetIPProperties()
    $row = @{ id = [string]$interface.Id; name = [string]$interface.Name; description = [string]$interface.Description
      type = [int]$interface.NetworkInterfaceType; status = [int]$interface.OperationalStatus; mac = [string]$interface.GetPhysicalAddress()
      dynamicDns = $properties.IsDynamicDnsEnabled; index4 = $null; dhcp = $null; forwarding = $null; index6 = $null }
    if ($interface.Supports('IPv4')) {
      $ip4 = $properties.GetIPv4Properties()
      $row['index4'] = $ip4.Index
      $row['dhcp'] = $ip4.IsDhcpEnabled
      $row['forwarding'] = $ip4.IsForwardingEnabled
    }
    if ($interface.Supports('IPv6')) { $row['index6'] = $properties.GetIPv6Properties().Index }
    $addresses = New-Object System.Collections.ArrayList
    foreach ($unicast in @($properties.UnicastAddresses)) {
      $mask = $null
      if ($null -ne $unicast.IPv4Mask) { $mask = [string]$unicast.IPv4Mask }
      [void]$addresses.Add(@{ address = [string]$unicast.Address; mask = $mask; prefixLength = $unicast.PrefixLength
          state = [int]$unicast.DuplicateAddressDetectionState; prefixOrigin = [int]$unicast.PrefixOrigin })
    }
    $row['addresses'] = $addresses
    $gateways = New-Object System.Collections.ArrayList
    foreach ($gateway in @($properties.GatewayAddresses)) { [void]$gateways.Add([string]$gateway.Address) }
    $row['gateways'] = $gateways
    $row
  }
}

# ---- Adapters, from the registry: who they are, by GUID

Set-DsrList 'connections' 2000 {
  $path = 'SYSTEM\CurrentControlSet\Control\Network\' + $networkClass
  foreach ($guid in @(Get-DsrSubkey $path $guidPattern)) {
    $row = Read-DsrValue ($path + '\' + $guid + '\Connection') @('Name', 'PnpInstanceID')
    if ($null -ne $row) { $row['guid'] = $guid; $row }
  }
}
Set-DsrList 'devices' 2000 {
  if (-not $document.ContainsKey('connections')) { throw 'the connections could not be read' }
  foreach ($connection in $document['connections']) {
    if (-not $connection['PnpInstanceID']) { continue }
    $row = Read-DsrValue ('SYSTEM\CurrentControlSet\Enum\' + $connection['PnpInstanceID']) @('HardwareID', 'Service', 'ConfigFlags')
    if ($null -ne $row) { $row['guid'] = $connection['guid']; $row }
  }
}
Set-DsrList 'drivers' 2000 {
  $path = 'SYSTEM\CurrentControlSet\Control\Class\' + $networkClass
  foreach ($number in @(Get-DsrSubkey $path '^[0-9]{4}$')) {
    $row = Read-DsrValue ($path + '\' + $number) @('NetCfgInstanceId', 'ComponentId', 'MatchingDeviceId', 'DriverDesc')
    if (($null -ne $row) -and $row['NetCfgInstanceId']) { $row }
  }
}
Set-DsrList 'registryInterfaces' 2000 {
  $path = $services + 'Tcpip\Parameters\Interfaces'
  foreach ($guid in @(Get-DsrSubkey $path $guidPattern)) {
    $row = Read-DsrValue ($path + '\' + $guid) @('IPAddress', 'SubnetMask', 'DefaultGateway', 'DefaultGatewayMetric', 'EnableDHCP',
      'InterfaceMetric', 'RegistrationEnabled', 'DisableDynamicUpdate')
    if ($null -ne $row) { $row['guid'] = $guid; $row }
  }
}
Set-DsrList 'netbt' 2000 {
  $path = $services + 'NetBT\Parameters\Interfaces'
  foreach ($name in @(Get-DsrSubkey $path '^Tcpip_\{')) {
    $row = Read-DsrValue ($path + '\' + $name) @('NetbiosOptions')
    if ($null -ne $row) { $row['guid'] = $name.Substring(6); $row }
  }
}
Set-DsrList 'linkage' 2 {
  foreach ($service in @('LanmanServer', 'LanmanWorkstation')) {
    $bound = Read-DsrValue ($services + $service + '\Linkage') @('Bind')
    if ($null -eq $bound) { throw ('no linkage of ' + $service) }
    $disabled = Read-DsrValue ($services + $service + '\Linkage\Disabled') @('Bind')
    $row = @{ service = $service; bind = $bound['Bind']; disabled = $null }
    if ($null -ne $disabled) { $row['disabled'] = $disabled['Bind'] }
    $row
  }
}
Set-DsrValue 'tcpip' {
  $row = Read-DsrValue ($services + 'Tcpip\Parameters') @('IPEnableRouter', 'DisableDynamicUpdate')
  if ($null -eq $row) { throw 'no Tcpip parameters' }
  $row
}
Set-DsrList 'registryRoutes' 20000 {
  $key = Open-DsrKey ($services + 'Tcpip\Parameters\PersistentRoutes')
  if ($null -ne $key) { foreach ($name in @($key.GetValueNames())) { if ($name) { [string]$name } } }
}

# ---- The TCP/IP provider of Windows Server 2012 and later. Its values are numbers.

if ($is62) {
  $cim = 'root\StandardCimv2'
  $ofInterface = @('InterfaceIndex', 'InterfaceAlias', 'AddressFamily', 'Store', 'WeakHostSend', 'WeakHostReceive', 'InterfaceMetric',
    'AutomaticMetric', 'Dhcp', 'Forwarding', 'ConnectionState')
  $ofAddress = @('InterfaceIndex', 'InterfaceAlias', 'AddressFamily', 'Store', 'IPAddress', 'PrefixLength', 'PrefixOrigin', 'AddressState', 'SkipAsSource')
  $ofRoute = @('InterfaceIndex', 'InterfaceAlias', 'AddressFamily', 'Store', 'DestinationPrefix', 'NextHop', 'RouteMetric')
  Set-DsrWmiList 'ipInterfaces' $cim 'MSFT_NetIPInterface' '' $ofInterface
  Set-DsrWmiList 'ipAddresses' $cim 'MSFT_NetIPAddress' '' $ofAddress
  Set-DsrWmiList 'ipRoutes' $cim 'MSFT_NetRoute' '' $ofRoute
  Set-DsrWmiList 'connectionProfiles' $cim 'MSFT_NetConnectionProfile' '' @('InterfaceIndex', 'InterfaceAlias', 'NetworkCategory')
  Set-DsrWmiList 'dnsClients' $cim 'MSFT_DNSClient' '' @('InterfaceIndex', 'InterfaceAlias', 'RegisterThisConnectionsAddress')
  Set-DsrWmiList 'adapterBindings' $cim 'MSFT_NetAdapterBindingSettingData' '' @('Name', 'InstanceID', 'ComponentID', 'Enabled')
  Set-DsrWmiList 'netAdapters' $cim 'MSFT_NetAdapter' '' @('InterfaceGuid', 'InterfaceIndex', 'Name', 'ComponentID', 'PnPDeviceID', 'Hidden',
    'InterfaceAdminStatus', 'MediaConnectState')
  # Only the cmdlets reach the persistent store: the provider takes it as an option of the operation. They are functions of a
  # module and do not see $ErrorActionPreference: without the parameter a refusal would look like an empty store.
  Set-DsrList 'persistentIpInterfaces' 20000 { foreach ($row in @(Get-NetIPInterface -PolicyStore PersistentStore -ErrorAction Stop)) { Select-DsrProperty $row $ofInterface } }
  Set-DsrList 'persistentIpAddresses' 20000 { foreach ($row in @(Get-NetIPAddress -PolicyStore PersistentStore -ErrorAction Stop)) { Select-DsrProperty $row $ofAddress } }
  Set-DsrList 'persistentIpRoutes' 20000 { foreach ($row in @(Get-NetRoute -PolicyStore PersistentStore -ErrorAction Stop)) { Select-DsrProperty $row $ofRoute } }
}

# ---- WMI v1: every version

Set-DsrWmiList 'adapterConfigurations' 'root\cimv2' 'Win32_NetworkAdapterConfiguration' 'IPEnabled = TRUE' @('SettingID', 'InterfaceIndex',
  'IPConnectionMetric', 'TcpipNetbiosOptions', 'FullDNSRegistrationEnabled', 'DHCPEnabled')
if (-not $document.ContainsKey('ipRoutes')) {
  Set-DsrWmiList 'ip4Routes' 'root\cimv2' 'Win32_IP4RouteTable' '' @('Destination', 'Mask', 'NextHop', 'InterfaceIndex', 'Metric1')
}

# ---- netsh, where the provider is missing or fails. Its words are translated; the auditing station reads them by position.

function Set-DsrNetsh([string]$Step, [string[]]$Arguments) {
  Set-DsrList $Step 20000 {
    $answer = Invoke-DsrNetsh $Arguments
    if ($answer['exitCode'] -ne 0) { throw ('netsh ended with ' + $answer['exitCode'] + ': ' + [string]::Join(' ', @($answer['lines'] | Select-Object -First 5))) }
    $answer['lines']
  }
}
$provider = $document.ContainsKey('ipInterfaces') -and $document.ContainsKey('persistentIpInterfaces')
if ($is60 -and -not $provider) {
  foreach ($family in @('4', '6')) {
    Set-DsrNetsh ('netshActive' + $family) @('interface', ('ipv' + $family), 'show', 'interfaces', 'level=verbose', 'store=active')
    Set-DsrNetsh ('netshPersistent' + $family) @('interface', ('ipv' + $family), 'show', 'interfaces', 'level=verbose', 'store=persistent')
  }
}
$kept = $provider -and $document.ContainsKey('persistentIpAddresses') -and $document.ContainsKey('persistentIpRoutes')
if ($is60 -and -not $kept) {
  Set-DsrNetsh 'netshDump4' @('interface', 'ipv4', 'dump')
  Set-DsrNetsh 'netshDump6' @('interface', 'ipv6', 'dump')
}
if ($is52) { Set-DsrNetsh 'netshDump4' @('interface', 'ip', 'dump') }

# ---- Firewall. FwPolicy2 answers for the local store; group policy stands in the registry and wins.

if ($is60) {
  Set-DsrList 'firewallProfiles' 3 {
    $policy = New-Object -ComObject HNetCfg.FwPolicy2
    $current = [int]$policy.CurrentProfileTypes
    foreach ($type in @(1, 2, 4)) {
      @{ type = $type; current = (($current -band $type) -ne 0); enabled = [bool]$policy.FirewallEnabled($type)
        defaultInbound = [int]$policy.DefaultInboundAction($type); blockAllInbound = [bool]$policy.BlockAllInboundTraffic($type)
        excludedInterfaces = @($policy.ExcludedInterfaces($type) | Where-Object { $null -ne $_ } | ForEach-Object { [string]$_ }) }
    }
  }
  $policyPath = 'SOFTWARE\Policies\Microsoft\WindowsFirewall'
  Set-DsrList 'firewallPolicies' 4 {
    foreach ($name in @('DomainProfile', 'PrivateProfile', 'PublicProfile', 'StandardProfile')) {
      $row = Read-DsrValue ($policyPath + '\' + $name) @('EnableFirewall', 'DefaultInboundAction', 'DoNotAllowExceptions', 'AllowLocalPolicyMerge', 'DisabledInterfaces')
      if ($null -ne $row) { $row['profile'] = $name; $row }
    }
  }
  foreach ($store in @(@('firewallRules', ($services + 'SharedAccess\Parameters\FirewallPolicy\FirewallRules')), @('firewallPolicyRules', ($policyPath + '\FirewallRules')))) {
    Set-DsrList $store[0] 5000 {
      $key = Open-DsrKey $store[1]
      if ($null -ne $key) {
        foreach ($name in @($key.GetValueNames())) {
          $rule = [string]$key.GetValue($name)
          if (($rule -like '*|Dir=In|*') -and ($rule -like '*|Active=TRUE|*')) {
            if ($rule.Length -gt 16384) { throw ('rule ' + $name + ' is longer than 16384 characters') }
            @{ id = [string]$name; rule = $rule }
          }
        }
      }
      elseif ($store[0] -eq 'firewallRules') { throw 'no firewall rules in the registry' }
    }
  }
  if (-not $document.ContainsKey('connectionProfiles')) {
    Set-DsrList 'networkList' 2000 {
      foreach ($connection in @((Get-DsrNetworkList).GetNetworkConnections())) {
        @{ guid = [string]$connection.GetAdapterId(); category = [int]$connection.GetNetwork().GetCategory() }
      }
    }
  }
}
if ($is52) {
  Set-DsrValue 'firewallManager' {
    $current = (New-Object -ComObject HNetCfg.FwMgr).LocalPolicy.CurrentProfile
    $ports = New-Object System.Collections.ArrayList
    foreach ($port in @($current.GloballyOpenPorts)) {
      [void]$ports.Add(@{ name = [string]$port.Name; port = [int]$port.Port; protocol = [int]$port.Protocol; enabled = [bool]$port.Enabled; remoteAddresses = [string]$port.RemoteAddresses })
    }
    @{ type = [int]$current.Type; enabled = [bool]$current.FirewallEnabled; blockAllInbound = [bool]$current.ExceptionsNotAllowed; ports = $ports }
  }
}

# ---- Who listens, and services that matter

foreach ($protocol in @(@('tcpListeners', 'Get-DsrTcpListener'), @('udpListeners', 'Get-DsrUdpListener'))) {
  Set-DsrList $protocol[0] 20000 { foreach ($end in @(& $protocol[1])) { @{ address = [string]$end.Address; port = [int]$end.Port } } }
}
Set-DsrList 'httpListenOnly' 1000 {
  $row = Read-DsrValue ($services + 'HTTP\Parameters') @('ListenOnlyList')
  if (($null -ne $row) -and ($null -ne $row['ListenOnlyList'])) { foreach ($address in @($row['ListenOnlyList'])) { [string]$address } }
}
Set-DsrList 'services' 16 {
  foreach ($name in @('MpsSvc', 'SharedAccess', 'RemoteAccess', 'WLBS', 'Dnscache')) {
    $row = @{ name = $name; status = $null }
    try { $row['status'] = [int](Get-Service -Name $name).Status }
    catch { if ($_.FullyQualifiedErrorId -notlike 'NoServiceFoundForGivenName*') { throw } }
    $row
  }
}

# ---- Out: base64 in short lines between marks. No code page, terminal or banner can harm it, and a cut is seen.

$document['notes'] = $notes
$json = New-Object System.Text.StringBuilder
try { Add-DsrJson $json $document 0 }
catch {
  # One value that cannot be written costs its own step, not the document.
  foreach ($step in @($document.Keys)) {
    if ($step -eq 'notes') { continue }
    try { Add-DsrJson (New-Object System.Text.StringBuilder) $document[$step] 1 } catch { $document.Remove($step); Write-DsrNote $step $_ }
  }
  $json = New-Object System.Text.StringBuilder
  Add-DsrJson $json $document 0
}
$base64 = [System.Convert]::ToBase64String([System.Text.Encoding]::ASCII.GetBytes($json.ToString()))
$lines = New-Object System.Collections.ArrayList
[void]$lines.Add('')
[void]$lines.Add('DSRAUDIT-BEGIN ' + $Nonce + ' powershell 1')
for ($start = 0; $start -lt $base64.Length; $start += 76) { [void]$lines.Add($base64.Substring($start, [System.Math]::Min(76, $base64.Length - $start))) }
[void]$lines.Add('DSRAUDIT-END ' + $Nonce + ' ' + $json.Length.ToString($invariant))
[string]::Join("`n", $lines.ToArray())
