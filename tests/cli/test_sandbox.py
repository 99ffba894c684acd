"""`mijnklantportaal sandbox`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from mijnklantportaal import MijnKlantportaal
from tests import processes
from tests.cli.helpers import COMMAND, Ran, environment
from tests.processes import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable

    Invoke = Callable[..., Ran]


@pytest.mark.skipif(os.name == "nt", reason="signals and export lines of POSIX")
def test_it_serves_at_the_printed_url_until_ctrl_c() -> None:
    with processes.started(
        [*COMMAND, "sandbox", "--customers", "3", "--limit", "0"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline().removeprefix("export ").strip() for _ in range(2)]
        found = dict(line.split("=", 1) for line in lines)
        with MijnKlantportaal(
            api_key=found["MIJNKLANTPORTAAL_API_KEY"], base_url=found["MIJNKLANTPORTAAL_BASE_URL"]
        ) as portal:
            assert len(list(portal.list_customers())) == 3
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0


def test_a_port_in_use_is_one_line(invoke: Invoke) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = invoke("sandbox", "--port", str(taken.getsockname()[1]))
    assert (done.status, done.out, len(done.err.splitlines())) == (2, "", 1)
    assert done.err.startswith("Error: the sandbox cannot start on 127.0.0.1:")


@pytest.mark.parametrize("command", [["sandbox"], ["customers", "--sandbox"], ["config", "--sandbox"]])
def test_a_missing_extra_is_one_line(
    command: list[str], invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = 'the extra sandbox is not installed (missing: faker): pip install "mijnklantportaal[sandbox]"'

    class Missing:
        def __getattr__(self, name: str) -> object:
            raise ModuleNotFoundError(message)

    monkeypatch.setitem(sys.modules, "mijnklantportaal.sandbox", Missing())
    done = invoke(*command)
    assert (done.status, done.out, done.err) == (2, "", f"Error: {message}.\n")
