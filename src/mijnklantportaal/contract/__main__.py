"""python -m mijnklantportaal.contract: the command `mijnklantportaal check`."""

from mijnklantportaal.cli import main

if __name__ == "__main__":
    main("check")
