"""What the commands do with files, without the rest of them: apply|rollback|recover STATE [ENTRY]."""

import os
import sys

from mpmtune.apply.entry_v1 import read_entry
from mpmtune.apply.files_only import carry_out, rollback
from mpmtune.apply.lock import only_one, without_certbot
from mpmtune.apply.rolling_back import last_applied
from mpmtune.apply.state_directory import state_directory
from mpmtune.apply.transaction import recover
from mpmtune.cli.exit_codes import code_of
from mpmtune.cli.output import complain
from mpmtune.errors import MpmtuneError


def apply_entry(state: str, entry: str) -> None:
    """Carry out the entry of a file."""
    with open(entry, "rb") as file:
        made = read_entry(file.read(), entry)
    for remark in carry_out(state, made).remarks:
        complain(remark)


def roll_back(state: str) -> None:
    """Take the last change back."""
    made = rollback(lambda history: last_applied(history, 1), state)
    for remark in carry_out(state, made).remarks:
        complain(remark)


def recover_files(state: str) -> None:
    """Finish what a crash has left."""
    with state_directory(state) as opened, only_one(opened):
        entry = opened.journal()
        if entry is not None:
            with without_certbot(entry.server_root):
                recover(opened)


def main(verb: str, *paths: str) -> int:
    """Run it; give the exit code."""
    try:
        {"apply": apply_entry, "rollback": roll_back, "recover": recover_files}[verb](*paths)
    except MpmtuneError as error:
        complain(error.sentence, error.hint)
        return code_of(error)
    return 0


if __name__ == "__main__":
    os._exit(main(*sys.argv[1:]))
