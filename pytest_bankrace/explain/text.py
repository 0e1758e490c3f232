"""How does text come to fit a terminal: in width, in colour and in its character set?"""

from __future__ import annotations

from io import StringIO

from rich.cells import cell_len, chop_cells
from rich.console import Console
from rich.text import Text

_ASCII = str.maketrans({"→": "->", "←": "<-", "…": "...", "─": "-", "▸": ">"})


def plain(text: str, *, ascii: bool = False) -> str:
    """Without line breaks and control characters, which would break the columns; with `ascii`,
    our own signs in ASCII. What the student wrote stays as it is."""
    text = "".join(c if c.isprintable() else " " for c in text)
    return text.translate(_ASCII) if ascii else text


def fold(text: str, width: int) -> list[str]:
    """Lines no wider than `width`, broken between words where that is possible."""
    width = max(width, 2)  # a wide character takes two cells
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cell_len(longer) <= width:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        *full, lines[-1] = chop_cells(word, width) or [""]
        lines[-1:-1] = full
    return [line.rstrip() for line in lines if line.strip()]


def paint(lines: list[Text], width: int, color: bool) -> str:
    """Lines of text as a string, each cut where it would be too wide."""
    for line in lines:
        line.truncate(max(width, 1))
        line.rstrip()
    if not color:
        return "\n".join(line.plain.rstrip() for line in lines)
    out = StringIO()
    console = Console(
        file=out,
        force_terminal=True,
        color_system="standard",
        width=max(width, 1),
        legacy_windows=False,
        no_color=False,
    )
    for line in lines:
        console.print(line, soft_wrap=True)
    return out.getvalue().rstrip("\n")
