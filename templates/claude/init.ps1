# Gives this project Callsheet: starts its server, registers it, verifies that it is well. Safe to run again, and in
# a copy of this .claude folder. Takes the options of "callsheet init": --dry-run, --scope user.
$ErrorActionPreference = 'Stop'

$recorded = '@CALLSHEET@'
$project = Split-Path -Parent $PSScriptRoot

function Stop-With([string] $message) {
  [Console]::Error.WriteLine($message)
  exit 1
}

if (-not (Get-Command node -ErrorAction SilentlyContinue)) {
  Stop-With 'Callsheet needs Node.js 20.19 or newer, and there is no "node" on the PATH. See https://nodejs.org'
}
$version = [version] ((node --version).TrimStart('v') -replace '-.*$', '')
if ($version -lt [version] '20.19.0') {
  Stop-With "Callsheet needs Node.js 20.19 or newer; this is $version. See https://nodejs.org"
}

# A checkout that has not been built yet is built first.
if ((Test-Path "$recorded/scripts/install.mjs") -and -not (Test-Path "$recorded/dist/cli.js")) {
  node "$recorded/scripts/install.mjs"
  if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
  node "$recorded/scripts/build.mjs"
  if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
}

foreach ($installation in @($recorded, "$project/node_modules/callsheet")) {
  if (Test-Path "$installation/bin/callsheet.js") {
    node "$installation/bin/callsheet.js" init $project @args
    exit $LASTEXITCODE
  }
}
if (Get-Command callsheet -ErrorAction SilentlyContinue) {
  callsheet init $project @args
  exit $LASTEXITCODE
}
Stop-With "Callsheet was not found: not in $recorded, not in node_modules, not on the PATH."
