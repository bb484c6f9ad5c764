# PowerShell script of aliasfix: undoes changes.ps1, 6 changes.
# Each call looks whether the recipient has the old alias, and gives it the
#   new one.
# At the first that has moved on the script stops. Run again it passes over
#   what is done.
# With -WhatIf it changes nothing, and says what it would change.
#
# Plan: 6e7135c1a2c41555495ef604c455d14bd5e93119d43b3898ab281d3c9b5eab1d
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
    Edit-Alias 'Set-DistributionGroup' '28650567-10ac-6ed4-277d-8e1eb29388ee' 'sales2' 'sales'
    Edit-Alias 'Set-Mailbox' '48a4c1a3-835d-1dfb-ee91-e977388aae72' 'peter.lang' 'plang'
    Edit-Alias 'Set-Mailbox' '09f76b9c-d7ec-9f50-590e-6ba623aa4284' 'info2' 'info'
    Edit-Alias 'Set-Mailbox' '0f3f5985-e366-a36c-9bed-346f418b36d8' 'FrontDesk' 'Front Desk'
    Edit-Alias 'Set-MailContact' '888bbc40-4957-40e2-e2d8-db7ca23cca96' 'carol2' 'carol'
    Edit-Alias 'Set-Mailbox' '7437b8c9-be19-33ef-abc4-f35e712cccd5' 'anna.jones' 'Anna'
} finally {
    Stop-Transcript | Out-Null
}
