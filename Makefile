# Run `make` to list the targets. Needs Python 3.11+ and make; everything else goes into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Without byte code, every pytest compiles its plugins again: seconds of CPU for each process that a test starts.
unexport PYTHONDONTWRITEBYTECODE
PARALLEL := -n auto --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run test test-httpx2 test-examples test-lowest test-newest soak bench bench-own generate check-generated check-package lint types
.PHONY: package release-check audit docs docs-serve docs-cli contract-check test-slow update-spec test-whole-api spec-diff node-tools lock clean

help:  ## List the targets
	@sed -n 's/^\([a-z][a-z -]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || \
	sed -n 's/^\([a-z][a-z -]*\):.*## \(.*\)/  make \1: \2/p' $(MAKEFILE_LIST)

run: $(VENV)/run  ## List the first customers of your portal (MIJNKLANTPORTAAL_API_KEY), or of the embedded sandbox
	@$(BIN)/mijnklantportaal customers --format table --limit 20 $(if $(MIJNKLANTPORTAAL_API_KEY),,--sandbox)

test: $(VENV)/dev  ## Run the tests; COVERAGE=1 requires that they cover every branch of src/
ifdef COVERAGE
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(PARALLEL) $(addprefix --ignore=,$(UNMEASURED))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/python -m pytest $(PARALLEL) $(UNMEASURED)
else
	$(BIN)/python -m pytest $(PARALLEL)
endif
# Tests that are slow to measure, and not needed to cover src/.
UNMEASURED := $(addprefix tests/,tools test_benchmarks.py test_docs_site.py test_snippets.py)

test-examples: $(VENV)/examples  ## Run the tests of the examples, which need pandas, polars and DuckDB, and check their types
	$(BIN)/python -m pytest $(PARALLEL) tests/examples
	$(BIN)/mypy $(HEAVY) $(wildcard tests/examples/heavy/*.py)
	$(BIN)/pyright $(HEAVY)
HEAVY := examples/to_frame.py examples/dlt_source.py

test-httpx2: $(VENV)/dev  ## Run the core tests on httpx2, which has taken over from httpx elsewhere
	$(BIN)/python -m pytest $(PARALLEL) -p tests.httpx2_alias $(CORE)

CORE := $(patsubst %,tests/test_%.py,deadline faults gate mismatch own_transport pagination portal quota read_ahead \
  robustness shifting transport wire_samples)

test-lowest test-newest: test-%: .venv-%/dev  ## Run the tests with the lowest (newest) versions of the client's dependencies
	.venv-$*/bin/python -m pytest $(PARALLEL) $(WITHOUT_TOOLS)

soak: $(VENV)/dev  ## Run the fault tests with thousands of schedules instead of hundreds
	HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest --timeout=3600 tests/test_faults.py tests/test_robustness.py

generate: $(VENV)/dev  ## Regenerate generated/ from openapi.yaml and overlay.yaml
	@$(BIN)/python -m tools.regenerate.generate

check-generated: $(VENV)/dev  ## Check that generated/ is up to date with openapi.yaml and overlay.yaml
	@$(BIN)/python -m tools.regenerate.generate --check

bench: $(VENV)/dev  ## Compare with other clients (installs them), write benchmarks/results/; then run bench-own
	$(BIN)/python -m benchmarks.compare
	@$(MAKE) --no-print-directory bench-own

bench-own: $(VENV)/dev  ## Check this client's limits: latency, rate limit, CPU, memory, --help
	$(BIN)/python -m benchmarks.listing
	$(BIN)/python -m benchmarks.starting

contract-check: $(VENV)/dev node_modules/.stamp  ## Check that document, client, mock servers and (with an API key) the live API agree
	@$(BIN)/python -m tools.compare.contract_check

test-slow: $(VENV)/dev node_modules/.stamp  ## Run the slow tests, with third-party tools or whole programs, except for those of contract-check
	$(BIN)/python -m pytest $(PARALLEL) -m slow $(addprefix --ignore=tests/,contract/test_prism.py \
	  contract/test_round_trip.py sandbox/test_schemathesis.py)

update-spec: $(VENV)/dev  ## Update to upstream's document and report the changes; SOURCE= names a URL or a file
	@$(MAKE) --silent --no-print-directory node-tools 2>/dev/null || true  # without them, the report has no changes on the wire
	@$(BIN)/python -m tools.update_spec $(if $(SOURCE),'$(SOURCE)')

test-whole-api: $(VENV)/dev node_modules/.stamp  ## Update to the whole API in a clone of the last commit, and run all checks there
	@.ci/whole-api

spec-diff: $(VENV)/dev  ## Report the changes from document OLD= to NEW= (URLs or files)
	@$(if $(and $(OLD),$(NEW)),:,$(error name two documents: make spec-diff OLD=openapi.yaml NEW=…))
	@$(MAKE) --silent --no-print-directory node-tools 2>/dev/null || true  # without them, the report has no changes on the wire
	@$(BIN)/python -m tools.compare.spec_diff '$(OLD)' '$(NEW)'

node-tools: node_modules/.stamp

lint: $(VENV)/dev  ## Lint the hand-written code: style, dead code, import rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/vulture
	$(BIN)/lint-imports --no-cache --no-logo

types: $(VENV)/dev  ## Check the types with mypy and pyright
	$(BIN)/mypy
	$(BIN)/pyright

docs: export NO_MKDOCS_2_WARNING := 1 # the theme's notice about a version that is not used here
docs: $(VENV)/dev  ## Build the documentation site into site/; a broken link is an error
	@$(BIN)/python -m mkdocs build

docs-serve: export NO_MKDOCS_2_WARNING := 1
docs-serve: $(VENV)/dev  ## Serve the documentation on 127.0.0.1:8000 with search and live reload
	@$(BIN)/python -m mkdocs serve --dev-addr 127.0.0.1:8000

docs-cli: $(VENV)/dev  ## Write every command's --help into docs/cli.md
	@$(BIN)/python -m tools.docs.cli_help

check-package: $(VENV)/dev  ## Build the package and test its wheel in a fresh environment
	$(BIN)/python -m pytest --timeout=600 -m registry

package: $(VENV)/dev  ## Build wheel and sdist into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

release-check: $(VENV)/dev  ## Check that this commit can be tagged and released
	@$(BIN)/python -m tools.release.release check

audit: $(VENV)/dev  ## Check the pinned dependencies for known vulnerabilities; STRICT=1 fails if any could not be checked
	@$(BIN)/python -m tools.release.audit $(if $(STRICT),--strict)

lock: $(VENV)/dev  ## Regenerate all files of pinned versions; UPGRADE=1 upgrades them
	$(COMPILE_ALL) requirements-dev.in --output-file requirements-dev.txt
	$(COMPILE) requirements-examples.in --output-file requirements-examples.txt
	rm -f tests/constraints/lowest.txt  # or the pins in it would be kept
	$(TEST_PINS) | $(COMPILE_ALL) --resolution lowest-direct - --output-file tests/constraints/lowest.txt
	$(TEST_PINS) | $(COMPILE_ALL) - --output-file tests/constraints/newest.txt
	$(COMPILE) benchmarks/requirements.in --output-file benchmarks/requirements.txt

COMPILE = $(BIN)/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --universal --python-version 3.11 --no-annotate \
  --no-header --no-emit-index-url --no-emit-find-links
COMPILE_ALL = $(COMPILE) --all-extras pyproject.toml
# On the lowest and the newest versions run the tests that need no other tool than these: the tools want versions of
# their own. (The help page is that of the newest click.)
TEST_PINS := grep -E '^(hypothesis|pytest|pytest-timeout|pytest-xdist|python-jsonpath|ruamel\.yaml|trustme)==' requirements-dev.in
# Nor those that no version of a dependency can change.
WITHOUT_DEPENDENCIES := $(addprefix --ignore=tests/,test_benchmarks.py test_clock.py test_constraints.py test_modules.py \
  test_policy.py test_quota.py test_snippets.py test_walk.py test_workflows.py)
WITHOUT_TOOLS := $(addprefix --ignore=tests/,tools cli/test_columns.py contract/test_prism.py \
  contract/test_round_trip.py contract/test_whole_api.py sandbox/test_generated.py sandbox/test_schemathesis.py \
  test_docs_site.py test_document.py test_drop_in.py test_tools.py) $(WITHOUT_DEPENDENCIES) \
  -k 'not whole and not help_is_up_to_date and not tools.md'

clean:  ## Remove everything that make creates, including the environment
	rm -rf $(VENV) .venv-lowest .venv-newest .bench node_modules dist build site .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis

# What `make run` needs: this package with its command and sandbox, and no development tool.
$(VENV)/run: pyproject.toml requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; name another: make PYTHON=python3.12")'
	@echo "Making the environment $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --constraint requirements-dev.txt --editable '.[cli,sandbox]'
	@touch $@

$(VENV)/dev: $(VENV)/run requirements-dev.txt
	@echo "Installing the development tools into $(VENV) …"
	@$(PIP) install --requirement requirements-dev.txt --constraint requirements-dev.txt --editable '.[cli,contract,excel,sandbox]'
	@touch $@

$(VENV)/examples: $(VENV)/dev requirements-examples.txt
	@echo "Installing what the examples need into $(VENV) …"
	@$(PIP) install --requirement requirements-examples.txt
	@touch $@

.venv-%/dev: tests/constraints/%.txt pyproject.toml
	@echo "Making the environment .venv-$* …"
	@$(PYTHON) -m venv --clear .venv-$*
	@.venv-$*/bin/python -m pip --disable-pip-version-check --quiet install --requirement $< --editable '.[cli,contract,excel,sandbox]'
	@touch $@

# The Node tools, for the targets that need them: development only. Not `npm ci`, which refuses a lock file that
# lacks oasdiff's binaries for other platforms; --no-save leaves the lock file as it is.
node_modules/.stamp: package.json package-lock.json .npmrc
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null || \
	{ echo "Node 20.19 or newer is needed for this, this is $$(node --version 2>/dev/null || echo "a machine without Node")" >&2; exit 1; }
	@echo "Installing the Node tools into node_modules …"
	@npm install --no-save --no-progress --loglevel=error
	@touch $@
