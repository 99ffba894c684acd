"""The scenarios: each module measures, and returns raw numbers."""
