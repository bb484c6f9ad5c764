# PowerShell script of aliasfix: 6 changes.
# Each call looks whether the recipient has the old alias, and gives it the
#   new one.
# At the first that has moved on the script stops. Run again it passes over
#   what is done.
# With -WhatIf it changes nothing, and says what it would change.
#
# Plan: b5e58b15d7e8a8ed36ec764e39401238a460b92d01a19c6664dbd67c90ae39ee
# Ruleset: microsoft365
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
    Edit-Alias 'Set-Mailbox' '655f696a-4870-4da2-9c43-d211be9d92db' 'Anna' 'anna.aberg'
    Edit-Alias 'Set-Mailbox' '9b38ddbe-0bb6-4862-aada-73d9d6c6e7b0' 'billing' 'billing-one'
    Edit-Alias 'Set-Mailbox' '151b3c64-a5ee-4683-9cb5-6b799cb54588' 'boardroom' 'boardroom-two'
    Edit-Alias 'Set-Mailbox' '0fc45df7-769c-4d75-b47e-e9de8340bfb5' 'info' 'info-one'
    Edit-Alias 'Set-Mailbox' 'd5496d55-0c6a-481e-8742-32f079244810' 'kurt' 'kurt-one'
    Edit-Alias 'Set-Mailbox' '2a938e78-8b37-4dbe-89ce-b91877b70009' 'jsmith' 'john.smith'
} finally {
    Stop-Transcript | Out-Null
}
