# Runs the unchanged collector once for every recording: one PowerShell for all of them, since starting one takes most of a second.
# Standard input: JSON { collector, nonce, support, recordings: [...] }. Standard output: a JSON list of what each run printed.
$ProgressPreference = 'SilentlyContinue'
$task = [Console]::In.ReadToEnd() | ConvertFrom-Json -Depth 100
. $task.support
$collector = [scriptblock]::Create($task.collector)
$outputs = foreach ($recording in $task.recordings) {
  Set-DsrRecording $recording
  , [string](& $collector $task.nonce | Out-String -Width 100000)
}
ConvertTo-Json @($outputs) -Compress -EscapeHandling EscapeNonAscii
