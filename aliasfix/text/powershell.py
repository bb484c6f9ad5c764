"""PowerShell scripts that give recipients another alias: their fixed text, and values that can't leave their quotes."""

from __future__ import annotations

import re

# Letters that stand as they are. Everything else is written by its number: control and format characters, and the four
# other characters that PowerShell takes for a single quote (U+2018 to U+201B; its tokenizer, IsSingleQuote).
_PIECE = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u052f]+|.", re.DOTALL)
_NUMBERED = re.compile("[^ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u052f]")
_PLAIN = re.compile("[ -&(-~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u052f]*")  # most values

# It runs in Windows PowerShell 2.0 (Exchange 2010) and later. Preferences do not reach the cmdlets of an imported
# session, so that -WhatIf, -Confirm and -ErrorAction are handed over by name.
HEAD = """\

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
"""
TAIL = """\
} finally {
    Stop-Transcript | Out-Null
}
"""
CALL = "    Edit-Alias"


def quoted(text: str) -> str:
    """The text as an argument: in single quotes, in which nothing but a quote ends it, or joined from such pieces."""
    if _PLAIN.fullmatch(text):
        return f"'{text}'"
    if not _NUMBERED.search(text):
        return _single(text)
    pieces = [piece for found in _PIECE.findall(text) for piece in _pieces(found)]
    start = [] if pieces[0].startswith("'") else ["''"]  # the sum of a text and a character is a text
    return f"({' + '.join([*start, *pieces])})"


def _pieces(found: str) -> list[str]:
    if not _NUMBERED.search(found):
        return [_single(found)]
    units = found.encode("utf-16-be", "surrogatepass").hex().upper()
    return [f"[char]0x{units[at : at + 4]}" for at in range(0, len(units), 4)]


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
