"""`secondthought routine`: check, draw, run, test, convert and audit help-centre routines."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from secondthought.cli.errors import BAD_INPUT, FAILED, say
from secondthought.cli.options import ModelOption, SeedOption
from secondthought.cli.routine_report import print_audit, print_findings, print_round
from secondthought.cli.text import safe
from secondthought.messages import BadInput

if TYPE_CHECKING:
    from secondthought.reasoner import Reasoner
    from secondthought.routines.model import Routine
    from secondthought.routines.soft import SoftState
    from secondthought.routines.state import State
    from secondthought.routines.tools import Tools
    from secondthought.routines.validate.findings import Finding

MAX_BYTES = 4 << 20

app = typer.Typer(
    help="Help-centre policies as routines: check, run, test, convert, audit.",
    add_completion=False,
    no_args_is_help=True,
)


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    MERMAID = "mermaid"


class Mode(StrEnum):
    SCRIPTED = "scripted"
    GUIDED = "guided"
    SOFT = "soft"


FileArgument = Annotated[Path, typer.Argument(help="The routine, a text file.")]
ToolsOption = Annotated[
    Path | None, typer.Option("--tools", help="tools.py, or a JSON list of OpenAI tools.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("check")
def check_command(
    files: Annotated[list[Path], typer.Argument(help="Routines, text files.")],
    source: Annotated[
        Path | None, typer.Option(help="The article that the routine was made from.")
    ] = None,
    tools: ToolsOption = None,
    json_: JsonOption = False,
    format_: Annotated[
        Format, typer.Option("--format", help="How to print the findings.")
    ] = Format.TEXT,
) -> None:
    """Check routines by 27 rules; exit code 1 on an error."""
    from secondthought import __version__
    from secondthought.routines.drawing import mermaid
    from secondthought.routines.graph import build
    from secondthought.routines.parse import parse
    from secondthought.routines.validate.check import check
    from secondthought.routines.validate.sarif import sarif

    if format_ is Format.MERMAID and len(files) > 1:
        raise BadInput("a drawing shows one routine; give one file")
    article = _read(source) if source else None
    registry = _tools(tools)
    found: dict[str, list[Finding]] = {}
    for file in files:
        routine = parse(_read(file))
        found[str(file)] = check(routine, source=article, tools=registry)
        if format_ is Format.MERMAID:
            print(safe(mermaid(routine, build(routine), found[str(file)])), end="")
    if json_ or format_ is Format.JSON:
        rows = [{"file": name, **f.as_dict()} for name, list_ in found.items() for f in list_]
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif format_ is Format.SARIF:
        print(sarif(found, __version__))
    elif format_ is Format.TEXT:
        print_findings(found)
    if any(f.severity == "error" for list_ in found.values() for f in list_):
        raise typer.Exit(FAILED)


@app.command("format")
def format_command(file: FileArgument) -> None:
    """Print the canonical form; what has no place in it is named on stderr."""
    from secondthought.routines.format import format_routine

    routine = _routine(file)
    print(safe(format_routine(routine)), end="")
    for unread in routine.unread:
        print(f"line {unread.line} is left out: {unread.why}", file=sys.stderr)


@app.command("run")
def run_command(
    file: FileArgument,
    tools: ToolsOption = None,
    mode: Annotated[
        Mode | None,
        typer.Option(help="scripted: no model; guided: the model speaks and decides; soft: free."),
    ] = None,
    model: ModelOption = None,
    value: Annotated[
        list[str] | None, typer.Option("--set", help="name=value, known before the start.")
    ] = None,
    state: Annotated[
        Path | None, typer.Option(help="Save the conversation here; go on where it stopped.")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Show steps and calls on stderr.")] = False,
    seed: SeedOption = 0,
) -> None:
    """Have the conversation of a routine: you are the customer.

    The mode is guided with -m, else scripted, where you also decide the conditions."""
    from secondthought.cli.routine_talk import converse, operator
    from secondthought.routines.mind import Plain
    from secondthought.routines.run import Runner
    from secondthought.routines.tools import Tools

    routine = _routine(file)
    chosen = mode or (Mode.GUIDED if model else Mode.SCRIPTED)
    if chosen is Mode.SOFT:
        if value:
            raise BadInput("--set is for scripted and guided; leave it out")
        if tools is None:
            raise BadInput("soft mode needs --tools; give a .py file")
        asyncio.run(_soft(routine, Tools.load(tools), model, state, log))
    elif chosen is Mode.GUIDED:
        asyncio.run(_guided(routine, _tools(tools), model, _values(value), state, log, seed))
    else:
        mind = Plain(operator=operator if sys.stdin.isatty() else None)
        runner = Runner(routine, _tools(tools), mind)
        begun = _saved(state, routine) or runner.start(_values(value))
        asyncio.run(converse(runner, begun, _saver(state), log=log))


@app.command("test")
def play_command(
    file: FileArgument,
    scenarios: Annotated[Path, typer.Argument(help="Scenarios, a TOML file.")],
    tools: ToolsOption = None,
    json_: JsonOption = False,
    need: Annotated[
        float, typer.Option(min=0, max=100, help="Least branch coverage in percent.")
    ] = 0,
) -> None:
    """Play scenarios without a model, with branch coverage; exit code 1 on a failure."""
    from secondthought.routines.coverage import coverage
    from secondthought.routines.graph import build
    from secondthought.routines.scenario import load_scenarios, play

    routine, registry = _routine(file), _tools(tools)
    outcomes = [asyncio.run(play(routine, s, registry)) for s in load_scenarios(scenarios)]
    covered = coverage(build(routine), [o.state for o in outcomes])
    percent = 100 * covered.branches_seen / covered.branches if covered.branches else 100.0
    if json_:
        rows = [
            {"name": o.scenario.name, "ok": not o.failures, "failures": o.failures}
            for o in outcomes
        ]
        about = {"scenarios": rows, "branch_percent": round(percent, 1)}
        about |= {"missed_steps": covered.missed_steps, "missed_branches": covered.missed_branches}
        print(json.dumps(about, ensure_ascii=False, indent=1))
    else:
        for o in outcomes:
            print(f"{'FAIL' if o.failures else 'ok  '} {safe(o.scenario.name)}")
            for failure in o.failures:
                print(f"     {safe(failure)}")
        print(f"steps {covered.steps_seen}/{covered.steps}, ", end="")
        print(f"branches {covered.branches_seen}/{covered.branches} ({percent:.0f} %)")
        if covered.missed_branches:
            print(f"not taken: {', '.join(covered.missed_branches)}")
    if percent < need:
        say(f"branch coverage is {percent:.1f} %, {need:g} % is needed")
    if percent < need or any(o.failures for o in outcomes):
        raise typer.Exit(FAILED)


@app.command("convert")
def convert_command(
    article: Annotated[Path, typer.Argument(help="The article, a text file.")],
    model: ModelOption = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where to save.")] = None,
    tools: ToolsOption = None,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often the model may mend.")] = 4,
    effort: Annotated[str | None, typer.Option("--effort", "-e", help="How hard to think.")] = None,
    seed: SeedOption = 0,
    json_: JsonOption = False,
) -> None:
    """Let a model turn an article into a routine, with the checks in the loop.

    Exit code 1 when findings are left, 2 when the article is no policy."""
    from secondthought.routines.convert import canonical, convert

    if model is None:
        raise BadInput(
            "the built-in model knows puzzles only; name one that reads policies with -m, as "
            "http://127.0.0.1:8000/v1 or ollama/NAME"
        )
    text, registry = _read(article), _tools(tools)
    if output is not None and not output.parent.is_dir():
        raise BadInput(f"there is no folder {str(output.parent)!r} to save the routine in")

    async def work() -> Any:
        async with _reasoner(model) as reasoner:
            return await convert(
                text,
                reasoner,
                effort=effort,
                rounds=rounds,
                tools=registry,
                seed=seed,
                on_round=None if json_ else print_round,
            )

    done = asyncio.run(work())
    if done.routine is None:
        say("I don't know: the article is no policy or instruction for customers")
        raise typer.Exit(BAD_INPUT)
    routine_text = canonical(done)
    if output is not None:
        _write(output, routine_text)
    if json_:
        about = {
            "routine": routine_text,
            "rounds": [[f.as_dict() for f in r.findings] for r in done.rounds],
            "fixed": done.fixed,
            "left": [f.as_dict() for f in done.left],
            "facts_covered": done.covered,
            "facts": done.facts,
        }
        print(json.dumps(about, ensure_ascii=False, indent=1))
    else:
        if output is None:
            print(safe(routine_text), end="")
        fixed = ", ".join(done.fixed) or "none"
        print(
            f"{len(done.rounds)} rounds; fixed: {fixed}; left: {len(done.left)} findings; "
            f"{done.covered} of {done.facts} facts of the article covered",
            file=sys.stderr,
        )
        for finding in done.left:
            print(safe(str(finding)), file=sys.stderr)
    if not done.sound:
        raise typer.Exit(FAILED)


@app.command("audit")
def audit_command(
    file: FileArgument,
    transcript: Annotated[Path, typer.Argument(help="OpenAI messages or tau-bench, .json(l)(.gz)")],
    tools: ToolsOption = None,
    json_: JsonOption = False,
) -> None:
    """Compare real conversations with a routine: steps, and calls that broke its rules.

    Exit code 1 when a call would have been stopped."""
    from secondthought.routines.audit import audit
    from secondthought.routines.transcripts import load_transcripts

    routine, registry = _routine(file), _tools(tools)
    reports = [audit(routine, t, registry) for t in load_transcripts(transcript)]
    if json_:
        print(json.dumps([r.as_dict() for r in reports], ensure_ascii=False))
    else:
        for report in reports:
            print_audit(report)
        stopped = sum(len(r.stopped) for r in reports)
        calls = sum(len(r.calls) for r in reports)
        print(f"{len(reports)} conversations, {calls} calls, {stopped} would have been stopped")
    if any(r.stopped for r in reports):
        raise typer.Exit(FAILED)


async def _guided(
    routine: Routine,
    tools: Tools | None,
    model: str | None,
    values: dict[str, Any],
    file: Path | None,
    log: bool,
    seed: int,
) -> None:
    from secondthought.cli.routine_talk import converse
    from secondthought.routines.mind import Guided
    from secondthought.routines.run import Runner

    async with _reasoner(model) as reasoner:
        runner = Runner(routine, tools, Guided(reasoner, seed=seed))
        state = _saved(file, routine) or runner.start(values)
        await converse(runner, state, _saver(file), log=log)


async def _soft(
    routine: Routine, tools: Tools, model: str | None, file: Path | None, log: bool
) -> None:
    from secondthought.cli.routine_talk import converse_softly
    from secondthought.routines.soft import SoftRunner

    saved = _saved_softly(file)
    async with _reasoner(model) as reasoner:
        runner = SoftRunner(routine, tools, reasoner, state=saved)
        await converse_softly(runner, _saver(file), log=log)


# --- files and printing -------------------------------------------------------------------


def _read(path: Path) -> str:
    if str(path) == "-":
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        try:
            data = path.read_bytes()
        except OSError as error:
            why = error.strerror or "it cannot be read"
            raise BadInput(f"file {str(path)!r}: {why}; give a text file") from None
    if len(data) > MAX_BYTES:
        raise BadInput(f"file {path} is longer than {MAX_BYTES >> 20} MiB; give a shorter text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"file {path} is not UTF-8 text (byte {error.start})") from None


def _routine(path: Path) -> Routine:
    from secondthought.routines.parse import parse

    return parse(_read(path))


def _tools(path: Path | None) -> Tools | None:
    from secondthought.routines.tools import Tools

    return None if path is None else Tools.load(path)


def _saved(file: Path | None, routine: Routine) -> State | None:
    from secondthought.routines.state import load_state

    return load_state(_read(file), routine) if file is not None and file.exists() else None


def _saved_softly(file: Path | None) -> SoftState | None:
    from secondthought.routines.soft import SoftState
    from secondthought.routines.state import read_state

    return read_state(SoftState, _read(file)) if file is not None and file.exists() else None


def _saver(file: Path | None) -> Callable[[State | SoftState], None] | None:
    """Writes beside the file first: a break in the middle leaves the old conversation."""
    if file is None:
        return None

    def save(state: State | SoftState) -> None:
        fresh = file.with_name(f"{file.name}.part")
        _write(fresh, state.model_dump_json(indent=1))
        fresh.replace(file)

    return save


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        why = error.strerror or "it cannot be written"
        raise BadInput(f"file {str(path)!r}: {why}; name another place") from None


def _reasoner(model: str | None) -> Reasoner:
    from secondthought.reasoner import Reasoner

    return Reasoner(model)


def _values(pairs: list[str] | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for pair in pairs or ():
        name, equals, text = pair.partition("=")
        if not equals or not name.isidentifier():
            raise BadInput(f"--set {pair!r}: write name=value")
        try:
            values[name] = json.loads(text)
        except ValueError:
            values[name] = text
    return values
