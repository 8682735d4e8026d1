"""The `secondthought` command. Each subcommand stands in a file of its own, imported when used."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from importlib.util import find_spec
from inspect import cleandoc
from typing import Annotated, Any

import typer
import typer.core
import typer.main

from secondthought.cli.errors import BAD_INPUT, FAILED, INTERRUPTED, code_of, say
from secondthought.messages import BadInput

# name: what `secondthought --help` says of it, without importing the file.
COMMANDS = {
    "ask": "Think, then answer one question.",
    "chat": "Talk with the model, turn by turn.",
    "compare": "One question, open loop and closed loop side by side.",
    "tasks": "List the kinds of problems, show some, check one of your own.",
    "models": "List the models on this machine.",
    "doctor": "What can a model server do, and where does it break?",
    "eval": "Measure accuracy on tasks or on a file of questions.",
    "routine": "Check, run and convert help-centre routines.",
    "train": "Teach models to reason.",
    "verify-seal": "Prove that a disclosed thought is the one that was sealed.",
    "audit": "Verify the log of who read hidden thoughts.",
    "serve": "Serve the model behind OpenAI's API.",
    "keys": "Make, list and revoke API keys of the server.",
}


def _name(command: str) -> str:
    return command.replace("-", "_")


def _module(command: str) -> str:
    return f"secondthought.cli.{_name(command)}"


class _Commands(typer.core.TyperGroup):
    """Finds a subcommand in its file `cli/<name>.py`: `app`, or the function `<name>_command`.

    In both, a hyphen of the name is an underscore."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        return [name for name in COMMANDS if find_spec(_module(name))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.list_commands(ctx):
            return None
        if self._listing:
            return typer.core.TyperCommand(cmd_name, help=COMMANDS[cmd_name])
        module = import_module(_module(cmd_name))
        app: typer.Typer | None = getattr(module, "app", None)
        if app is None:
            app = typer.Typer(add_completion=False)
            app.command(cmd_name)(getattr(module, f"{_name(cmd_name)}_command"))
        command = typer.main.get_command(app)
        command.name = cmd_name
        _unwrap(command)
        return command

    def format_help(self, ctx: Any, formatter: Any) -> None:
        self._listing = True
        super().format_help(ctx, formatter)


def _unwrap(command: Any) -> None:
    """Take the line ends of the source out of the help, of subcommands too: typer keeps most of
    them, and its lines would be broken twice."""
    command.help = re.sub(r"(?<!\n)\n *(?!\n)", " ", cleandoc(command.help or ""))
    for subcommand in getattr(command, "commands", {}).values():
        _unwrap(subcommand)


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    help="A closed loop of thought for any language model, and a small reasoning model that "
    "thinks before it answers, offline.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from secondthought import __version__

        print(__version__)
        raise typer.Exit


@app.callback()
def _root(  # pyright: ignore[reportUnusedFunction]
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="The version.")
    ] = False,
) -> None: ...


# The base of all errors of the command line, wherever typer's version keeps it.
_UsageError: Any = typer.BadParameter.__bases__[0]


def main(arguments: list[str] | None = None) -> None:
    """Run a command line and leave: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # pyright: ignore
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    from secondthought.models.base import ModelError

    try:
        code = typer.main.get_command(app)(
            args=arguments, prog_name="secondthought", standalone_mode=False
        )
        sys.stdout.flush()
    except typer.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except BadInput as error:
        say(str(error))
        return BAD_INPUT
    except ModelError as error:
        say(str(error))
        return code_of(error.kind)
    except _UsageError as error:
        if message := _usage(error):
            say(message)
        return BAD_INPUT
    except BrokenPipeError:
        # The reader of our output has left; Python must not complain about it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code if isinstance(code, int) else 0


def _usage(error: Any) -> str:
    """The error with a pointer to the help; "" when the help itself was just printed."""
    message = str(error.format_message()).rstrip(".")
    if not message or error.ctx is None:
        return message
    if re.match(r"No such option: -\d", message):
        message += " (write -- before a question that begins with a minus)"
    return f"{message}; see {error.ctx.command_path} --help"


if __name__ == "__main__":
    main()
