"""python -m mijnklantportaal.sandbox: the command `mijnklantportaal sandbox`."""

from mijnklantportaal.cli import main

if __name__ == "__main__":
    main("sandbox")
