# dsr-audit, self-test of the Windows collector on a real host. It reads and prints; it changes nothing. About a minute.
# Run it on a backend, as the account that collects, and send back what it prints: it answers what could not be tried without
# Windows (docs/windows.md, "To confirm on real machines"). Works from Windows PowerShell 2.0 on.
# AGREES: two sources say the same. DIFFERS: they do not, and one of our beliefs is wrong. NOT AVAILABLE: this host cannot tell.
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$netsh = [System.IO.Path]::Combine([System.Environment]::SystemDirectory, 'netsh.exe')
$major = $PSVersionTable.PSVersion.Major

function Show-DsrSection([string]$Question, [scriptblock]$Body) {
  ''
  '== ' + $Question
  $watch = New-Object System.Diagnostics.Stopwatch
  $watch.Start()
  try { & $Body } catch { 'NOT AVAILABLE: ' + [string]$_ }
  '   (' + $watch.ElapsedMilliseconds + ' ms)'
}

function Get-DsrProvider([string]$Class) {
  if ($major -ge 3) { Get-CimInstance -Namespace 'root\StandardCimv2' -ClassName $Class -ErrorAction Stop }
  else { Get-WmiObject -Namespace 'root\StandardCimv2' -Class $Class -ErrorAction Stop }
}

# The run of switches that follows IfIndex, by interface: positions 7, 8 and 9 are weak host send, receive and automatic metric.
function Get-DsrVerbose([string]$Store) {
  $runs = @{}
  $index = $null
  foreach ($line in @(& $netsh interface ipv4 show interfaces level=verbose ('store=' + $Store))) {
    if ($line -match '^\s*IfIndex\s*:\s*(\d+)') { $index = [int]$matches[1]; $runs[$index] = New-Object System.Collections.ArrayList; continue }
    if (($null -ne $index) -and ($line -match ':\s*(enabled|disabled|dhcp)\s*$') -and ($runs[$index].Count -lt 11)) { [void]$runs[$index].Add($matches[1].ToLower()) }
  }
  return $runs
}

function Get-DsrInterface { [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() }

function Format-DsrSwitch($Value) { if ([string]$Value -eq '1') { 'enabled' } elseif ([string]$Value -eq '0') { 'disabled' } else { 'unset (' + [string]$Value + ')' } }

'dsr-audit self-test 1'
'Windows ' + [System.Environment]::OSVersion.Version.ToString() + ', PowerShell ' + $PSVersionTable.PSVersion.ToString() + ', ' +
  [string]$ExecutionContext.SessionState.LanguageMode + ', language ' + [System.Globalization.CultureInfo]::InstalledUICulture.Name

Show-DsrSection 'Do netsh by position and the provider agree on weak host and metric?' {
  $runs = Get-DsrVerbose 'active'
  foreach ($row in @(Get-DsrProvider 'MSFT_NetIPInterface')) {
    if (([int]$row.AddressFamily -ne 2) -or ([string]$row.Store -eq '0')) { continue }
    $run = $runs[[int]$row.InterfaceIndex]
    if (($null -eq $run) -or ($run.Count -ne 11)) { 'DIFFERS: netsh has no run of 11 for interface ' + $row.InterfaceIndex; continue }
    $provider = (Format-DsrSwitch $row.WeakHostSend) + ' ' + (Format-DsrSwitch $row.WeakHostReceive) + ' ' + (Format-DsrSwitch $row.AutomaticMetric)
    $text = $run[7] + ' ' + $run[8] + ' ' + $run[9]
    if ($provider -eq $text) { 'AGREES: interface ' + $row.InterfaceIndex + ' ' + $text } else { 'DIFFERS: interface ' + $row.InterfaceIndex + ' provider ' + $provider + ', netsh ' + $text }
  }
}

Show-DsrSection 'What does netsh print, word for word? (labels of this language; please check for names before you send it)' {
  & $netsh interface ipv4 show interfaces level=verbose store=active
}

Show-DsrSection 'What does the persistent store of netsh print for a switch that was never set?' {
  foreach ($pair in (Get-DsrVerbose 'persistent').GetEnumerator()) { 'interface ' + $pair.Key + ': ' + [string]::Join(' ', $pair.Value.ToArray()) }
}

Show-DsrSection 'What does the persistent store of the provider give for a switch that was never set?' {
  foreach ($row in @(Get-NetIPInterface -PolicyStore PersistentStore -ErrorAction Stop)) {
    'interface ' + $row.InterfaceIndex + ' family ' + [int]$row.AddressFamily + ': send ' + [string]$row.WeakHostSend + ', receive ' + [string]$row.WeakHostReceive + ', metric ' + [string]$row.InterfaceMetric
  }
}

Show-DsrSection 'Does the class itself list rows of both stores?' {
  $stores = @{}
  foreach ($row in @(Get-DsrProvider 'MSFT_NetIPInterface')) { $stores[[string]$row.Store] = 1 + [int]$stores[[string]$row.Store] }
  foreach ($store in $stores.Keys) { 'Store ' + $store + ': ' + $stores[$store] + ' rows' }
}

Show-DsrSection 'What does a dump print of the weak host switches?' {
  foreach ($line in @(& $netsh interface ip dump)) { if ($line -match 'weakhost|metric=|register=|skipassource') { $line } }
}

Show-DsrSection 'Which service and instance does the loopback driver have?' {
  $found = $false
  $class = 'HKLM:\SYSTEM\CurrentControlSet\Control\Network\{4D36E972-E325-11CE-BFC1-08002BE10318}'
  foreach ($guid in @((Get-Item -LiteralPath $class).GetSubKeyNames())) {
    if ($guid -notlike '{*') { continue }
    $instance = (Get-Item -LiteralPath ($class + '\' + $guid + '\Connection')).GetValue('PnpInstanceID')
    if (-not $instance) { continue }
    $device = Get-Item -LiteralPath ('HKLM:\SYSTEM\CurrentControlSet\Enum\' + $instance)
    if (@($device.GetValue('HardwareID')) -contains '*msloop') { $found = $true; $instance + ' service ' + $device.GetValue('Service') + ' flags ' + $device.GetValue('ConfigFlags') }
  }
  if (-not $found) { 'NOT AVAILABLE: this host has no loopback adapter' }
}

Show-DsrSection 'Do .NET and the provider agree on the addresses?' {
  $provided = @{}
  foreach ($row in @(Get-DsrProvider 'MSFT_NetIPAddress')) { if ([string]$row.Store -ne '0') { $provided[([string]$row.IPAddress -replace '%.*$', '')] = [int]$row.PrefixLength } }
  foreach ($interface in @(Get-DsrInterface)) {
    foreach ($unicast in $interface.GetIPProperties().UnicastAddresses) {
      $address = [string]$unicast.Address -replace '%.*$', ''
      if ($provided.ContainsKey($address)) { 'AGREES: ' + $interface.Name + ' ' + $address + '/' + $provided[$address] } else { 'DIFFERS: only .NET has ' + $interface.Name + ' ' + $address }
    }
  }
}

Show-DsrSection 'In which network category is each connection?' {
  foreach ($row in @(Get-DsrProvider 'MSFT_NetConnectionProfile')) { [string]$row.InterfaceAlias + ': ' + [string]$row.NetworkCategory }
}

Show-DsrSection 'How long is the longest firewall rule, and how many are there?' {
  $key = Get-Item -LiteralPath 'HKLM:\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules'
  $longest = 0
  $count = 0
  foreach ($name in $key.GetValueNames()) { $count = $count + 1; $length = ([string]$key.GetValue($name)).Length; if ($length -gt $longest) { $longest = $length } }
  [string]$count + ' rules, the longest has ' + $longest + ' characters'
}
