"""The page at `/` and the thought inspector at `/inspect/{id}`: static files that talk to the same
API as every other client, and what they must know of the server to begin with.

The files need no key, for nothing stands in them; `GET /page/about` does, as all that is asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from secondthought.effort import Effort
from secondthought.reasoner import Reasoner
from secondthought.server.keys import Key
from secondthought.server.service import Service, json_response

Json = dict[str, Any]

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
"""Trusted types: the browser itself refuses to make HTML or script of a text."""

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    # Asked for again each time, and answered by 304: an update is there at once.
    "cache-control": "no-cache",
}

# Questions that the shipped model answers rightly, one a task, in plain wordings of the tasks.
_SUDOKU = "1 3 _ _\n_ 2 3 _\n3 1 _ 2\n_ _ 1 3"
EXAMPLES: dict[str, list[str]] = {
    "en": [
        "Decrypt this Caesar cipher: NDJ TCVAXHW LXAA TKTG",
        f"Finish my 4x4 sudoku.\n{_SUDOKU}",
        "Calculate w where 23*w + 12 = 426",
        "Example: clyf dlss zhpk -> very well said\nDecode: nsvil zbsmbyvbz",
        "Turn the binary number 110101 into base-10.",
        "Write an expression that equals 24 with 8 3 1.",
        "What is 4 * 86?",
        "Write baby in reverse.",
    ],
    "ko": [
        "다음 카이사르 암호를 풀어 줘: NDJ TCVAXHW LXAA TKTG",
        f"스도쿠 풀어 줘\n{_SUDOKU}",
        "다음 방정식을 풀어 주세요: 20*x - 4 = 116",
        '"fraq guvf urng"이(가) "send this heat"이라면 "gunaxf znqqra"은(는) 무엇인가요?',
        "2진법 110101, 10진법으로 쓰면 뭐야?",
        "카드가 8 3 1야. 24를 만들어 줘.",
        "65와 9의 곱을 구해 주세요.",
        "다음 단어를 거꾸로 쓰세요: foully",
    ],
}


def routes() -> list[Route]:
    """The static files, from memory."""
    folder = files("secondthought.server") / "page"
    found = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
    return [
        Route("/", _static("index.html", found["index.html"])),
        Route("/inspect/{id}", _static("inspect.html", found["inspect.html"])),
        *(
            Route(f"/page/{name}", _static(name, content))
            for name, content in found.items()
            if not name.endswith(".html")
        ),
    ]


def _static(name: str, content: bytes) -> Callable[[Request], Awaitable[Response]]:
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    kind = _TYPES[name[name.rindex(".") :]]

    async def endpoint(request: Request) -> Response:
        headers = {**_HEADERS, "etag": etag}
        known = request.headers.get("if-none-match", "")
        if etag in (tag.strip().removeprefix("W/") for tag in known.split(",")):
            return Response(status_code=304, headers=headers)
        return Response(content, headers={**headers, "content-type": kind})

    return endpoint


async def about(service: Service, request: Request, key: Key) -> Response:
    """`GET /page/about`: which models and efforts can be chosen, and what this key may see.

    thought: raw, summary or hidden. thought_tokens, samples, temperature: of the effort's policy
    for the model. examples: questions by language, where the built-in model is in front.
    """
    models: dict[str, Json] = {}
    for name in await service.models.names():
        reasoner = await service.models.find(name)
        models.setdefault(reasoner.model.name, _model(name, reasoner))
    built_in = any(model["built_in"] for model in models.values())
    return json_response(
        {
            "operator": key.scope == "operator",
            "keys": service.keyring.configured,
            "thought": service.keyring.sees(key, service.settings.reasoning).value,
            "models": list(models.values()),
            "examples": EXAMPLES if built_in else {},
        }
    )


def _model(name: str, reasoner: Reasoner) -> Json:
    from secondthought.models import embedded

    rows = {level.value: reasoner.policy(level) for level in Effort}
    return {
        "name": name,
        "built_in": reasoner.model.name in embedded.names(),
        "effort": reasoner.effort.value,
        "efforts": [
            {
                "name": level,
                "thought_tokens": row.thought_tokens,
                "samples": row.samples,
                "temperature": row.temperature,
            }
            for level, row in rows.items()
        ],
    }
