"""The sandbox responds as the framework behind the API was recorded to: sample by sample, over real HTTP."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.faults import Status
from mijnklantportaal.sandbox.responses import php_json
from tests.sandbox.helpers import Clock, client_of

SAMPLES = sorted((Path(__file__).parents[1] / "wire-samples").glob("*.http"))


@dataclass
class Sample:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def date(self) -> float:
        return parsedate_to_datetime(dict(self.headers)["Date"]).timestamp()


def read(name: str) -> Sample:
    path = next(path for path in SAMPLES if path.stem == name)
    head, _, body = path.read_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")
    first, *lines = head.decode().split("\n")
    _, status, reason = first.split(" ", 2)
    headers = [(line.partition(": ")[0], line.partition(": ")[2]) for line in lines]
    return Sample(int(status), reason, headers, body.removesuffix(b"\n"))


@dataclass
class Scene:
    """How to make the sandbox respond with a sample."""

    query: str = ""
    customers: int = 40
    before: int = 0
    seconds_ago: float = 0
    path: str = "/customers"
    token: str | None = "sandbox-key"
    prepare: Callable[[Sandbox], None] = lambda sandbox: None


SCENES = {
    "200-first-of-the-window": Scene(),
    "200-last-of-the-window": Scene(before=59, seconds_ago=1),
    "401-framework-body": Scene(
        token="wrong",
        prepare=lambda s: s.reset(faults={1: Status(401, {"message": "Unauthenticated."})}),
    ),
    "401-no-token": Scene(token=None),
    "401-wrong-token": Scene(token="wrong"),
    "404-unknown-path": Scene(path="/nowhere"),
    "429-throttled": Scene(before=60, seconds_ago=1),
    "500-server-error": Scene(prepare=lambda s: s.reset(faults={1: Status(500)})),
    "503-maintenance": Scene(prepare=lambda s: s.maintenance(30)),
    "empty-portal": Scene(customers=0),
    "extra-query-is-dropped-from-links": Scene("per_page=50&page=2&foo=bar"),
    "last-page-exactly-full": Scene("page=2", customers=30),
    "page-0-answers-page-1": Scene("page=0"),
    "page-1-of-3": Scene("page=1"),
    "page-2-of-3": Scene("page=2"),
    "page-3-of-3-partial": Scene("page=3"),
    "page-beyond-the-end": Scene("page=4"),
}


def play(scene: Scene, date: float) -> httpx.Response:
    clock = Clock(date - scene.seconds_ago)
    with (
        Sandbox(clock=clock, customers=scene.customers, order="oldest") as sandbox,
        client_of(sandbox) as client,
    ):
        scene.prepare(sandbox)
        for _ in range(scene.before):
            client.get("/customers")
        clock.now = date
        headers = {"Host": "api.example.nl"}
        if scene.token != sandbox.api_key:
            del client.headers["Authorization"]
        if scene.token is not None:
            headers["Authorization"] = f"Bearer {scene.token}"
        return client.get(f"{scene.path}?{scene.query}", headers=headers)


def without_rows(body: bytes) -> tuple[bytes, bytes]:
    return body.partition(b'"data":[')[0], body.rpartition(b'],"first_page_url"')[2]


def types_by_field(rows: list[dict[str, Any]]) -> dict[str, set[type]]:
    return {name: {type(row[name]) for row in rows} for name in rows[0]}


def test_every_sample_has_its_scene() -> None:
    assert sorted(SCENES) == [path.stem for path in SAMPLES]


@pytest.mark.customers
@pytest.mark.parametrize("name", SCENES)
def test_the_response_equals_the_sample(name: str) -> None:
    sample, response = read(name), play(SCENES[name], read(name).date)

    assert (response.status_code, response.reason_phrase) == (sample.status, sample.reason)
    ours = [(key.decode(), value.decode()) for key, value in response.headers.raw if key != b"Content-Length"]
    theirs = [header for header in sample.headers if header[0] not in ("Host", "Connection")]
    if sample.status == 200 and "X-RateLimit-Limit" not in dict(theirs):
        # Taken from a copy of the framework without a rate limit; the real API always has one.
        ours = [header for header in ours if not header[0].startswith("X-RateLimit-")]
    assert ours == theirs

    if sample.body.startswith(b"{\n") or not json.loads(sample.body).get("data"):
        assert response.content == sample.body
        return
    assert without_rows(response.content) == without_rows(sample.body)
    rows, sample_rows = response.json()["data"], json.loads(sample.body)["data"]
    assert [list(row) for row in rows] == [list(row) for row in sample_rows]


@pytest.mark.customers
def test_rows_have_the_types_of_the_samples() -> None:
    pages = ["page-1-of-3", "page-2-of-3", "page-3-of-3-partial"]
    theirs = [row for name in pages for row in json.loads(read(name).body)["data"]]
    ours = [row for name in pages for row in play(SCENES[name], read(name).date).json()["data"]]
    assert types_by_field(ours) == types_by_field(theirs)
    assert [row["createdAt"] for row in ours] == sorted(row["createdAt"] for row in ours)
    assert any(row["customerGroups"] == [] for row in ours)


@pytest.mark.parametrize("name", [name for name in SCENES if name != "500-server-error"])
def test_php_json_encodes_the_samples_byte_for_byte(name: str) -> None:
    body = read(name).body
    assert php_json(json.loads(body)) == body
