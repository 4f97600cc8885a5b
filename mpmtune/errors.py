"""What can end a command: one sentence, a hint, and a kind that the command line maps to a code."""


class MpmtuneError(Exception):
    """A command cannot go on.

    Attributes:
        sentence: What is wrong, naming the file or option.
        hint: What to do about it; may be empty.
    """

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint


class UsageError(MpmtuneError):
    """An option or argument that cannot be used."""


class InputError(MpmtuneError):
    """A file or directory that cannot be read or is not what it should be."""


class NotRecordedError(InputError):
    """A snapshot was asked something that was not recorded."""


class HttpdError(MpmtuneError):
    """The httpd that was named is not there, or could not be asked."""


class LockedError(MpmtuneError):
    """Someone else is changing the configuration at this moment."""


class RolledBackError(MpmtuneError):
    """A change failed, and everything is as it was before it."""


class NotRolledBackError(MpmtuneError):
    """A change failed, and so did taking it back; the hint holds the commands that do it by hand."""
