"""What is done to the generator's package after it has been written: two documented steps.

- `py.typed` says that it has types;
- `Unset` gets a repr, so that `print(customer.phone)` shows no object's address.
"""

from pathlib import Path
from typing import Final

from tools.regenerate.tree import ToolError

_BOOL: Final = "    def __bool__(self) -> Literal[False]:\n        return False\n"
_REPR: Final = '\n    def __repr__(self) -> str:\n        return "UNSET"\n'


def finish(package: Path) -> None:
    """Finish the package.

    Raises:
        ToolError: The generator's code is not what it was.
    """
    (package / "py.typed").touch()
    types = package / "types.py"
    code = types.read_text(encoding="utf-8")
    if code.count(_BOOL) != 1:
        raise ToolError("types.py: the class Unset is not what it was; see tools/regenerate/finish.py")
    types.write_text(code.replace(_BOOL, _BOOL + _REPR), encoding="utf-8", newline="\n")
