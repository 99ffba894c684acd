"""python -m mijnklantportaal: the command `mijnklantportaal`, also when its script is not on the PATH."""

from .cli import main

if __name__ == "__main__":
    main()
