# Everything runs in .venv, which is made here from nothing but Python 3.11 or later.
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

.PHONY: demo test lint bench accept pythons wheelhouse lowest

demo: $(READY)  ## the main job on the sample exports: find the clashes, plan, write, verify
	@set -eu; \
	folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	cp samples/exchange55/site1.csv samples/exchange55/site2.csv "$$folder"; \
	cd "$$folder"; \
	run() { \
		worst=$$1; shift; code=0; \
		printf '\n$$ aliasfix %s\n' "$$*"; \
		"$(CURDIR)/$(BIN)/aliasfix" "$$@" || code=$$?; \
		[ "$$code" -le "$$worst" ] || { echo "aliasfix ended with exit code $$code" >&2; exit "$$code"; }; \
	}; \
	run 1 check site1.csv site2.csv; \
	run 1 plan site1.csv site2.csv -o plan.csv; \
	run 1 write site1.csv site2.csv --plan plan.csv -o changes.ldif; \
	printf '\n$$ cat changes.ldif\n'; cat changes.ldif; \
	run 0 verify site1.csv site2.csv --changes changes.ldif

test: $(READY)  ## the tests and what of the code they reach; ALIASFIX_NO_SKIP=1: a missing server is a failure
	@$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n 2 -ra
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## how fast, beside others; SIZE=1000000: with so many entries
	$(BIN)/python -m tests.benchmarks.bench $(SIZE)

accept: $(READY)  ## take what the tool writes now as the expected files of tests/cases, and the outputs in the docs
	$(BIN)/python -m pytest tests/cases tests/docs --accept

pythons:  ## .venv-3.X for every Python that is installed, for tests/test_determinism.py to compare them
	@set -eu; \
	for python in python3.11 python3.12 python3.13 python3.14 "$$HOME"/.pyenv/versions/3.1[1-9]*/bin/python; do \
		version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
		[ ! -e ".venv-$$version" ] || continue; \
		"$$python" -m venv ".venv-$$version"; \
		".venv-$$version/bin/python" -m pip install --quiet --disable-pip-version-check --editable .; \
		echo ".venv-$$version is ready"; \
	done

wheelhouse: $(READY)  ## dist/wheelhouse: aliasfix and all that it needs, to install without internet; FOR=: see docs/install.md
	$(BIN)/python -m hatchling build -t wheel -d dist/wheelhouse
	$(BIN)/python -m pip download --disable-pip-version-check --only-binary=:all: $(FOR) -d dist/wheelhouse dist/wheelhouse/aliasfix-*.whl

lowest:  ## the tests of the core with the lowest versions that pyproject.toml allows; needs Python 3.11
	python3.11 -m venv --clear .venv-3.lowest
	.venv-3.lowest/bin/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
		| sed 's/>=/==/' >.venv-3.lowest/lowest.txt
	.venv-3.lowest/bin/python -m pip install --quiet --disable-pip-version-check \
		-r .venv-3.lowest/lowest.txt pytest pytest-randomly hypothesis
	PYTHONPATH=. .venv-3.lowest/bin/python -m pytest tests/cases tests/cli tests/importer tests/review tests/writer

$(READY): pyproject.toml
	@test -x $(VENV)/bin/python || { \
		for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
			if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
				exec $$python -m venv $(VENV); \
			fi; \
		done; \
		echo "No Python 3.11 or later was found on the PATH." >&2; exit 1; \
	}
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --upgrade 'pip>=25.1'
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable . --group test --group lint
	@touch $@
