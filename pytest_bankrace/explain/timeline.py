"""What did each thread do, and in which order? The terminal's columns.

A row is what one thread did undisturbed on one line. Beside it stand the watched values as they
are after it. The fateful rows are marked. Where the threads do not fit side by side, they stand
in one column, each row with its thread's name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile

from rich.cells import cell_len
from rich.text import Text

from pytest_bankrace.explain.evidence import told_apart
from pytest_bankrace.explain.rows import Row, rows_of
from pytest_bankrace.explain.text import paint, plain
from pytest_bankrace.verdict import Trace

MOST_COLUMNS = 3
"""Threads that are shown side by side."""
_NARROWEST = 26
_GAP = 2
_VALUE_WIDTH = 14
_HANGING = 4
_COLOURS = ("cyan", "magenta", "green")


def timeline(
    trace: Trace,
    *,
    fateful: Iterable[int] = (),
    width: int = 80,
    ascii: bool = False,
    color: bool = False,
) -> str:
    """The trace as lines of text: never wider than `width`, without trailing spaces.

    `fateful` are the steps to mark, by their places in `trace.steps`. With `ascii`, our own
    signs are; with `color`, ANSI sequences are in it. Empty when the trace shows nothing.
    """
    trace = told_apart(trace)
    rows = rows_of(trace, frozenset(fateful))
    if not rows:
        return ""
    return paint(_Layout(trace, rows, max(width, 1), ascii).lines(), width, color)


class _Layout:
    def __init__(self, trace: Trace, rows: list[Row], width: int, ascii: bool) -> None:
        self._trace, self._rows, self._width, self._ascii = trace, rows, width, ascii
        self._threads = sorted({row.thread for row in rows if row.thread is not None})
        self._headings = shortened(trace.watched)
        self._file = ""
        self._columns: list[int] = []
        self._values = self._fit_values(width // 3)
        self._single = not self._side_by_side() and not self._side_by_side(name_file_once=True)
        if self._single:
            self._one_column()

    def _side_by_side(self, *, name_file_once: bool = False) -> bool:
        """Whether the threads fit beside one another; in full, or as well as it goes."""
        count = len(self._threads)
        if not 0 < count <= MOST_COLUMNS:
            return False
        if name_file_once:
            self._name_file_once()
        room = self._width - self._values_width() - _GAP * (count - 1)
        self._columns = self._share(room)
        return bool(self._columns) and (name_file_once or self._columns == self._naturals())

    def _one_column(self) -> None:
        names = [self._plain(self._name(thread)) for thread in self._threads]
        widest = max(cell_len(name) for name in ("thread", *names))
        label = min(widest, self._width // 4)
        main = max(self._width - self._values_width() - label - _GAP, 1)
        self._columns = [label, main]
        if not self._file and max(self._naturals(), default=0) > main:
            self._name_file_once()

    def _name_file_once(self) -> None:
        """Where room is short and there is but one file: `:14` under `teller 1 (bank.py)`."""
        files = {row.place.rpartition(":")[0] for row in self._rows if row.place}
        if len(files) == 1:
            self._file = files.pop()
            cut = len(self._file)
            self._rows = [replace(row, place=row.place[cut:]) for row in self._rows]

    # -- Widths

    def _fit_values(self, room: int) -> list[int]:
        """The widths of as many watched values as there is room for."""
        widths: list[int] = []
        for position, heading in enumerate(self._headings):
            shown = [row.watched[position] for row in self._rows if position < len(row.watched)]
            widest = max(cell_len(self._plain(text)) for text in (heading, *shown))
            widest = min(widest, _VALUE_WIDTH)
            if sum(widths) + widest + _GAP * (len(widths) + 1) > room:
                break
            widths.append(widest)
        return widths

    def _values_width(self) -> int:
        return sum(width + _GAP for width in self._values)

    def _share(self, room: int) -> list[int]:
        """The threads' columns: as wide as they need, and narrower where they must; none when
        that would be too narrow to read."""
        natural = self._naturals()
        if sum(natural) <= room:
            return natural
        fair = room // len(natural)
        if fair < _NARROWEST:
            return []
        # What the narrow ones leave over, the wide ones share.
        modest = [width for width in natural if width <= fair]
        wide = len(natural) - len(modest)
        each = (room - sum(modest)) // wide
        if any(each < self._longest_word(thread) + _HANGING for thread in self._threads):
            return []
        return [width if width <= fair else each for width in natural]

    def _longest_word(self, thread: int) -> int:
        parts = [part for row in self._rows if row.thread == thread for part in row.parts]
        words = [word for part in parts for word in self._plain(part).split(" ")]
        return max((cell_len(word) for word in words), default=0)

    def _naturals(self) -> list[int]:
        return [self._natural(thread) for thread in self._threads]

    def _natural(self, thread: int) -> int:
        widest = cell_len(self._plain(self._heading(thread)))
        for row in self._rows:
            if row.thread == thread:
                widest = max(
                    widest,
                    cell_len(self._plain(self._head(row)))
                    + max(cell_len(self._plain(part)) for part in (*row.parts, "")),
                )
        return widest

    # -- Words

    def _plain(self, text: str) -> str:
        return plain(text, ascii=self._ascii)

    def _name(self, thread: int) -> str:
        names = self._trace.threads
        return names[thread] if 0 <= thread < len(names) else f"thread {thread + 1}"

    def _heading(self, thread: int) -> str:
        return self._name(thread) + (f" ({self._file})" if self._file else "")

    @staticmethod
    def _head(row: Row) -> str:
        mark = "▸ " if row.fateful else "  "
        return f"{mark}{row.place}  " if row.place else mark

    # -- Lines

    def lines(self) -> list[Text]:
        if self._single:
            return self._in_one_column()
        lines = [self._line([self._bold(self._heading(t)) for t in self._threads], self._headings)]
        rules = [Text("─" * width) for width in self._columns]
        lines.append(self._line(rules, ["─" * width for width in self._values], style="dim"))
        for row in self._rows:
            if row.thread is None:
                lines.append(self._note(row))
                continue
            position = self._threads.index(row.thread)
            pieces = self._cell(row, self._head(row), self._columns[position], position)
            for number, piece in enumerate(pieces):
                cells = [Text("")] * len(self._columns)
                cells[position] = piece
                last = number == len(pieces) - 1
                lines.append(self._line(cells, row.watched if last else (), changed=row.changed))
        return lines

    def _in_one_column(self) -> list[Text]:
        names = {thread: self._plain(self._name(thread)) for thread in self._threads}
        headings = [self._bold("thread"), self._bold(f"  {self._file}")]
        lines = [self._line(headings, self._headings)]
        for row in self._rows:
            if row.thread is None:
                lines.append(self._note(row))
                continue
            position = self._threads.index(row.thread)
            pieces = self._cell(row, self._head(row), self._columns[1], position)
            for number, piece in enumerate(pieces):
                name = Text(names[row.thread] if number == 0 else "", _colour(position))
                last = number == len(pieces) - 1
                watched = row.watched if last else ()
                lines.append(self._line([name, piece], watched, changed=row.changed))
        return lines

    def _bold(self, name: str) -> Text:
        return Text(self._plain(name), "bold")

    def _note(self, row: Row) -> Text:
        return Text(self._plain(f"  {' '.join(row.parts)}"), "dim italic")

    def _cell(self, row: Row, head: str, width: int, position: int) -> list[Text]:
        """A row's text in lines no wider than `width`: its parts side by side where they fit,
        and under one another where not."""
        head = self._plain(head)
        style = f"bold {_colour(position)}" if row.fateful else _colour(position)
        room = width - cell_len(head)
        fits = all(cell_len(self._plain(part)) < room for part in row.parts)
        indent = " " * (cell_len(head) if fits else _HANGING)
        lines, current = [], head
        for number, part in enumerate(row.parts):
            words = self._plain(part) + ("," if number < len(row.parts) - 1 else "")
            joined = f"{current}{words}" if current in (head, indent) else f"{current} {words}"
            if cell_len(joined) <= width:
                current = joined
                continue
            if current.strip():
                lines.append(current.rstrip())
            current = indent
            for word in words.split(" "):
                longer = f"{current}{word}" if current == indent else f"{current} {word}"
                if cell_len(longer) > width and current != indent:
                    lines.append(current)
                    longer = f"{indent}{word}"
                current = longer
        lines.append(current.rstrip())
        return [Text(line, style) for line in lines]

    def _line(
        self,
        cells: list[Text],
        watched: Iterable[str],
        *,
        style: str = "",
        changed: frozenset[int] = frozenset(),
    ) -> Text:
        line = Text(style=style)
        for cell, width in zip(cells, self._columns, strict=True):
            piece = cell.copy()
            if cell_len(piece.plain) > width:
                piece.truncate(width, overflow="crop" if self._ascii else "ellipsis")
            piece = Text(self._plain(piece.plain), piece.style)
            piece.truncate(width, pad=True)
            line.append_text(piece)
            line.append(" " * _GAP)
        for position, (value, width) in enumerate(zip(watched, self._values, strict=False)):
            piece = Text(self._plain(value), "bold yellow" if position in changed else "")
            piece.truncate(width, overflow="crop" if self._ascii else "ellipsis")
            piece = Text(" " * max(width - cell_len(piece.plain), 0)).append_text(piece)
            line.append_text(piece)
            line.append(" " * _GAP)
        line.rstrip()
        return line


def _colour(position: int) -> str:
    return _COLOURS[position % len(_COLOURS)]


def _without_beginning(names: list[str]) -> list[str]:
    """`['alice']`, `['bob']` for `bank.accounts['alice']`, `bank.accounts['bob']`, where the
    whole names would be too wide."""
    if max(map(len, names)) <= _VALUE_WIDTH - 4:
        return names
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    beginning = "".join(letters[0] for letters in alike)
    cut = max(beginning.rfind("["), beginning.rfind(".") + 1)
    return [name[cut:] for name in names] if cut > 0 else names


def shortened(names: tuple[str, ...]) -> list[str]:
    """`alice`, `bob` for `alice.balance`, `bob.balance`: without the ending that all share."""
    endings = {name.rpartition(".")[2] for name in names}
    if len(names) < 2:
        return list(names)
    if len(endings) != 1 or not all("." in name for name in names):
        return _without_beginning(list(names))
    short = [name.rpartition(".")[0] for name in names]
    return short if max(map(len, short)) <= _VALUE_WIDTH else _without_beginning(short)
