"""What httpd says when it refuses a directive that it executes while reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mpmtune.model.config import Fault


class Refusal(Exception):  # noqa: N818 - httpd's answer to one directive, not a fault of ours
    """One directive is refused: its kind, httpd's words, and what we can add to them."""

    def __init__(self, fault: Fault, text: str, note: str = "") -> None:
        super().__init__(text)
        self.fault = fault
        self.text = text
        self.note = note
