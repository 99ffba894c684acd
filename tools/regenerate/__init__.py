"""From openapi.yaml and overlay.yaml to the generated package."""
