"""What a person does in LibreOffice: open a plan, write a decision and a name into a row, save it elsewhere.

Run by the Python that has LibreOffice's ``uno`` module: PIPE SOURCE TARGET FILTER OPTIONS ROW DECISION NEW.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

SECONDS = 60  # until LibreOffice answers


def connected(pipe: str) -> Any:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    until = time.monotonic() + SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def named(**values: object) -> tuple[object, ...]:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def main(pipe: str, source: str, target: str, style: str, options: str, row: str, decision: str, new: str) -> None:
    context = connected(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    book = desktop.loadComponentFromURL(
        source, "_blank", 0, named(Hidden=True, FilterName=style, FilterOptions=options)
    )
    page = book.Sheets.getByIndex(0)
    for column in range(30):
        title = page.getCellByPosition(column, 0).String
        if title in ("decision", "new"):
            page.getCellByPosition(column, int(row)).String = decision if title == "decision" else new
    book.storeToURL(target, named(FilterName=style, FilterOptions=options))
    book.close(True)  # noqa: FBT003 - the office names no arguments


main(*sys.argv[1:])
# Not sys.exit: the threads of uno's bridge outlive the interpreter, and its end under them is a crash now and then.
os._exit(0)
