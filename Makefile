# The front door: `make` alone lists what there is. Needs Python 3.11+ and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
export PYTHONDONTWRITEBYTECODE := 1

.DEFAULT_GOAL := help
.PHONY: help run test generate check-generated check-package lint types package docs-cli lock clean

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || \
	sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

run: $(VENV)/run  ## List the first customers of your portal (MIJNKLANTPORTAAL_API_KEY), or of the embedded sandbox
	@$(BIN)/mijnklantportaal customers --format table --limit 10 $(if $(MIJNKLANTPORTAAL_API_KEY),,--sandbox)

test: $(VENV)/dev  ## Run the tests
	$(BIN)/python -m pytest

generate: $(VENV)/dev  ## Write generated/ anew from openapi.yaml and overlay.yaml
	@$(BIN)/python -m tools.generate

check-generated: $(VENV)/dev  ## Is generated/ what openapi.yaml and overlay.yaml give?
	@$(BIN)/python -m tools.generate --check

lint: $(VENV)/dev  ## Lint the hand-written code and check its format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/dev  ## Check the types with mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

docs-cli: $(VENV)/dev  ## Write every command's --help into docs/cli.md
	@$(BIN)/python -m tools.cli_help

check-package: $(VENV)/dev  ## Build the package and try its wheel in a fresh environment
	$(BIN)/python -m pytest -m registry

package: $(VENV)/dev  ## Build wheel and sdist into dist/, from this commit only
	$(BIN)/python -m build --outdir dist .

lock: $(VENV)/dev  ## Write requirements-dev.txt anew from requirements-dev.in and pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-annotate --no-header \
	  --no-emit-index-url --no-emit-find-links pyproject.toml requirements-dev.in --output-file requirements-dev.txt

clean:  ## Remove what make has made, the environment included
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

# What `make run` needs: this package with its command and sandbox, and no development tool.
$(VENV)/run: pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another: make PYTHON=python3.12")'
	@echo "Making the environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint requirements-dev.txt --editable '.[cli,sandbox]'
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.txt
	@echo "Installing the development tools into $(VENV) …"
	@$(PIP) install --requirement requirements-dev.txt --constraint requirements-dev.txt --editable '.[cli,sandbox]'
	@touch $@
