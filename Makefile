# Makefile - short names for what people do most; CMake does the work.
# SPDX-License-Identifier: MIT
# Copyright (c) the noneq authors
PREFIX ?= /usr/local
BUILD := build/release
TOOLS := gcc libc6-dev cmake ninja-build pkg-config
LIBRARIES := zlib1g-dev libpng-dev libcjson-dev libcairo2-dev
PACKAGES := $(TOOLS) $(LIBRARIES) libcmocka-dev
MPI := libopenmpi-dev openmpi-bin
XGBOOST := libxgboost-dev
DEB := debhelper dpkg-dev fakeroot help2man

# $(call build,PRESET): configures the first time only, and what only the demo was built in; CMake
# itself sees later changes. -k 0: all errors at once.
build = test -f build/$(1)/build.ninja -a ! -e build/$(1)/demo_only || \
    { cmake --preset $(1) && rm -f build/$(1)/demo_only; } && cmake --build --preset $(1) -- -k 0

.DEFAULT_GOAL := build
.PHONY: build demo paper check check-page check-python wheel stop install deb check-deb bench
.PHONY: bench-peers bench-tables leaderboard format shape lint asan tsan clang fuzz torture clean
.PHONY: help

build: ## the library and the program, in build/release
	@tools/install_packages.sh $(PACKAGES)
	@$(call build,release)

demo: ## builds the program; a table and the swiss roll, trained and drawn into demo/ (a minute)
	@tools/install_packages.sh $(TOOLS) $(LIBRARIES)
	@test -f $(BUILD)/build.ninja || \
	    { mkdir -p $(BUILD) && touch $(BUILD)/demo_only && cmake --preset demo; }
	@cmake --build $(BUILD) --target noneq_program
	@tools/demo.sh $(BUILD)/noneq

paper: build ## reruns the paper's tables: docs/paper.md (MINUTES=5 ROWS="mnist bark" NONEQ_DATA=)
	@tools/install_packages.sh python3 python3-venv
	@python3 -c 'import numpy' 2>/dev/null || tools/install_packages.sh python3-numpy
	@NONEQ=$(BUILD)/noneq tools/paper/run.sh

check: ## every test; the last line says how many passed and failed
	@tools/install_packages.sh $(PACKAGES) $(MPI) $(XGBOOST) g++ python3 python3-venv
	@# what came after the first build has not been looked for
	@test ! -e $(BUILD)/build.ninja || \
	    test -e $(BUILD)/libnoneq_mpi.so -a -e $(BUILD)/libnoneq_xgboost.so || \
	    cmake --preset release >/dev/null
	@$(call build,release) || { echo "the build failed"; echo "0 passed, 1 failed"; exit 1; }
	@tests/run.sh $(BUILD)

check-python: build ## the Python package with the oldest and the newest numpy, pandas, scikit-learn
	@tools/install_packages.sh python3 python3-venv
	@NONEQ_TEST_TIMEOUT=3600 NONEQ_PYTHON="newest oldest" tests/run.sh $(BUILD) python

wheel: ## the Python package for every Linux of glibc 2.28 or later: build/wheel
	@tools/install_packages.sh $(TOOLS) $(LIBRARIES) python3 python3-venv
	@python/tools/wheel.sh

check-page: build ## pages of noneq report in Chromium: edges, contrast, console, network (minutes)
	@tools/install_packages.sh chromium python3
	@mkdir -p $(BUILD)/tests/page
	@NONEQ=$(BUILD)/noneq tests/page/run.sh $(BUILD)/tests/page

stop: build ## every long call stopped at several moments, and what that takes (ten minutes)
	@NONEQ_TEST_TIMEOUT=1800 tests/run.sh $(BUILD) stop
	@$(BUILD)/bench/bench_stop

install: build ## into PREFIX (default /usr/local), below DESTDIR if set
	DESTDIR="$(DESTDIR)" cmake --install $(BUILD) --prefix "$(PREFIX)"
	@if test -z "$(DESTDIR)" && test "$$(id -u)" = 0; then ldconfig; fi

deb: ## Debian packages of program, library, headers and documents, in build/deb
	@tools/install_packages.sh $(TOOLS) $(LIBRARIES) libopenmpi-dev $(XGBOOST) $(DEB)
	@tools/deb.sh

check-deb: build deb ## these packages under lintian, and in a bare Debian (root, a mirror; minutes)
	@tools/install_packages.sh lintian mmdebstrap
	@NONEQ=$(BUILD)/noneq tests/deb.sh

bench: build ## the speed of this machine: kernels, start, standard jobs, and the peers
	@for program in $(BUILD)/bench/bench_*; do case $$program in *bench_jobs) ;; *) \
	    test ! -x "$$program" || "$$program" || exit 1 ;; esac; done
	@bench/start.sh $(BUILD)/noneq
	@$(BUILD)/noneq bench
	@$(MAKE) --no-print-directory bench-peers

bench-peers: build ## noneq, PyTorch and JAX in turn: docs/speed.md (NONEQ_PEERS=a Python with both)
	@tools/install_packages.sh g++ python3 python3-venv python3-dev
	@bench/peers.sh $(BUILD)

bench-tables: build ## noneq and other makers of synthetic tables: docs/tables-bench.md (hours)
	@tools/install_packages.sh python3 python3-venv
	@bench/tables.sh $(BUILD)

leaderboard: build ## sets of bits that NONEQ_DATA/binary holds: docs/leaderboard.md (an hour)
	@tools/install_packages.sh python3
	@bench/leaderboard.sh $(BUILD)

format: ## lays out all C files with clang-format
	@tools/install_packages.sh clang-format
	@tools/format.sh --in-place

shape: ## the measures of the source: folders, lines, functions, structs, questions by name
	@tools/install_packages.sh python3
	@tools/shape.py

lint: ## checks the layout, and the code with cppcheck
	@tools/install_packages.sh clang-format cppcheck
	@tools/format.sh --check
	@tools/lint.sh

asan: ## tests under the address and undefined-behaviour sanitizers
	@tools/install_packages.sh $(PACKAGES)
	@$(call build,asan)
	@tests/run.sh build/asan unit ops math golden cli fuzz

tsan: ## tests under the thread sanitizer
	@tools/install_packages.sh $(PACKAGES)
	@$(call build,tsan)
	@tests/run.sh build/tsan unit ops math golden cli fuzz

clang: ## tests of a clang build, warnings being errors
	@tools/install_packages.sh $(PACKAGES) clang
	@$(call build,clang)
	@tests/run.sh build/clang unit ops math golden cli fuzz

torture: build ## every verb with each of its allocations and file calls failing (ten minutes)
	@tools/install_packages.sh python3
	@NONEQ_TORTURE=--all NONEQ_TEST_TIMEOUT=86400 tests/run.sh $(BUILD) torture

fuzz: ## looks for inputs that crash, hang or take too much memory (MINUTES=10 in all)
	@tools/install_packages.sh $(PACKAGES) clang libclang-rt-dev
	@$(call build,fuzz)
	@tests/fuzz/run.sh build/fuzz $(or $(MINUTES),10)

clean: ## removes what was built
	rm -rf build demo

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile
