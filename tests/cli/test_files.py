"""Files that are written completely or not at all."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
from click import ClickException

from mijnklantportaal.cli.files import check_target, standard_output, written_whole

if TYPE_CHECKING:
    from pathlib import Path


def test_it_has_its_name_only_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "klanten é.csv"
    with written_whole(path, force=False) as stream:
        stream.write("Zoë\r\n")
        assert not path.exists()
        assert len(list(tmp_path.iterdir())) == 1
    assert path.read_bytes() == "Zoë\r\n".encode()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
@pytest.mark.parametrize("force", [False, True])
def test_only_its_owner_can_read_it(tmp_path: Path, force: bool) -> None:
    path = tmp_path / "customers.csv"
    if force:
        path.write_text("old")
        path.chmod(0o644)
    with written_whole(path, force=force) as stream:
        assert [stat.S_IMODE(each.stat().st_mode) for each in tmp_path.glob(".*.part/*")] == [0o600]
        stream.write("new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_failure_leaves_nothing_behind(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("old")
    with pytest.raises(error):  # noqa: PT012 - the failure is in the midst of writing
        with written_whole(path, force=True) as stream:
            stream.write("half")
            raise error
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_created_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    with pytest.raises(ClickException, match="already exists"), written_whole(path, force=False):
        path.write_text("somebody else's")
    assert path.read_text() == "somebody else's"
    assert list(tmp_path.iterdir()) == [path]


def test_invalid_targets_are_errors_at_once(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("")
    check_target(tmp_path / "there", force=True)
    check_target(tmp_path / "new", force=False)
    with pytest.raises(ClickException, match="overwrite it with --force"):
        check_target(tmp_path / "there", force=False)
    with pytest.raises(ClickException, match="is not a file"):
        check_target(tmp_path, force=True)


def test_a_symbolic_link_is_kept(tmp_path: Path) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("old")
    link.symlink_to(target)
    with written_whole(link, force=True) as stream:
        stream.write("new")
    assert link.is_symlink()
    assert target.read_text() == "new"


def test_an_invalid_argument_on_windows_is_a_closed_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO()))
    with pytest.raises(BrokenPipeError), standard_output():
        raise OSError(errno.EINVAL, "Invalid argument")
