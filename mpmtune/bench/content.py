"""What private servers serve: scripts that wait, compute or take memory, and plain files."""

from __future__ import annotations

_METHODS = 12


def waiting(seconds: float) -> bytes:
    """Write a script that waits, as for a database."""
    return f"<?php usleep({round(seconds * 1_000_000)}); echo 'ok';\n".encode("ascii")


def answering(seconds: float, size: int) -> bytes:
    """Write a script that waits, and then answers with so many bytes."""
    wait = f"usleep({round(seconds * 1_000_000)}); " if seconds else ""
    return f"<?php {wait}echo str_repeat('x', {max(1, size)});\n".encode("ascii")


def holding(mebibytes: int, seconds: float) -> bytes:
    """Write a script that fills memory and holds it for a while."""
    return (
        f"<?php $held = str_repeat('x', {mebibytes} << 20);"
        f" usleep({round(seconds * 1_000_000)}); echo strlen($held);\n"
    ).encode("ascii")


def computing(rounds: int) -> bytes:
    """Write a script that computes."""
    return (
        f"<?php $sum = 0; for ($i = 0; $i < {rounds}; $i++) {{ $sum = crc32($sum . $i); }}"
        " echo $sum;\n"
    ).encode("ascii")


def application(files: int, seconds: float) -> dict[str, bytes]:
    """Write an application of many classes, which loads all of them and then waits."""
    names = [f"classes/Part{number}.php" for number in range(files)]
    made = {name: _class(number) for number, name in enumerate(names)}
    loads = "".join(f"require __DIR__ . '/{name}';\n" for name in names)
    calls = "".join(f"$sum += (new Part{number}())->m0(1);\n" for number in range(files))
    wait = f"usleep({round(seconds * 1_000_000)});\n"
    made["app.php"] = f"<?php\n$sum = 0;\n{loads}{calls}{wait}echo $sum;\n".encode("ascii")
    return made


def _class(number: int) -> bytes:
    methods = "".join(
        f"    public function m{each}(int $x): int {{\n"
        f"        $table = ['a' => {each}, 'b' => $x, 'c' => 'part {number}'];\n"
        "        return $table['a'] + $table['b'] + strlen($table['c']);\n    }\n"
        for each in range(_METHODS)
    )
    return f"<?php\nclass Part{number} {{\n{methods}}}\n".encode("ascii")
