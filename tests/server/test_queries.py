"""What stands behind the `?` of an address is not silently dropped either."""

from __future__ import annotations

import pytest

from tests.server.conftest import Serve, events


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("include=reasoning.encrypted_content", "include"),
        ("include[]=bogus", "include"),
        ("include_obfuscation=true", "include_obfuscation"),
        ("foo=1", "foo"),
        ("stream=yes", "stream"),
        ("stream=true&stream=false", "stream"),
        ("starting_after=1", "starting_after"),
        ("stream=true&starting_after=x", "starting_after"),
        ("stream=true&starting_after=-2", "starting_after"),
        ("stream=true&starting_after=" + "1" * 5000, "starting_after"),
    ],
)
def test_of_a_response(serve: Serve, query: str, param: str) -> None:
    server = serve()
    id = server.respond(stream=True).text.split('"id":"', 1)[1].split('"', 1)[0]
    reply = server.http.get(f"/v1/responses/{id}?{query}")
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=0000000509", "limit"),
        ("limit=000000050" + "0" * 4400, "limit"),
        ("limit=%C2%B2", "limit"),
        ("order=foo", "order"),
        ("after=nothing", "after"),
        ("include=message.input_image.image_url", "include"),
        ("foo=1", "foo"),
    ],
)
def test_of_its_items(serve: Serve, query: str, param: str) -> None:
    server = serve()
    path = f"/v1/responses/{server.respond().json()['id']}/input_items"
    reply = server.http.get(f"{path}?{query}")
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)


def test_what_is_known_is_taken(serve: Serve) -> None:
    server = serve()
    id = events(server.respond(stream=True).text)[0]["response"]["id"]
    path = f"/v1/responses/{id}"
    for query in ("stream=false", "include=", "include_obfuscation=false", "stream=0"):
        assert server.http.get(f"{path}?{query}").json()["id"] == id
    for query in ("stream=true", "stream=True&starting_after=-1", "stream=1&starting_after=0"):
        assert events(server.http.get(f"{path}?{query}").text)
    assert server.http.get(f"{path}/input_items?order=asc&limit=1").json()["has_more"] is False


def test_of_a_trace(serve: Serve) -> None:
    server = serve()
    path = f"/v1/traces/{server.respond().json()['id']}"
    assert server.http.get(f"{path}?choice=0").status_code == 200
    assert server.http.get(f"{path}?choice=1").status_code == 404
    for query in ("choice=x", "choice=100", "raw=1"):
        assert server.http.get(f"{path}?{query}").status_code == 400
