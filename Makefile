# Everything one does with the shop. Needs make and Python 3.11 or later, nothing else:
# the first use makes .venv, and makes it anew when the requirements change.

PYTHON ?= python3
PORT   ?= 8000
ARGS   ?=
STAGE  ?= dev
DELETE_DATA ?=
NAME   ?=
BUY    ?=
METHOD ?=
MINUTES ?= 30
PEERS  ?=

BIN   := .venv/bin
READY := .venv/ready
CODE  := manage.py shop storefront dynamodb backoffice telemetry outbox mails payments pricing bodies limits customers catalog cart orders tests benchmarks infrastructure

# A value only so that mypy's Django plugin can read the settings.
LINT_ENV := SHOP_SECRET_KEY=lint

.DEFAULT_GOAL := help
.PHONY: help run test typescript chromium types conformance thirdparty lint format texts schema bench bench-pages cost scale soak matrix machine upgrade package lock deploy undeploy rollback admin manage e2e e2e-interrupted smoke-aws ci clean migrations

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=python3.13 chooses the interpreter, PORT=8080 the port of run,"
	@echo "  ARGS=... goes to run, test, conformance, thirdparty, bench, bench-pages, cost, soak, manage and e2e, as in:"
	@echo "  make test ARGS='tests/cart -k races'"

run: $(READY) ## Start the whole shop on this machine; Ctrl-C stops it and keeps its data
	@exec $(BIN)/python -m shop --port $(PORT) $(ARGS)

test: $(READY) typescript chromium ## Run the tests, on a local AWS of their own
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile $(ARGS)

typescript: $(READY)
	@$(BIN)/python -m tests.contract.typescript

chromium: $(READY)
	@$(BIN)/python -m tests.storefront

types: $(READY) typescript ## Check the storefront's modules against the API's schema (Node.js)
	node .local/typescript/node_modules/openapi-typescript/bin/cli.js docs/openapi.yaml --output storefront/types/api.d.ts
	node .local/typescript/node_modules/typescript/bin/tsc --project storefront

conformance: $(READY) ## Run Django's own tests on the engine; ARGS='--django 6.0' for another
	$(BIN)/python -m tests.conformance.run $(ARGS)

thirdparty: $(READY) ## Run apps of others on the engine and on SQLite; ARGS='with_otp' some of them
	$(BIN)/python -m tests.thirdparty.run $(ARGS)

lint: $(READY) ## Check style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(LINT_ENV) $(BIN)/mypy $(wildcard $(CODE))

format: $(READY) ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

texts: $(READY) ## Take what is marked for translation into each app's locale/, and compile it
	@$(LINT_ENV) DJANGO_SETTINGS_MODULE=shop.settings $(BIN)/python -m infrastructure.texts

schema: $(READY) ## Write the API's schema anew: docs/openapi.yaml
	$(LINT_ENV) SHOP_INSECURE_HTTP=1 $(BIN)/python manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml

bench: $(READY) ## Measure; see benchmarks/; PEERS=1 installs django-oscar-api and measures it too
	$(BIN)/python -m benchmarks $(if $(PEERS),--peers) $(ARGS)

bench-pages: $(READY) chromium ## The storefront's pages on a phone, beside Vercel Commerce if it is there
	$(BIN)/python -m benchmarks.storefronts $(ARGS)

cost: $(READY) ## What a month on AWS costs: make cost ARGS='--orders 1000 --visits 50000'
	$(BIN)/python -m benchmarks.cost $(ARGS)

scale: $(READY) ## What gives way first, and simulated sales; draws docs/images/scale-*.svg
	$(BIN)/python -m benchmarks.scale

soak: $(READY) ## Two managers, a clerk and 50 buyers for MINUTES=30, and what became of it all
	$(BIN)/python -m tests.soak --minutes $(MINUTES) $(ARGS)

matrix: $(READY) ## A consumer's death at every write of an order's process, on both sides of it
	SHOP_TEST_DEATHS=all $(BIN)/python -m pytest tests/orders/test_crash_matrix.py

machine: $(READY) ## Whatever happens to a few orders, 1,000 times over; EXAMPLES=
	SHOP_TEST_EXAMPLES=$(or $(EXAMPLES),1000) $(BIN)/python -m pytest tests/orders/test_machine.py

upgrade: $(READY) ## 2,000 orders and products of code of before, the migrations killed twice
	SHOP_TEST_ORDERS=2000 SHOP_TEST_PRODUCTS=2000 $(BIN)/python -m pytest tests/orders/test_upgrade.py tests/catalog/test_projections_migration.py

migrations: $(READY) ## Each operation of a migration on each kind of column, 2,000 rows; hours
	SHOP_TEST_ROWS=2000 $(BIN)/python -m pytest tests/dynamodb/schema/test_matrix.py tests/dynamodb/schema/test_types.py tests/dynamodb/schema/test_resumed.py $(ARGS)

package: $(READY) ## Build the package for Lambda: make package STAGE=dev
	$(BIN)/python -m infrastructure package $(STAGE)

lock: ## Write infrastructure/runtime.lock anew, when requirements.txt has changed
	@test -x .local/lock-venv/bin/uv || { $(PYTHON) -m venv .local/lock-venv && .local/lock-venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.9; }
	.local/lock-venv/bin/uv pip compile --quiet --universal --no-deps --generate-hashes --no-annotate --python-version 3.11 --custom-compile-command "make lock" --constraint requirements.txt infrastructure/runtime.txt --output-file infrastructure/runtime.lock

deploy: $(READY) ## Deploy to AWS: make deploy STAGE=dev; see docs/deployment.md
	$(BIN)/python -m infrastructure deploy $(STAGE)

undeploy: $(READY) ## Remove functions and API; DELETE_DATA=shop-dev removes all, for ever
	$(BIN)/python -m infrastructure undeploy $(STAGE) --delete-data "$(DELETE_DATA)"

rollback: $(READY) ## Back to the code before; see docs/runbook.md
	$(BIN)/python -m infrastructure rollback $(STAGE)

admin: $(READY) ## Make somebody who may do all in a stage's admin: make admin STAGE=dev NAME=ada
	@$(BIN)/python -m infrastructure manage $(STAGE) createsuperuser $(if $(NAME),--username "$(NAME)")

manage: $(READY) ## manage.py on a stage: make manage STAGE=dev ARGS=load_sample
	@$(BIN)/python -m infrastructure manage $(STAGE) $(ARGS)

e2e: $(READY) ## Deploy to the local AWS, by make and by Zappa alone, buy, update, undeploy
	$(BIN)/python -m pytest tests/infrastructure/deployed.py tests/infrastructure/zappa_alone.py $(ARGS)

e2e-interrupted: $(READY) ## Break a deployment after each of its calls; an hour and more
	$(BIN)/python -m pytest tests/infrastructure/interrupted.py $(ARGS)

smoke-aws: $(READY) ## Ask a stage on AWS whether it is well; BUY=SKU buys one piece
	$(BIN)/python -m infrastructure smoke $(STAGE) --buy "$(BUY)" --method "$(METHOD)"

ci: ## Everything CI checks
	.ci/run

clean: ## Remove the environments and caches; the shop's data in .local stays
	rm -rf .venv .local/aws-venv .local/aws-venv.lock .local/thirdparty .local/peers .local/typescript .mypy_cache .ruff_cache .pytest_cache staticfiles
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.txt requirements-dev.txt
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON). Install Python 3.11 or later, or name one: make PYTHON=python3.13 ..."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is $$($(PYTHON) --version 2>&1); the shop needs Python 3.11 or later: make PYTHON=python3.13 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Installing the requirements into .venv ..."
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
