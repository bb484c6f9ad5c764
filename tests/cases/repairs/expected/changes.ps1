# PowerShell script of aliasfix: 5 changes.
# Each call looks whether the recipient has the old alias, and gives it the
#   new one.
# At the first that has moved on the script stops. Run again it passes over
#   what is done.
# With -WhatIf it changes nothing, and says what it would change.
#
# Plan: 40873c8fba2078b9b85f201f3238fd33a5f74de808ba999c07a61e83d79509b4
# Ruleset: exchange
# Undo: changes.rollback.ps1
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
    Edit-Alias 'Set-Mailbox' 'CN=A,OU=Berlin,DC=corp,DC=example' 'a b,c' 'a-b-c'
    Edit-Alias 'Set-Mailbox' 'CN=B,OU=Berlin,DC=corp,DC=example' '.dots..in.it.' 'dots.in.it'
    Edit-Alias 'Set-Mailbox' 'CN=C,OU=Berlin,DC=corp,DC=example' 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
    Edit-Alias 'Set-Mailbox' 'CN=E,OU=Berlin,DC=corp,DC=example' ' edge ' 'edge'
    Edit-Alias 'Set-Mailbox' 'CN=G,OU=Berlin,DC=corp,DC=example' 'абв' 'abv'
} finally {
    Stop-Transcript | Out-Null
}
