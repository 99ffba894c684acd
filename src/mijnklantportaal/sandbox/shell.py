"""What a shell needs to use a sandbox that is served."""

import os

from .sandbox import Sandbox


def assignments(sandbox: Sandbox) -> str:
    """Two lines to paste, which point the environment to the sandbox: for PowerShell on Windows."""
    assign = '$env:{} = "{}"' if os.name == "nt" else "export {}={}"
    return "\n".join(
        (
            assign.format("MIJNKLANTPORTAAL_BASE_URL", sandbox.base_url),
            assign.format("MIJNKLANTPORTAAL_API_KEY", sandbox.api_key),
        )
    )
