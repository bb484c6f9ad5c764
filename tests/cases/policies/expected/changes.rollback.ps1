# PowerShell script of aliasfix: undoes changes.ps1, 1 change.
# Each call looks whether the recipient has the old alias, and gives it the
#   new one.
# At the first that has moved on the script stops. Run again it passes over
#   what is done.
# With -WhatIf it changes nothing, and says what it would change.
#
# Plan: b0294b6f63fcfb9164a1b9e400f828beac38db5d781ad780ef991b136edd7a5b
# Ruleset: exchange
# It can't give back an alias that the cmdlets refuse, as one with a space.
# A transcript stands beside the script: its name with .log.

[CmdletBinding(SupportsShouldProcess = $true)]
param()

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$confirm = $ConfirmPreference -eq 'Low'

function Edit-Alias($Set, $Identity, $Old, $New) {
    $get = $Set -replace '^Set-', 'Get-'
    $found = @(& $get -Identity $Identity -ErrorAction Stop)
    if ($found.Count -ne 1) {
        throw ('{0} finds {1} recipients: {2}' -f $get, $found.Count, $Identity)
    }
    $alias = [string]$found[0].Alias
    if ([string]::Equals($alias, $New, [StringComparison]::Ordinal)) {
        Write-Output ('done before: {0}: {1}' -f $Identity, $New)
        return
    }
    if (-not [string]::Equals($alias, $Old, [StringComparison]::Ordinal)) {
        throw ('moved on: {0}: the alias is {1}, not {2}' -f $Identity, $alias, $Old)
    }
    Write-Output ('{0} {1}: {2} -> {3}' -f $Set, $Identity, $Old, $New)
    & $Set -Identity $Identity -Alias $New -ErrorAction Stop -WhatIf:$WhatIfPreference -Confirm:$confirm
}

Start-Transcript -Path ($MyInvocation.MyCommand.Path + '.log') -Append -WhatIf:$false | Out-Null
try {
    Edit-Alias 'Set-Mailbox' 'CN=John Smith,OU=Berlin,DC=corp,DC=example' 'jsmith3' 'jsmith'
} finally {
    Stop-Transcript | Out-Null
}
