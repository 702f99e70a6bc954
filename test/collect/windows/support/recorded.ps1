# Puts the answers of one recording in the place of what only Windows has. Dot-sourced before the unchanged collector; for tests only.
#
# Cmdlets (Get-CimInstance, Get-WmiObject, Get-NetIP*, Get-Item, Get-Service, New-Object) are functions here: a function comes
# before a cmdlet of the same name. What the collector asks through .NET or COM stands in its own functions Get-Dsr* and
# Invoke-DsrNetsh: these are aliases here, because an alias comes before a function, also before one that is defined later.
# The recorded objects have the shape of the real ones: properties, methods, enumerations and error identifiers.

function Set-DsrRecording($Recording) {
  $global:DsrRecording = $Recording
  $global:DsrRegistry = @{}
  foreach ($key in $Recording.registry.PSObject.Properties) { $DsrRegistry[$key.Name] = $key.Value }
  $major = [int]$Recording.shell.major
  # What a PowerShell of that version does not have, the collector must not find.
  foreach ($name in 'Get-CimInstance', 'Get-WmiObject', 'Get-NetIPInterface', 'Get-NetIPAddress', 'Get-NetRoute') { Remove-Item -Path "Function:\$name" -ErrorAction Ignore }
  if ($major -ge 3) { Set-Item -Path Function:\global:Get-CimInstance -Value $DsrCimInstance }
  if ($major -le 5) { Set-Item -Path Function:\global:Get-WmiObject -Value $DsrWmiObject }
  foreach ($name in $Recording.cmdlets.PSObject.Properties.Name) { Set-Item -Path "Function:\global:$name" -Value $DsrCmdlets[$name] }
}

# Stops with the error that the test wants from a call, if it wants one. The collector's steps must survive each of them.
function Test-DsrCall([string]$Call) {
  foreach ($failure in @($DsrRecording.failures)) { if (($null -ne $failure) -and ($Call -like $failure.call)) { throw [System.UnauthorizedAccessException]$failure.error } }
}

function Get-DsrRecordedError([string]$Message, [string]$Id, [string]$Category, $Target) {
  [System.Management.Automation.ErrorRecord]::new([System.Exception]::new($Message), $Id, $Category, $Target)
}

# ---- WMI, the provider's cmdlets

$DsrCimInstance = {
  param([string]$Namespace, [string]$ClassName, [string]$Filter, [int]$OperationTimeoutSec)
  Test-DsrCall "Get-CimInstance $ClassName"
  $rows = $DsrRecording.wmi."${Namespace}:$ClassName"
  if ($null -eq $rows) { throw (Get-DsrRecordedError 'Invalid class' 'HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand' 'MetadataError' $ClassName) }
  $rows
}
$DsrWmiObject = {
  param([string]$Namespace, [string]$Class, [string]$Filter)
  Test-DsrCall "Get-WmiObject $Class"
  $rows = $DsrRecording.wmi."${Namespace}:$Class"
  if ($null -eq $rows) { throw (Get-DsrRecordedError 'Invalid class' 'GetWMIManagementException,Microsoft.PowerShell.Commands.GetWmiObjectCommand' 'InvalidType' $Class) }
  $rows
}

enum DsrFamily { IPv4 = 2; IPv6 = 23 }
enum DsrSwitch { Disabled = 0; Enabled = 1; Unset = 255 }
enum DsrOrigin { Other; Manual; WellKnown; Dhcp; RouterAdvertisement }
$DsrEnumerations = @{ AddressFamily = [DsrFamily]; WeakHostSend = [DsrSwitch]; WeakHostReceive = [DsrSwitch]; AutomaticMetric = [DsrSwitch]
  Dhcp = [DsrSwitch]; Forwarding = [DsrSwitch]; PrefixOrigin = [DsrOrigin] }
function Get-DsrRecordedRow([string]$Name, [string]$PolicyStore) {
  Test-DsrCall "$Name $PolicyStore"
  if ($PolicyStore -ne 'PersistentStore') { throw 'the recording has the persistent store only' }
  foreach ($row in @($DsrRecording.cmdlets.$Name)) {
    if ($null -eq $row) { continue }
    $copy = [ordered]@{}
    foreach ($property in $row.PSObject.Properties) {
      $type = $DsrEnumerations[$property.Name]
      $copy[$property.Name] = if (($null -ne $type) -and ($null -ne $property.Value)) { [System.Enum]::ToObject($type, [int]$property.Value) } else { $property.Value }
    }
    [pscustomobject]$copy
  }
}
$DsrCmdlets = @{
  'Get-NetIPInterface' = { [CmdletBinding()] param([string]$PolicyStore) Get-DsrRecordedRow 'Get-NetIPInterface' $PolicyStore }
  'Get-NetIPAddress' = { [CmdletBinding()] param([string]$PolicyStore) Get-DsrRecordedRow 'Get-NetIPAddress' $PolicyStore }
  'Get-NetRoute' = { [CmdletBinding()] param([string]$PolicyStore) Get-DsrRecordedRow 'Get-NetRoute' $PolicyStore }
}

# ---- Registry. The recording holds each key in lower case, with the names of its subkeys.

class DsrRegistryKey {
  $Key
  [string[]] GetSubKeyNames() { return [string[]]$this.Key.subkeys }
  [string[]] GetValueNames() { return [string[]]@($this.Key.values.PSObject.Properties.Name | Where-Object { $null -ne $_ }) }
  [object] GetValue([string]$Name) {
    $value = $this.Key.values.$Name
    if ($value -is [array]) { return [string[]]$value }
    if ($value -is [long]) { return [int]$value }
    return $value
  }
}
function Get-Item([string]$LiteralPath) {
  Test-DsrCall "Get-Item $LiteralPath"
  $key = $DsrRegistry[$LiteralPath.Substring(6).ToLowerInvariant()]
  if ($null -eq $key) {
    throw (Get-DsrRecordedError "Cannot find path '$LiteralPath' because it does not exist." 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand' 'ObjectNotFound' $LiteralPath)
  }
  [DsrRegistryKey]@{ Key = $key }
}

# ---- Services, COM

function Get-Service([string]$Name) {
  Test-DsrCall "Get-Service $Name"
  $state = $DsrRecording.services.$Name
  if ($null -eq $state) { throw (Get-DsrRecordedError "Cannot find any service with service name '$Name'." 'NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand' 'ObjectNotFound' $Name) }
  [pscustomobject]@{ Name = $Name; Status = $state }
}
function New-Object([string]$TypeName, [object[]]$ArgumentList, [string]$ComObject) {
  if (-not $ComObject) { return Microsoft.PowerShell.Utility\New-Object @PSBoundParameters }
  Test-DsrCall "New-Object $ComObject"
  if ($ComObject -eq 'HNetCfg.FwMgr') { return $DsrRecording.firewallManager }
  $policy = $DsrRecording.firewallPolicy
  if ($null -eq $policy) { throw "Retrieving the COM class factory for component $ComObject failed." }
  [DsrFirewallPolicy]@{ CurrentProfileTypes = $policy.CurrentProfileTypes; Profiles = $policy.profiles }
}
class DsrFirewallPolicy {
  $CurrentProfileTypes
  $Profiles
  [bool] FirewallEnabled([int]$Type) { return $this.Profiles."$Type".enabled }
  [int] DefaultInboundAction([int]$Type) { return $this.Profiles."$Type".defaultInbound }
  [bool] BlockAllInboundTraffic([int]$Type) { return $this.Profiles."$Type".blockAllInbound }
  [object] ExcludedInterfaces([int]$Type) { return $this.Profiles."$Type".excludedInterfaces }
}

# ---- .NET, COM and netsh behind the collector's own functions

function Get-DsrRecordedClock { Test-DsrCall 'clock'; [System.DateTimeOffset]::FromUnixTimeSeconds($DsrRecording.clock).UtcDateTime }
function Get-DsrRecordedComputerName { Test-DsrCall 'computerName'; $DsrRecording.computerName }
function Get-DsrRecordedSystemVersion { Test-DsrCall 'apiVersion'; [version]$DsrRecording.apiVersion }
function Get-DsrRecordedLanguage { Test-DsrCall 'language'; $DsrRecording.language }
function Get-DsrRecordedShell { @{ version = $DsrRecording.shell.version; major = $DsrRecording.shell.major; edition = $DsrRecording.shell.edition; languageMode = 'FullLanguage' } }
function Get-DsrRecordedIdentity { Test-DsrCall 'identity'; @{ name = $DsrRecording.identity.name; elevated = $DsrRecording.identity.elevated } }
class DsrInterfaceProperties {
  $Recorded
  $IsDynamicDnsEnabled
  $UnicastAddresses
  $GatewayAddresses
  [object] GetIPv4Properties() { return $this.Recorded.ip4 }
  [object] GetIPv6Properties() { return $this.Recorded.ip6 }
}
class DsrInterface {
  $Recorded
  $Id
  $Name
  $Description
  $NetworkInterfaceType
  $OperationalStatus
  [string] GetPhysicalAddress() { return $this.Recorded.mac }
  [bool] Supports([string]$Component) { if ($Component -eq 'IPv4') { return $null -ne $this.Recorded.ip4 } else { return $null -ne $this.Recorded.ip6 } }
  [object] GetIPProperties() {
    return [DsrInterfaceProperties]@{ Recorded = $this.Recorded; IsDynamicDnsEnabled = $this.Recorded.dynamicDns; UnicastAddresses = $this.Recorded.addresses
      GatewayAddresses = $this.Recorded.gateways }
  }
}
function Get-DsrRecordedInterface {
  Test-DsrCall 'interfaces'
  foreach ($interface in @($DsrRecording.interfaces)) {
    [DsrInterface]@{ Recorded = $interface; Id = $interface.Id; Name = $interface.Name; Description = $interface.Description
      NetworkInterfaceType = $interface.NetworkInterfaceType; OperationalStatus = $interface.OperationalStatus }
  }
}
function Get-DsrRecordedTcpListener { Test-DsrCall 'tcpListeners'; $DsrRecording.tcpListeners }
function Get-DsrRecordedUdpListener { Test-DsrCall 'udpListeners'; $DsrRecording.udpListeners }
class DsrNetworkConnection {
  $Recorded
  [object] GetAdapterId() { return [guid]$this.Recorded.guid }
  [object] GetNetwork() { return $this }
  [int] GetCategory() { return $this.Recorded.category }
}
class DsrNetworkList {
  [object[]] GetNetworkConnections() { return @($global:DsrRecording.networkList | ForEach-Object { [DsrNetworkConnection]@{ Recorded = $_ } }) }
}
function Get-DsrRecordedNetworkList { Test-DsrCall 'networkList'; [DsrNetworkList]::new() }
function Invoke-DsrRecordedNetsh([string[]]$Arguments) {
  Test-DsrCall "netsh $Arguments"
  $answer = $DsrRecording.netsh."$Arguments"
  if ($null -eq $answer) { return @{ lines = @('The following command was not found: ' + $Arguments); exitCode = 1 } }
  @{ lines = @($answer.lines); exitCode = [int]$answer.exitCode }
}
foreach ($name in 'Clock', 'ComputerName', 'SystemVersion', 'Language', 'Shell', 'Identity', 'Interface', 'TcpListener', 'UdpListener', 'NetworkList') {
  Set-Alias -Name "Get-Dsr$name" -Value "Get-DsrRecorded$name" -Scope Global
}
Set-Alias -Name Invoke-DsrNetsh -Value Invoke-DsrRecordedNetsh -Scope Global
