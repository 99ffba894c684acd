"""python -m mijnklantportaal.sandbox: serves until Ctrl-C, and prints what a shell needs to use it."""

import argparse
import threading

from mijnklantportaal.sandbox import Sandbox
from mijnklantportaal.sandbox.shell import assignments


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(
        prog="python -m mijnklantportaal.sandbox",
        description="Serve an invented MijnKlantportaal portal on this machine until Ctrl-C.",
    )
    parser.add_argument("--port", type=int, default=0, help="port to serve on (default: a free one)")
    parser.add_argument(
        "--customers", type=int, default=100, help="how many customers (default: %(default)s)"
    )
    parser.add_argument("--seed", type=int, default=0, help="which customers (default: %(default)s)")
    parser.add_argument(
        "--limit", type=int, default=60, help="requests per window, 0: no limit (default: %(default)s)"
    )
    parser.add_argument("--window", type=float, default=60.0, help="its seconds (default: %(default)s)")
    parser.add_argument(
        "--latency", type=float, default=0.0, help="seconds per answer (default: %(default)s)"
    )
    options = vars(parser.parse_args())
    options["limit"] = options["limit"] or None
    try:
        with Sandbox(**options) as sandbox:
            print(assignments(sandbox), flush=True)
            threading.Event().wait()
    except KeyboardInterrupt:
        pass
    except (RuntimeError, ValueError) as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
