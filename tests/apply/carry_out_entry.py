"""Carries out the entry of a file, as ``apply`` does with its files: STATE-DIRECTORY ENTRY-FILE."""

import os
import sys

from mpmtune.apply.entry_v1 import read_entry
from mpmtune.apply.files_only import carry_out
from mpmtune.cli.exit_codes import code_of
from mpmtune.cli.output import complain
from mpmtune.errors import MpmtuneError

code = 0
try:
    with open(sys.argv[2], "rb") as file:
        entry = read_entry(file.read(), sys.argv[2])
    for remark in carry_out(sys.argv[1], entry).remarks:
        complain(remark)
except MpmtuneError as error:
    complain(error.sentence, error.hint)
    code = code_of(error)
os._exit(code)
