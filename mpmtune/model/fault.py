"""What can be wrong with a configuration, and what httpd does about it."""

from __future__ import annotations

from enum import Enum


class Fault(Enum):
    """What kind of trouble a diagnostic reports; lint rules subscribe to these."""

    # structure
    LINE_TOO_LONG = "line-too-long"
    UNCLOSED_SECTION = "unclosed-section"
    STRAY_CLOSE = "stray-close"
    MISMATCHED_CLOSE = "mismatched-close"
    MISSING_BRACKET = "missing-bracket"
    EMPTY_SECTION_ARGUMENT = "empty-section-argument"
    UNCLOSED_FALSE_SECTION = "unclosed-false-section"
    UNCLOSED_TRUE_SECTION = "unclosed-true-section"
    # executed while reading
    ARGUMENT_COUNT = "argument-count"
    BAD_ARGUMENT = "bad-argument"
    NOT_ALLOWED_HERE = "not-allowed-here"
    UNDEFINED_VARIABLE = "undefined-variable"
    SERVER_ROOT = "server-root"
    LOAD_MODULE = "load-module"
    MODULE_LOADED_TWICE = "module-loaded-twice"
    ERROR_DIRECTIVE = "error-directive"
    UNKNOWN_COMMAND = "unknown-command"
    # Include
    INCLUDE_NO_MATCH = "include-no-match"
    INCLUDE_UNREADABLE = "include-unreadable"
    INCLUDE_CYCLE = "include-cycle"
    INCLUDE_DEPTH = "include-depth"
    INCLUDE_OUTSIDE_ROOT = "include-outside-root"
    # macros
    MACRO_DEFINITION = "macro-definition"
    MACRO_NESTING = "macro-nesting"
    MACRO_UNDEFINED = "macro-undefined"
    MACRO_ARGUMENTS = "macro-arguments"
    MACRO_RECURSION = "macro-recursion"
    MACRO_ADVICE = "macro-advice"
    # after reading: the MPM, and what check_config says
    MPM = "mpm"
    CORRECTED = "corrected"
    DEPRECATED = "deprecated"
    # ours
    LIMIT = "limit"


class Level(Enum):
    """What httpd does about it: stops, or warns and goes on; NOTE is ours alone.

    INFO is what ``-t`` prints only with ``-e info``.
    """

    ERROR = "error"
    WARNING = "warn"
    INFO = "info"
    NOTE = "note"
