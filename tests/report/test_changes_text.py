"""A change set as a list of steps, and as a diff in which no secret shows."""

from __future__ import annotations

from mpmtune.model.changes import ChangeSet, FileChange, Link, Regular, Rename
from mpmtune.report.changes_text import difference, steps
from mpmtune.report.text import plain

OLD = Regular(b"Timeout 60\nSetEnv KEY S3CRET-1\n\xe9\n", 0o640, 0, 0)
NEW = Regular(b"Timeout 50\nSetEnv KEY S3CRET-2\n\xe9\n", 0o640, 0, 0)
CHANGES = ChangeSet(
    (
        FileChange("/e/a.conf", OLD, NEW),
        FileChange("/e/b.conf", None, Regular("KeepAlive On # ×\n".encode(), 0o644, 0, 0)),
        FileChange("/e/c\x1b.conf", None, Link("../c")),
        FileChange("/e/d", Link("../x"), Link("../y")),
        Rename("/e/d", "/e/f", Link("../y")),
        FileChange("/e/g", Link("../x"), None),
        FileChange("/e/h", Link("../x"), None),
        FileChange("/e/h", None, Link("../x")),
    )
)


def test_each_step_is_one_line() -> None:
    assert plain(steps(CHANGES)) == (
        " 1. rewrite /e/a.conf (33 bytes, mode 0640)\n"
        " 2. write /e/b.conf (18 bytes, mode 0644)\n"
        " 3. link /e/c\\x1b.conf to ../c\n"
        " 4. relink /e/d to ../y\n"
        " 5. rename /e/d to /e/f\n"
        " 6. remove /e/g\n"
        " 7. remove /e/h\n"
        " 8. link /e/h to ../x\n"
    )


def test_the_difference_shows_what_is_there_before_and_after() -> None:
    shown = plain(difference(CHANGES))
    assert "S3CRET" not in shown
    assert "-Timeout 60\n-SetEnv KEY ***\n+Timeout 50\n+SetEnv KEY ***\n" in shown
    assert "+KeepAlive On # ×\n" in shown
    assert "+# symbolic link to ../c\n" in shown
    assert "--- a/e/d\n+++ b/e/d\n" in shown
    assert "-# symbolic link to ../x\n" in shown
    assert "+++ b/e/f\n" in shown
    assert "+++ b/e/h" not in shown
