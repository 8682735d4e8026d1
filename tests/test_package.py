"""The package as a whole: what it needs, how light it is, who may import whom, and that the
commands in its documents exist."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from secondthought.cli.main import app
from secondthought.tasks import catalogue
from secondthought.tasks.check import check
from secondthought.tasks.english import ANNOUNCED, letters_only

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
FILES = sorted((SOURCE / "secondthought").rglob("*.py"))
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)

EXTRAS = ("torch", "transformers", "safetensors", "onnx", "matplotlib", "reasoning_gym", "sympy")
LONGEST = 450  # lines that are not blank; a longer file holds two concepts

# Highest first. A module imports from its own room and from those below it.
ROOMS = [
    ["cli"],
    ["web"],
    ["server"],
    ["evals"],
    ["train"],
    ["oversight"],
    ["routines"],
    ["doctor"],
    ["reasoner"],
    ["loop"],
    ["verifiers"],
    ["models"],
    ["tasks"],
    ["isolation", "stats", "hub"],
    ["_isolated"],
    ["seccomp"],
    ["trace", "effort", "messages"],
]
HEIGHT = {room: -i for i, rooms in enumerate(ROOMS) for room in rooms}


def module_of(file: Path) -> str:
    return ".".join(file.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


def python(code: str) -> Any:
    """Run code in a fresh interpreter; the JSON value that it prints last."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# --- the base install ----------------------------------------------------------------------


def test_the_base_install_works_without_the_extras() -> None:
    """Every module outside train/ is imported while the extras' packages cannot be."""
    modules = [module_of(f) for f in FILES if "train" not in f.relative_to(SOURCE).parts]
    loaded = python(f"""
import importlib, json, sys
class Barred:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {EXTRAS!r}:
            raise ImportError(name + " is no part of the base install")
sys.meta_path.insert(0, Barred())
for name in {modules!r}:
    importlib.import_module(name)
print(json.dumps(sorted(sys.modules)))
""")
    assert "onnxruntime" in loaded
    assert not {name.split(".")[0] for name in loaded} & set(EXTRAS)


def test_the_base_install_asks_for_nothing_of_the_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=!~ \[]", line)[0] for line in project["dependencies"]}
    assert needed == {"numpy", "onnxruntime", "pydantic", "httpx", "typer", "rich", "jsonschema"}


def test_importing_the_package_imports_nothing_else() -> None:
    loaded = python("import json, sys, secondthought; print(json.dumps(sorted(sys.modules)))")
    assert [name for name in loaded if name.startswith("secondthought")] == ["secondthought"]
    assert not {"numpy", "onnxruntime", "pydantic", "rich", "typer", "asyncio"} & set(loaded)


def test_every_public_name_can_be_imported() -> None:
    import secondthought

    for name in secondthought.__all__:
        assert getattr(secondthought, name) is not None


def test_help_is_fast_and_loads_no_model() -> None:
    code = """
import json, sys, time
from secondthought.cli.main import main
try:
    main(["--help"])
except SystemExit as leave:
    assert leave.code == 0
print(json.dumps([time.process_time(), sorted(sys.modules)]))
"""
    runs = [python(code) for _ in range(2)]
    assert not {"numpy", "onnxruntime", "httpx", "pydantic", *EXTRAS} & set(runs[0][1])
    assert min(seconds for seconds, _ in runs) < 1.0  # of CPU; a busy machine changes nothing


# --- the rooms -----------------------------------------------------------------------------


def room_of(module: str) -> str | None:
    """The room of `secondthought.ROOM...`; None for the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in HEIGHT else None


def imports(file: Path) -> Iterator[str]:
    """What a file imports of ours, also inside functions. Imports for types only do not count."""
    waiting: list[ast.AST] = [ast.parse(file.read_text("utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        waiting += ast.iter_child_nodes(node)


def test_every_module_stands_in_a_room() -> None:
    names = {module_of(file).split(".")[1] for file in FILES if "." in module_of(file)}
    assert names <= set(HEIGHT)


def test_nothing_imports_what_stands_above_it() -> None:
    wrong: list[str] = []
    for file in FILES:
        own = room_of(module_of(file))
        for name in imports(file):
            other = room_of(name) if name.startswith("secondthought.") else None
            if own and other and own != other and HEIGHT[other] >= HEIGHT[own]:
                wrong.append(f"{module_of(file)} imports {name}")
    assert not wrong


def test_no_module_holds_too_much() -> None:
    lines = {
        str(f.relative_to(ROOT)): sum(bool(line.strip()) for line in f.open("r", encoding="utf-8"))
        for f in FILES
    }
    assert not {name: count for name, count in lines.items() if count > LONGEST}


# --- the documents -------------------------------------------------------------------------


def code(document: Path, language: str) -> list[str]:
    """The code blocks of a language."""
    pattern = rf"^```{language}\n(.*?)^```"
    return re.findall(pattern, document.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def blocks(document: Path) -> list[str]:
    """The shell commands of a document: the lines of its `sh` blocks, comments left out."""
    lines = "".join(code(document, "sh")).splitlines()
    return [command for line in lines if (command := re.sub(r"(^|\s+)# .*", "", line))]


def commands() -> Iterator[Any]:
    """(document, words after `secondthought`) of every use of our command."""
    for document in DOCUMENTS:
        for line in blocks(document):
            lexer = shlex.shlex(line.replace("$'", "'"), posix=True, punctuation_chars="|&;<>")
            lexer.whitespace_split = True
            words: list[str] = []
            for word in [*lexer, ";"]:
                if word and set(word) <= set("|&;<>"):
                    if words and words[0].rpartition("/")[2] == "secondthought":
                        name = f"{document.name}: {' '.join(words)[:60]}"
                        yield pytest.param(words[1:], id=name)
                    words = []
                else:
                    words.append(word)


@pytest.mark.parametrize("words", list(commands()))
def test_documented_commands_exist(words: list[str]) -> None:
    """The arguments are parsed, the command is not run."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "list_commands"):
        found = command.get_command(None, words[0])
        if found is None:
            break
        command, words = found, words[1:]
    if words not in (["--help"], ["--version"]):
        command.make_context(command.name, list(words))


def mentions() -> Iterator[Any]:
    """(document, words after `secondthought`) of every command in running text, in tables and in
    blocks of YAML."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        found = re.findall(r"(?<!`)`secondthought\s([^`]+)`(?!`)", text)
        found += re.findall(r"^- run: secondthought (.*)", "".join(code(document, "yaml")), re.M)
        for command in dict.fromkeys(" ".join(one.split()) for one in found):
            yield pytest.param(command.split(), id=f"{document.name}: {command[:60]}")


@pytest.mark.parametrize("words", list(mentions()))
def test_mentioned_commands_and_their_options_exist(words: list[str]) -> None:
    """Arguments may be missing there, and stand as FILE or ...; names may not."""
    command: Any = typer.main.get_command(app)
    while words and hasattr(command, "list_commands") and not words[0].startswith("-"):
        found = command.get_command(None, words[0])
        if found is None and words[0].isupper():
            return
        # `eval` and `models` have a command that is meant where none is named.
        usual = next((command.commands[n] for n in ("run", "list") if n in command.commands), None)
        command, words = (found, words[1:]) if found else (usual, words)
        assert command is not None, words[0]
    known = {"--help", *(option for one in command.params for option in one.opts)}
    for word in words:
        option = word.strip("[]").partition("=")[0]
        if option.startswith("-") and option != "--":
            assert option in known, word


CLIENTS = {"agents", "inspect_ai", "langchain_openai", "litellm"}
"""Packages of the quick starts per client; `benchmarks/compat.py` runs them, each in its own
environment."""


def test_documented_python_parses_and_imports_what_exists() -> None:
    for document in DOCUMENTS:
        for block in code(document, "python"):
            for node in ast.walk(ast.parse(block)):
                if isinstance(node, ast.ImportFrom) and node.module is not None:
                    if node.module.partition(".")[0] in CLIENTS:
                        continue
                    module = importlib.import_module(node.module)
                    for alias in node.names:
                        name = f"{node.module}.{alias.name}"
                        known = hasattr(module, alias.name) or importlib.util.find_spec(name)
                        assert known, f"{document.name}: {name}"


def test_the_documented_task_passes_its_check(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(code(ROOT / "docs/tasks.md", "python")[0], "utf-8")
    results = check(catalogue.task(f"{path}:DigitSum"))
    assert [result.name for result in results if not result.ok] == []
    assert len(results) > 20


def test_documented_modules_and_scripts_exist() -> None:
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for module in re.findall(r"python -m (secondthought[\w.]*)", text):
            assert importlib.util.find_spec(module), f"{document.name}: {module}"
        for path in re.findall(r"python ((?:scripts|benchmarks)/\w+\.py)", text):
            assert (ROOT / path).is_file(), f"{document.name}: {path}"


def test_links_between_documents_lead_somewhere() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_links_to_a_part_of_a_document_name_a_heading_of_it() -> None:
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        for target, part in re.findall(r"\]\(([^)#:]*\.md|)#([^)]*)\)", text):
            there = (document.parent / target) if target else document
            headings = re.findall(r"^#+ (.*)", there.read_text("utf-8"), re.M)
            slugs = [re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings]
            assert part in slugs, f"{document.name}: {target}#{part}"


def test_both_readmes_have_the_same_commands() -> None:
    assert blocks(ROOT / "README.md") == blocks(ROOT / "README.ko.md") != []


def test_the_first_command_asks_the_announced_cipher() -> None:
    """The question of OpenAI's o1 announcement, to the letter; its answer is in no training."""
    first = blocks(ROOT / "README.md")[0]
    question = re.search(r"\$'(.*)'", first)
    assert question is not None
    example, task = question[1].split(r"\n")
    assert example == "oyfjdnisdr rtqwainr acxz mynzbhhx -> Think step by step"
    assert task.startswith("Use the example above to decode: ")
    cipher = task.split(": ")[1]
    plain = "".join(
        chr((ord(a) + ord(b)) // 2)
        for word in cipher.split()
        for a, b in zip(word[::2], word[1::2], strict=True)
    )
    assert plain == "therearethreersinstrawberry"
    assert plain in {letters_only(text).lower() for text in ANNOUNCED}


def test_ci_runs_the_readmes_test_command() -> None:
    """`.ci/run` finds the command by this marker; the same awk program is run here."""
    script = (ROOT / ".ci/run").read_text("utf-8")
    program = re.search(r"awk '(.*?)' README\.md", script, flags=re.DOTALL)
    assert program is not None
    for name in ("README.md", "README.ko.md"):
        found = subprocess.run(
            ["awk", program[1], str(ROOT / name)], capture_output=True, text=True, check=True
        ).stdout.strip()
        assert found in blocks(ROOT / name)
        assert "pytest" in found
        assert "\n" not in found
