"""`secondthought verify-seal`: is a disclosed thought the one that was sealed?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from secondthought.cli.errors import FAILED
from secondthought.messages import BadInput


def verify_seal_command(
    disclosed: Annotated[
        Path,
        typer.Argument(
            help="The disclosed thought: JSON with seal, salt and thought, or a whole trace of "
            "GET /v1/traces/{id}."
        ),
    ],
    kept: Annotated[
        str,
        typer.Argument(
            help="What you kept of the answer: its seal (sha256:...), or the file of the response."
        ),
    ],
    json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Prove that a disclosed thought is, to the letter, the one sealed with an answer.

    The seal must be the one that came with the answer; one that comes with the thought proves
    nothing. Exit code 0: it is that thought. 1: it is not.
    """
    from secondthought.oversight.seal import Seal, read_digests, read_disclosure, verify

    disclosure = read_disclosure(_read(disclosed))
    if Path(kept) == disclosed:
        raise BadInput("a thought proves nothing by its own seal; give the seal of the answer")
    digests = read_digests(kept)
    if not digests and kept.startswith("sha256:"):
        raise BadInput(f"{kept} is no whole seal; give sha256: and its 64 hexadecimal digits")
    digests = digests or read_digests(_read(Path(kept)))
    if not digests:
        raise BadInput(f"{kept} holds no seal; give the response as it came, or its seal")
    found = [d for d in digests if verify(disclosure.content, Seal(d, disclosure.seal.salt))]
    content: Any = disclosure.content
    branches: list[Any] = content["branches"]
    if json_:
        row = {"verified": bool(found), "seal": found[0] if found else None}
        print(json.dumps(row | {"branches": len(branches)}))
    elif found:
        length = sum(len(branch["thought"]) for branch in branches)
        count = "1 branch" if len(branches) == 1 else f"{len(branches)} branches"
        print(
            f"verified: this is the thought sealed as {found[0]} ({count}, {length:,} characters)"
        )
    else:
        print("not verified: this is not the thought that was sealed with that answer")
    if not found:
        raise typer.Exit(FAILED)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise BadInput(f"there is no file {str(path)!r}; give the path of a JSON file") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} cannot be read: {error}") from None
