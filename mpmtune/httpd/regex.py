"""Regular expressions as httpd's PCRE reads them, matched in linear time.

The pattern comes from somebody's configuration, so nothing here backtracks: all ways through the
pattern are followed at once, character by character. What the two would not surely agree about
(back references, look-behind, possessive repeats, …) is not guessed: ``compile_regex`` gives None.

Text is latin-1, one character per byte, as httpd's default compilation without UTF sees it, with
its default DOTALL and DOLLAR_ENDONLY (util_pcre.c: ap_regcomp_default_cflag_get).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mpmtune.httpd.regex_parts import Anchor, Node, NotUnderstoodError, Shape
from mpmtune.httpd.regex_syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MOST_STEPS = 3_000_000
_MOST_INSTRUCTIONS = 4_000
_WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


class _Instruction(NamedTuple):
    """A step of the program: a set of characters to take, or where to go on.

    Attributes:
        taken: Bit for each character that it takes; 0 where it takes none.
        after: Instructions that follow, when it takes none or has taken one.
        anchor: What must hold here.
        ahead: A program that must match from here; must not where ``refused``.
        refused: See there.
    """

    taken: int
    after: tuple[int, ...]
    anchor: Anchor | None = None
    ahead: tuple[_Instruction, ...] = ()
    refused: bool = False


class Regex:
    """A compiled pattern."""

    def __init__(self, node: Node) -> None:
        self._program = _Compiler().compiled(node)
        self._ahead = sum(len(step.ahead) for step in self._program)

    def matches(self, text: str) -> bool | None:
        """Tell whether the pattern matches anywhere in a text; None where that takes too long."""
        places = len(text) + 1
        if places * (len(self._program) + self._ahead * places) > _MOST_STEPS:
            return None
        return _run(self._program, text, 0, everywhere=True)


@lru_cache(maxsize=2048)
def compile_regex(pattern: str, *, ignore_case: bool = False) -> Regex | None:
    """Compile a pattern; None where it is not surely understood as PCRE does, or refused by it."""
    try:
        return Regex(parse(pattern, ignore_case=ignore_case))
    except NotUnderstoodError:
        return None


def whole(nodes: Sequence[Node]) -> Regex:
    """Make a pattern of parts in a row that must match the whole text."""
    ends = Node(Shape.ANCHOR, anchor=Anchor.START), Node(Shape.ANCHOR, anchor=Anchor.END)
    return Regex(Node(Shape.ROW, (ends[0], *nodes, ends[1])))


class _Compiler:
    """The making of a program: what follows a part begins right after its instructions."""

    def __init__(self) -> None:
        self._emitted = 0
        self._program: list[_Instruction] = []

    def compiled(self, node: Node) -> tuple[_Instruction, ...]:
        """Compile a part as a program of its own; the last instruction is its end."""
        outer, self._program = self._program, []
        self._part(node)
        self._add(_Instruction(0, ()))
        made, self._program = tuple(self._program), outer
        return made

    def _add(self, instruction: _Instruction) -> int:
        self._emitted += 1
        if self._emitted > _MOST_INSTRUCTIONS:
            raise NotUnderstoodError
        self._program.append(instruction)
        return len(self._program) - 1

    def _part(self, node: Node) -> None:
        after = (len(self._program) + 1,)
        if node.shape is Shape.CHARACTER:
            self._add(_Instruction(node.taken, after))
        elif node.shape is Shape.ANCHOR:
            self._add(_Instruction(0, after, node.anchor))
        elif node.shape is Shape.AHEAD:
            ahead = self.compiled(node.parts[0])
            self._add(_Instruction(0, after, None, ahead, node.refused))
        elif node.shape is Shape.ROW:
            for part in node.parts:
                self._part(part)
        elif node.shape is Shape.CHOICE:
            self._choice(node.parts)
        else:
            self._repeat(node)

    def _choice(self, parts: Sequence[Node]) -> None:
        fork = self._add(_Instruction(0, ()))
        starts: list[int] = []
        jumps: list[int] = []
        for part in parts:
            starts.append(len(self._program))
            self._part(part)
            jumps.append(self._add(_Instruction(0, ())))
        self._program[fork] = _Instruction(0, tuple(starts))
        for jump in jumps:
            self._program[jump] = _Instruction(0, (len(self._program),))

    def _repeat(self, node: Node) -> None:
        part = node.parts[0]
        for _ in range(node.least):
            self._part(part)
        forks: list[int] = []
        for _ in range(1 if node.most is None else node.most - node.least):
            forks.append(self._add(_Instruction(0, ())))
            self._part(part)
        if node.most is None:
            self._add(_Instruction(0, (forks[0],)))
        for fork in forks:
            self._program[fork] = _Instruction(0, (fork + 1, len(self._program)))


def _run(program: Sequence[_Instruction], text: str, start: int, *, everywhere: bool) -> bool:
    """Follow all ways at once, from ``start`` on or from everywhere."""
    end = len(program) - 1
    ways: set[int] = {0}
    at = start
    while ways:
        reached = _reached(program, ways, text, at)
        if end in reached:
            return True
        if at == len(text):
            break
        bit = 1 << ord(text[at])
        ways = {program[step].after[0] for step in reached if program[step].taken & bit}
        at += 1
        if everywhere:
            ways.add(0)
    return False


def _reached(program: Sequence[_Instruction], begun: Iterable[int], text: str, at: int) -> set[int]:
    """Give every instruction that can be reached without taking a character."""
    open_ways = list(begun)
    reached: set[int] = set()
    while open_ways:
        step = open_ways.pop()
        if step in reached:
            continue
        reached.add(step)
        instruction = program[step]
        if not instruction.taken and _holds(instruction, text, at):
            open_ways += instruction.after
    return reached


def _holds(instruction: _Instruction, text: str, at: int) -> bool:
    if instruction.ahead:
        return _run(instruction.ahead, text, at, everywhere=False) is not instruction.refused
    anchor = instruction.anchor
    if anchor is None:
        return True
    if anchor is Anchor.START:
        return at == 0
    if anchor is Anchor.END:
        return at == len(text)
    before = at > 0 and text[at - 1] in _WORD
    after = at < len(text) and text[at] in _WORD
    return (before != after) is (anchor is Anchor.WORD_EDGE)
