"""examples/fan_out.py: two portals and one with a wrong key, at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mijnklantportaal.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def table(name: str, key: str, base_url: str) -> str:
    return f'[{name}]\napi_key = "{key}"\nbase_url = "{base_url}"\n'


def test_a_portal_that_fails_ends_no_other(sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path) -> None:
    with Sandbox(customers=20, api_key="key-of-fietsen", limit=None) as other:
        tables = [
            table("bakkerij", sandbox.api_key, sandbox.base_url),
            table("kapper", "key-of-nobody", sandbox.base_url),
            table("fietsen", other.api_key, other.base_url),
            '[smederij]\napi_key = ""\n',
        ]
        (tmp_path / "portals.toml").write_text("\n".join(tables))
        done = run("fan_out.py", "portals.toml")
    assert done.status == 1
    bakkerij, kapper, fietsen, smederij = done.out.splitlines()
    assert (bakkerij, fietsen) == ("bakkerij: 40 customers", "fietsen: 20 customers")
    assert kapper.startswith("kapper: GET /v1/customers (page 1): 401 Unauthorized")
    assert smederij.startswith("smederij: ")
    assert "key-of" not in done.out + done.err
    assert done.err == ""


def test_all_went_well(sandbox: Sandbox, run: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "portals.toml").write_text(table("bakkerij", sandbox.api_key, sandbox.base_url))
    assert run("fan_out.py", "portals.toml") == (0, "bakkerij: 40 customers\n", "")
