"""The group of commands: help and wrong use in two languages, web commands on demand."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from typing import Any, TypeAlias, cast

import typer
from typer.core import TyperCommand, TyperGroup

from mixwijzer.exchange.catalogue import LANGUAGES, Language, has_sentence, sentence

# Typer carries a copy of click whose types have no public name.
Click: TypeAlias = Any

__all__ = ["WRONG_USE", "Command", "Commands", "chosen_language", "say"]

WRONG_USE = 2

_FAULT = 3  # of the program itself
_ENTRY_POINTS = "mixwijzer.commands"
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
# The classes of the command-line library, whichever copy of it typer carries.
_TOLD = cast("type[Exception]", typer.BadParameter.__mro__[2])
_ENGLISH = {
    "Usage:": "usage",
    "Options:": "options",
    "Commands:": "commands",
    "Arguments:": "arguments",
}


def chosen_language(arguments: list[str] | None = None) -> Language:
    """Return the language that the command line asks for, else the environment's, else Dutch."""
    words = sys.argv[1:] if arguments is None else arguments
    for word, following in zip(words, [*words[1:], ""], strict=False):
        asked = word.partition("=")[2] if word.startswith("--language=") else following
        if word.startswith("--language") and asked in LANGUAGES:
            return asked
    spoken = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    return "en" if spoken.lower().startswith("en") else "nl"


def say(code: str, **facts: object) -> str:
    """Return a sentence of the command line in the language of this call."""
    return sentence(f"commands.{code}", chosen_language(), **facts)


def web_is_installed() -> bool:
    """Whether the commands of the web application can work here."""
    try:
        return find_spec("django") is not None
    except ImportError:
        return False


class Command(TyperCommand):
    """A command whose help speaks the language of the call."""

    def get_help(self, ctx: Click) -> str:
        """Return the help."""
        return _translated(super().get_help(ctx))


class OnDemand(Command):
    """A command of another part of the product: loaded when it is called, not when it is listed."""

    def __init__(self, entry: EntryPoint) -> None:
        name = entry.name if has_sentence(f"commands.help.{entry.name}", "nl") else "other"
        super().__init__(name=entry.name, help=say(f"help.{name}"))
        self.entry = entry

    def make_context(
        self, info_name: Click, args: Click, parent: Click = None, **extra: Click
    ) -> Click:
        """Load the command and let it take over."""
        if not web_is_installed():
            typer.echo(say("usage.web_missing", name=self.entry.name), err=True)
            raise typer.Exit(WRONG_USE)
        return self.loaded.make_context(info_name, args, parent=parent, **extra)

    @cached_property
    def loaded(self) -> Click:
        """The command itself: an entry point names a function or an app of its own."""
        found = self.entry.load()
        if not isinstance(found, typer.Typer):
            app = typer.Typer(add_completion=False, rich_markup_mode=None)
            app.command(self.entry.name)(found)
            found = app
        return typer.main.get_command(found)


class Commands(TyperGroup):
    """All commands; what goes wrong becomes a sentence and an exit code, never a traceback."""

    @cached_property
    def _elsewhere(self) -> Mapping[str, EntryPoint]:
        return {each.name: each for each in entry_points(group=_ENTRY_POINTS)}

    def list_commands(self, ctx: Click) -> list[str]:
        """Return the names; those of the web application only where it is installed."""
        own = super().list_commands(ctx)
        there = sorted(self._elsewhere) if web_is_installed() else []
        return [*own, *(name for name in there if name not in own)]

    def get_command(self, ctx: Click, cmd_name: str) -> Click:
        """Return a command of our own, or the stand-in of one elsewhere."""
        own = super().get_command(ctx, cmd_name)
        if own is None and cmd_name in self._elsewhere:
            return OnDemand(self._elsewhere[cmd_name])
        return own

    def get_help(self, ctx: Click) -> str:
        """Return the help."""
        return _translated(super().get_help(ctx))

    def main(self, args: Sequence[str] | None = None, **extra: Click) -> Click:  # type: ignore[override]
        """Run, and end with an exit code."""
        standalone = extra.pop("standalone_mode", True)
        try:
            code = super().main(args, standalone_mode=False, **extra)
        except typer.Abort:
            code = 1
        except _TOLD as error:
            code = _tell_wrong_use(error)
        except Exception as error:
            if os.environ.get("MIXWIJZER_DEBUG"):
                raise
            typer.echo(say("usage.unexpected", kind=type(error).__name__), err=True)
            code = _FAULT
        if standalone:
            sys.exit(code if isinstance(code, int) else 0)
        return code


def _tell_wrong_use(error: Click) -> int:
    """Say what is wrong with a command line and where its help is."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" and context is not None:
        typer.echo(context.get_help())
        return WRONG_USE
    typer.echo(_wrong_use(error), err=True)
    if context is not None:
        typer.echo(say("usage.see_help", command=context.command_path), err=True)
    return WRONG_USE


def _wrong_use(error: Click) -> str:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return say("usage.no_such_option", name=error.option_name)
    if kind == "MissingParameter":
        return say("usage.missing", name=_name(error))
    if kind == "BadParameter" and error.message:
        return say("usage.bad", name=_name(error), value=error.message)
    text = error.format_message()
    if "No such command" in text:
        return say("usage.no_such_command", name=text.split("'")[1])
    if "Missing command" in text:
        return say("usage.no_command")
    return say("usage.other", text=text)


def _name(error: Click) -> str:
    if error.param is not None:
        return str(error.param.get_error_hint()).strip("'\"")
    return str(error.param_hint or "")


def _translated(text: str) -> str:
    """Put the headings of the command-line library in the language of the call."""
    for english, word in _ENGLISH.items():
        if text.startswith(english):
            text = say(f"usage.words.{word}") + text.removeprefix(english)
        text = text.replace(f"\n{english}", f"\n{say(f'usage.words.{word}')}:")
    text = text.replace("Show this message and exit.", say("usage.words.help"))
    text = text.replace("[required]", f"[{say('usage.words.required')}]")
    return text.replace("[default: ", f"[{say('usage.words.default')} ")
