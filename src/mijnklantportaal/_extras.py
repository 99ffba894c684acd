"""Says which extra to install if one of its packages is missing."""

import sys
from importlib.util import find_spec


def require(extra: str, *packages: str) -> None:
    """Raises an error if a package is missing.

    Args:
        extra: The extra that installs the packages.
        packages: The packages, as imported.

    Raises:
        ModuleNotFoundError: A package is missing; the message names the extra.
    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        message = f"the extra {extra} is not installed (missing: {', '.join(missing)})"
        message += f': pip install "mijnklantportaal[{extra}]"'
        if sys.argv[:1] == ["-m"]:  # Python looks for the module to run, and would print a traceback
            sys.stderr.write(f"Error: {message}\n")
            sys.exit(2)
        raise ModuleNotFoundError(message, name=missing[0])
