# One definition of every routine command. Needs python3 (3.11 or newer) with venv, git and make; nothing else.
.POSIX:

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
HOME_DIR = demo-home

help:
	@echo 'make demo    样本季度：开窗、收件、审核、起草、签发、分发（目录 $(HOME_DIR)，另指定用 HOME_DIR=…）'
	@echo 'make venv    只安装运行所需（$(VENV)）'
	@echo 'make test    快的测试：tests/unit tests/tasks tests/flows'
	@echo 'make live    真服务的测试：调度服务、PostgreSQL、LibreOffice、SMTP（CI=true 时跳过即失败）'
	@echo 'make test-fonts 取排版测试用的替代字体，放在 tests/support/fonts/fetched/（Debian；不装 TeX）'
	@echo 'make soak    长跑与断电测试'
	@echo 'make bench   各项测量（一份固定样本，与对照同轮交替；结果另存 bench/results/）'
	@echo 'make check   ruff format、ruff、mypy'
	@echo 'make golden  重出标准样稿，并列出与旧稿的差别'
	@echo 'make pictures 由演示目录 $(HOME_DIR) 重出说明书的图（需要 LibreOffice、poppler、ImageMagick）'
	@echo 'make lock    重新锁定依赖（需要 uv）'
	@echo 'make clean   删去 $(VENV) 与缓存'

# Debian 12's pip refuses a universal lock with hashes, so a newer pip comes first.
$(VENV)/.pip:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=24.1'
	@touch $@

$(VENV)/.demo: $(VENV)/.pip requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

venv: $(VENV)/.demo

demo: $(VENV)/.demo
	$(BIN)/python -m yaoxun demo --home $(HOME_DIR)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist worksteal tests/unit tests/tasks tests/flows

test-fonts:
	tests/support/fonts/fetch

live: $(VENV)/.dev
	$(BIN)/python -m pytest tests/live -m live

soak: $(VENV)/.dev
	$(BIN)/python -m pytest tests/soak

bench: $(VENV)/.dev
	$(BIN)/python -m bench

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

golden: $(VENV)/.dev
	YAOXUN_RENEW_GOLDEN=1 $(BIN)/python -m pytest tests/golden
	git --no-pager diff --stat -- tests/golden

pictures: $(VENV)/.demo
	$(BIN)/python docs/pictures/renew.py $(HOME_DIR)

lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra demo -q -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev -c requirements.lock -q -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help venv demo test test-fonts live soak bench check golden pictures lock clean
