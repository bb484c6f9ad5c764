"""The options that several commands share, each defined once."""

from __future__ import annotations

from typing import Annotated

import typer

EXPORTS = typer.Argument(
    metavar="EXPORT...", help="A file, a folder, - for standard input, or a .gz.", show_default=False
)
Exports = Annotated[list[str], EXPORTS]
Rules = Annotated[str, typer.Option(metavar="NAME|FILE", help="The ruleset; without it the exports choose.")]
Encoding = Annotated[str, typer.Option(metavar="NAME", help="The code page of exports that are not Unicode.")]
Label = Annotated[
    list[str], typer.Option(metavar="FILE=NAME", help="Name the site, forest or tenant that an export is from.")
]
Organization = Annotated[
    list[str],
    typer.Option(metavar="[FILE=]NAME", help="Exchange 5.5 CSV: the organization above site-relative containers."),
]
Site = Annotated[
    list[str], typer.Option(metavar="[FILE=]NAME", help="Exchange 5.5 CSV: the site above site-relative containers.")
]
Map = Annotated[
    list[str],
    typer.Option("--map", metavar="FIELD=COLUMN", help="The column of any CSV that holds alias, mail, and so on."),
]
Csv = Annotated[
    list[str],
    typer.Option(
        "--csv",
        metavar="NAME=CHARACTER",
        help="Exchange 5.5 CSV: its ColumnSeparator, QuoteCharacter or MVSeparator, where it can't be told.",
    ),
]
Facts = Annotated[
    list[str],
    typer.Option(metavar="FILE", help="What the exports lack (last logon), a CSV joined by GUID, mail or account."),
]
SiteCode = Annotated[list[str], typer.Option(metavar="SITE=CODE", help="What stands for a site in a new name.")]
ChangeOnly = Annotated[list[str], typer.Option(metavar="SITE|OU|LABEL", help="Rename only entries of these.")]
Keep = Annotated[str, typer.Option(metavar="FILE", help="Entries that keep their name: a DN or mail address a line.")]
Protect = Annotated[str, typer.Option(metavar="FILE", help="Entries that are not to be renamed.")]
Allow = Annotated[str, typer.Option(metavar="FILE", help="Protected entries that may be renamed all the same.")]
Reserved = Annotated[str, typer.Option(metavar="FILE", help="Names that nobody may be given, one a line.")]
History = Annotated[
    list[str],
    typer.Option(metavar="MAP", help="A changes.map.csv of an earlier run: its names stay with their holders."),
]
Prefer = Annotated[str, typer.Option(metavar="site", help="Try the name with the site first.")]
Only = Annotated[
    str, typer.Option(metavar="renames|repairs", help="Propose these alone; the others wait for a person's word.")
]
Plan = Annotated[
    list[str],
    typer.Option(
        metavar="PLAN",
        help="A reviewed plan, or a folder of hand-outs: handing it over is the consent.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error; warnings and errors stay.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace output files that exist.")]
