"""A pytest plugin, loaded by `make test-httpx2`: the tests run on httpx2 instead of httpx."""

import httpx2

httpx2.alias_httpx()
