# The front door of numu. Behind it stands one real build, Meson (docs/adr/0001-meson.md).
.DEFAULT_GOAL := release
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
SECONDS_EACH ?= 30

# Debian packages: to build, to run `make test`, to run `make check`. (Clp links with zlib, and its
# package forgets to say so.)
PACKAGES_DEMO := gcc libc6-dev pkg-config meson ninja-build \
	coinor-libclp-dev coinor-libcbc-dev zlib1g-dev libsqlite3-dev libssl-dev libzip-dev libxlsxwriter-dev \
	libxml2-dev libsodium-dev libicu-dev libzint-dev
PACKAGES_TEST := $(PACKAGES_DEMO) libcmocka-dev sqlite3 glpk-utils unzip zxing-cpp-tools
PACKAGES_CHECK := $(PACKAGES_TEST) clang clang-format clang-tidy libclang-rt-14-dev shellcheck \
	golang-go golang-golang-x-mod-dev \
	$(if $(shell command -v npm),,nodejs npm)

# What `make check` runs after `make test`; .ci/run counts each of them.
CHECKS := sanitize clang format-check headers tidy scripts outside fuzz-short

SCRIPTS := .ci/run $(wildcard tests/*/run tests/*.bash bench/*.sh bench/*.bash) \
	$(filter-out %.awk %.py,$(wildcard tools/*))
C_FILES = $(shell tools/sources src '*.[ch]'; tools/sources tests '*.[ch]')

.PHONY: help release demo test check ci list-checks install-build-packages packages-demo \
	packages-test packages-check sanitize clang lint format format-check tidy headers scripts outside \
	fuzz-programs fuzz fuzz-short bench bench-schedule bench-risk bench-calibration man manual \
	install clean

help:
	@echo 'make                         build (build/numu); never calls apt'
	@echo 'make demo                    build, then check, schedule, plan and report an example'
	@echo 'make demo-ledger             a simulated year, recorded, verified and traced'
	@echo 'make bench-ledger, soak      what the ledger costs; its fault tests at full counts'
	@echo 'make test                    the tests every change must pass'
	@echo 'make check                   all that CI runs: test, $(CHECKS)'
	@echo 'make install-build-packages  install what the build needs (apt)'
	@echo 'make install                 install into $$(DESTDIR)$$(PREFIX), now $(DESTDIR)$(PREFIX)'
	@echo 'make clean                   remove build/'
	@echo
	@echo 'make sanitize                the tests under AddressSanitizer and UBSan'
	@echo 'make clang                   build and test with clang'
	@echo 'make lint                    the rules of CONTRIBUTING.md that a script can check'
	@echo 'make format, format-check    clang-format all C files, or say which differ'
	@echo 'make tidy                    clang-tidy'
	@echo 'make headers                 compile each header alone'
	@echo 'make outside                 hold data packages against an outside reader (npm)'
	@echo 'make scripts                 shellcheck all scripts'
	@echo 'make fuzz SECONDS_EACH=30    run each fuzzer for so many seconds'
	@echo 'make bench                   run bench/*.sh'
	@echo 'make bench-plan              the plan: matrix, solve, large case and stress against glpsol'
	@echo 'make bench-lots              lot sizing with published optima (MIPLIB=FOLDER)'
	@echo 'make bench-mrp               the materials plan measured'
	@echo 'make bench-screen            screening of names measured (LISTS=FOLDER of published lists)'
	@echo 'make bench-risk              speed of drawing and dating samples, against a plain loop'
	@echo 'make bench-calibration       forecasts against what happened (PROJECTS=FOLDER of .p2x)'
	@echo 'make bench-schedule          schedules against the best known (PSPLIB=FOLDER, EVERY=n)'
	@echo 'make bench-schedule-timed    the same in 10 s each, on an idle machine (PSPLIB=FOLDER, EVERY=n)'
	@echo 'make bench-week              what a five-day week costs the search (PSPLIB=FOLDER, EVERY=n)'
	@echo 'make bench-links             what links of other types cost the search (PSPLIB=FOLDER, EVERY=n)'
	@echo 'make bench-long              what durations of hundreds of days cost the search (PSPLIB=FOLDER, EVERY=n)'
	@echo 'make bench-deadlines         what deadlines cost the search (PSPLIB=FOLDER, EVERY=n)'
	@echo 'make man                     manual pages, in build/release'
	@echo 'make manual                  the generated pages of docs/manual'

release:
	@tools/configure release -Dprefix=$(PREFIX)
	@ninja -C build/release numu
	@ln -sfn release/numu build/numu

# `make demo`, `make test` and `make check` start from a bare Debian 12: packages first.
demo: packages-demo
	@$(MAKE) release
	@tools/demo

test: packages-test
	@$(MAKE) release
	@pkg-config --exists cmocka || { echo 'numu: make test needs cmocka' >&2; exit 2; }
	@tools/test release

check: packages-check
	@$(MAKE) test
	@for step in $(CHECKS); do echo "== $$step"; $(MAKE) $$step || exit; done

ci:
	@.ci/run

list-checks:
	@echo $(CHECKS)

install-build-packages: packages-demo
packages-demo:
	@tools/install-packages $(PACKAGES_DEMO)
packages-test:
	@tools/install-packages $(PACKAGES_TEST)
packages-check:
	@tools/install-packages $(PACKAGES_CHECK)

# gcc's optimiser warns wrongly about sanitized code, so warnings are errors in the other builds only.
sanitize:
	@tools/configure sanitize -Doptimization=1 -Dwerror=false -Db_sanitize=address,undefined \
		-Dc_args='-DNUMU_DEBUG_ARENA -fno-sanitize-recover=all -fno-omit-frame-pointer'
	@ASAN_OPTIONS=$$(tools/leak-option) \
		tools/test sanitize --no-suite lint --timeout-multiplier 5

clang:
	@CC=clang tools/configure clang
	@tools/test clang --no-suite lint

lint:
	@tools/lint

format:
	@clang-format -i $(C_FILES)
format-check:
	@clang-format --dry-run --Werror $(C_FILES)

tidy:
	@CC=clang tools/configure clang
	@tools/sources src '*.c' | xargs -P "$$(nproc)" -n 1 clang-tidy -p build/clang --quiet

headers:
	@tools/headers

outside: release
	@tools/outside

scripts:
	@shellcheck -x $(SCRIPTS)

fuzz-programs:
	@CC=clang tools/configure fuzz -Dfuzz=true -Doptimization=1 -Db_lundef=false \
		-Db_sanitize=address,undefined \
		-Dc_args='-DNUMU_DEBUG_ARENA -fno-sanitize-recover=all -fno-omit-frame-pointer'
	@ninja -C build/fuzz
fuzz: fuzz-programs
	@ASAN_OPTIONS=$$(tools/leak-option) tools/fuzz $(SECONDS_EACH)
fuzz-short:
	@$(MAKE) fuzz SECONDS_EACH=10

bench: release
	@for script in $(wildcard bench/*.sh); do NUMU=$(CURDIR)/build/numu bash $$script || exit; done

# How close to the best possible project schedules come (PSPLIB=FOLDER for the library's sets).
bench-schedule: release
	@NUMU=$(CURDIR)/build/numu bench/schedule.sh

.PHONY: bench-schedule-timed
bench-schedule-timed: release
	@SETS='j60 j120' SCHEDULES=10s NUMU=$(CURDIR)/build/numu bench/schedule.sh

.PHONY: bench-week
bench-week: release
	@NUMU=$(CURDIR)/build/numu bench/week.sh

.PHONY: bench-links
bench-links: release
	@NUMU=$(CURDIR)/build/numu bench/links.sh

.PHONY: bench-long
bench-long: release
	@NUMU=$(CURDIR)/build/numu bench/long.sh

.PHONY: bench-deadlines
bench-deadlines: release
	@NUMU=$(CURDIR)/build/numu bench/deadlines.sh

.PHONY: bench-plan
bench-plan: release
	@NUMU=$(CURDIR)/build/numu bash bench/plan.sh

.PHONY: bench-lots
bench-lots:
	@MIPLIB='$(MIPLIB)' bench/lots.sh

.PHONY: bench-mrp
bench-mrp:
	@bash bench/mrp.sh

# Speed of sampling, and whether forecasts come true (PROJECTS=FOLDER).
bench-risk: release
	@NUMU=$(CURDIR)/build/numu bench/risk.sh
bench-calibration: release
	@bench/calibration.sh

# Screening against its bars (LISTS=FOLDER of published lists for real ones).
.PHONY: bench-screen
bench-screen: release
	@NUMU=$(CURDIR)/build/numu LISTS='$(LISTS)' bench/screen.sh

# Pages of docs/manual that numu itself can tell.
manual: release
	@tools/manual

man: release
	@ninja -C build/release $$(ninja -C build/release -t targets all | sed -n 's/^\(.*\.1\): CUSTOM.*/\1/p')

install: release
	@meson install -C build/release --no-rebuild $(if $(DESTDIR),--destdir '$(abspath $(DESTDIR))')

clean:
	@rm -rf build

# --- the ledger ---

.PHONY: demo-ledger bench-ledger soak

# A simulated year of the industry: recorded, verified, traced, counted.
demo-ledger: packages-demo
	@$(MAKE) release
	@tools/demo-ledger

bench-ledger: release
	@bench/ledger.sh

# Fault tests of the ledger at full counts (most of an hour).
soak: release
	@tools/soak
