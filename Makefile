# kvgov: make demo opens the console on a simulated estate, make check runs
# every test; both install what the build lacks (see deps).

VERSION := 0.1.0
MODE ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
VARIANT := $(if $(filter gcc,$(CC)),,-$(notdir $(CC)))
BUILD := build/$(MODE)$(VARIANT)
RELEASE := release$(VARIANT)
# make V=1 shows each command.
Q := $(if $(V),,@)
SHARED ?= ../shared
PREFIX ?= /usr/local
PKG_CONFIG ?= pkg-config

# ---- what the build needs from the system ----

MODULES_LIB := libcurl jansson libcrypto sqlite3 inih
MODULES_TUI := ncursesw libqrencode
MODULES_CLOUD := libmicrohttpd jansson libcrypto
MODULES_TEST := cmocka vterm
MODULES := $(sort $(MODULES_LIB) $(MODULES_TUI) $(MODULES_CLOUD) $(MODULES_TEST))
CLANG := $(findstring clang,$(CC))

PACKAGES_apt := gcc libc6-dev pkg-config libncurses-dev libcurl4-openssl-dev \
	libjansson-dev libssl-dev libsqlite3-dev libinih-dev libmicrohttpd-dev \
	libcmocka-dev libvterm-dev libqrencode-dev ca-certificates locales \
	$(if $(CLANG),clang libclang-rt-dev)
PACKAGES_dnf := gcc pkgconf-pkg-config ncurses-devel libcurl-devel \
	jansson-devel openssl-devel sqlite-devel inih-devel libmicrohttpd-devel \
	libcmocka-devel libvterm-devel qrencode-devel libasan libubsan \
	glibc-locale-source $(if $(CLANG),clang)
PACKAGES_pacman := gcc pkgconf ncurses curl jansson openssl sqlite libinih \
	libmicrohttpd cmocka libvterm qrencode $(if $(CLANG),clang compiler-rt)
PACKAGES_apk := gcc musl-dev pkgconf ncurses-dev curl-dev jansson-dev \
	openssl-dev sqlite-dev inih-dev libmicrohttpd-dev cmocka-dev libvterm-dev \
	libqrencode-dev \
	$(if $(CLANG),clang compiler-rt)
PACKAGES_brew := pkgconf ncurses curl jansson openssl@3 sqlite inih \
	libmicrohttpd cmocka libvterm qrencode

# For check-interop alone, by what may be at home without the others.
PROGRAMS_NODE := node npm
PACKAGES_NODE_apt := nodejs npm
PACKAGES_NODE_dnf := nodejs npm
PACKAGES_NODE_pacman := nodejs npm
PACKAGES_NODE_apk := nodejs npm
PACKAGES_NODE_brew := node
PROGRAMS_PYTHON := python3 openssl
PACKAGES_PYTHON_apt := python3 python3-venv openssl
PACKAGES_PYTHON_dnf := python3 openssl
PACKAGES_PYTHON_pacman := python openssl
PACKAGES_PYTHON_apk := python3 openssl
PACKAGES_PYTHON_brew := python openssl@3

PROGRAMS_BROWSER := chromium
PACKAGES_BROWSER_apt := chromium fonts-dejavu-core
PACKAGES_BROWSER_dnf := chromium
PACKAGES_BROWSER_pacman := chromium
PACKAGES_BROWSER_apk := chromium
PACKAGES_BROWSER_brew := chromium

PROGRAMS_SSH := ssh ssh-keygen sshd
PACKAGES_SSH_apt := openssh-client openssh-server
# Debian starts a server that it installs, and this machine did not serve.
PACKAGES_SSH_before_apt = command -v sshd >/dev/null || { \
	echo "kvgov: not to serve: /etc/ssh/sshd_not_to_be_run" >&2; \
	$${root}mkdir -p /etc/ssh && \
	$${root}touch /etc/ssh/sshd_not_to_be_run; \
} &&
PACKAGES_SSH_dnf := openssh-clients openssh-server
PACKAGES_SSH_pacman := openssh
PACKAGES_SSH_apk := openssh-client openssh-server
PACKAGES_SSH_brew := openssh

# For check-deb alone, on Debian.
PROGRAMS_DEB := lintian debootstrap dpkg-shlibdeps git
PACKAGES_DEB_apt := lintian debootstrap dpkg-dev git

# ---- how things are compiled ----

FLAGS_release := -O2 -g -DNDEBUG -D_FORTIFY_SOURCE=2 -fstack-protector-strong
FLAGS_debug := -O0 -g
FLAGS_asan := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
LINK_asan := -fsanitize=address,undefined
FLAGS_fuzz := $(FLAGS_asan) -fsanitize=fuzzer-no-link
LINK_fuzz := $(LINK_asan)
LINK_release := -Wl,-z,relro,-z,now

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla $(if $(WERROR),-Werror)
KV_CFLAGS := -std=c17 -D_GNU_SOURCE -DKVGOV_VERSION='"$(VERSION)"' -fPIE \
	-ffile-prefix-map=$(CURDIR)=. $(WARNINGS) $(FLAGS_$(MODE)) $(CFLAGS)
KV_LDFLAGS := -pie $(LINK_$(MODE)) $(LDFLAGS)

# Each room sees the headers of the rooms below it and no others, so that an
# include that points up does not compile.
SEES_base :=
SEES_http := base
SEES_estate := base
SEES_store := base
SEES_config := base
SEES_auth := base http
SEES_posture := base estate
SEES_remedy := base estate posture
SEES_azure := base http auth estate
SEES_report := base
SEES_session := base http auth azure estate posture remedy store
ROOMS := base http estate store config auth posture remedy azure report session

includes = -Iinclude -Iapi/$(1) $(addprefix -Iapi/,$(SEES_$(1)))
INCLUDES_ALL := -Iinclude $(addprefix -Iapi/,$(ROOMS)) -Itui -Itests/support

API_SOURCES := $(wildcard $(addsuffix /*.c,$(addprefix api/,$(ROOMS))))
TUI_SOURCES := $(filter-out tui/main.c,$(wildcard tui/*.c))
CLOUD_SOURCES := $(wildcard tests/cloud/*.c)
SUPPORT_SOURCES := $(wildcard tests/support/*.c)
TEST_SOURCES := $(wildcard $(addsuffix /test_*.c,$(addprefix tests/,\
	unit contract api console cli)))
objects = $(patsubst %.c,$(BUILD)/%.o,$(1))

API_OBJECTS := $(call objects,$(API_SOURCES))
TUI_OBJECTS := $(call objects,$(TUI_SOURCES))
CLOUD_OBJECTS := $(call objects,$(CLOUD_SOURCES))
SUPPORT_OBJECTS := $(call objects,$(SUPPORT_SOURCES))
TESTS := $(patsubst %.c,$(BUILD)/%,$(TEST_SOURCES))
FUZZ_SOURCES := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_TESTS := $(patsubst %.c,$(BUILD)/%,$(FUZZ_SOURCES))
FUZZ_COMMON := $(call objects,$(addprefix tests/fuzz/,common.c bodies.c mutate.c))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))

# Evaluated on use only, so that `make deps` runs where pkg-config is missing.
cflags = $(shell $(PKG_CONFIG) --cflags $(1))
libs = $(shell $(PKG_CONFIG) --libs $(1))

.PHONY: all release tests test check demo deps bench layers tidy format clean \
	install uninstall pages deb check-deb deb-deps fuzz fuzz-run golden \
	check-interop interop-deps interop-programs
.DELETE_ON_ERROR:

all: $(BUILD)/kvgov $(BUILD)/kvgov-cloud

# build/kvgov and build/kvgov-cloud are the release binaries, whatever MODE is.
release:
	@$(MAKE) --no-print-directory MODE=release CC=$(CC) all
	@ln -sfn $(RELEASE)/kvgov build/kvgov
	@ln -sfn $(RELEASE)/kvgov-cloud build/kvgov-cloud


tests: $(TESTS) $(FUZZ_TESTS)

# ---- rules ----

define room_rules
$(BUILD)/api/$(1)/%.o: api/$(1)/%.c
	@mkdir -p $$(@D)
	@echo "  cc $$<"
	$(Q)$$(CC) $$(KV_CFLAGS) $$(call cflags,$$(MODULES_LIB)) $$(call includes,$(1)) \
		-MMD -MP -c $$< -o $$@
endef
$(foreach room,$(ROOMS),$(eval $(call room_rules,$(room))))

$(BUILD)/tui/%.o: tui/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	$(Q)$(CC) $(KV_CFLAGS) $(call cflags,$(MODULES_TUI) inih) -Iinclude -Itui \
		-MMD -MP -c $< -o $@

$(BUILD)/tests/cloud/%.o: tests/cloud/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	$(Q)$(CC) $(KV_CFLAGS) $(call cflags,$(MODULES_CLOUD)) -Itests/cloud \
		-MMD -MP -c $< -o $@

$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	@echo "  cc $<"
	$(Q)$(CC) $(KV_CFLAGS) $(call cflags,$(MODULES)) $(INCLUDES_ALL) \
		-MMD -MP -c $< -o $@

$(BUILD)/libkvgov.a: $(API_OBJECTS)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BUILD)/libkvtui.a: $(TUI_OBJECTS)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BUILD)/kvgov: $(BUILD)/tui/main.o $(BUILD)/libkvtui.a $(BUILD)/libkvgov.a
	@echo "  ld $@"
	$(Q)$(CC) $(KV_LDFLAGS) $^ $(call libs,$(MODULES_TUI) $(MODULES_LIB)) -lm -o $@

$(BUILD)/kvgov-cloud: $(CLOUD_OBJECTS)
	@echo "  ld $@"
	$(Q)$(CC) $(KV_LDFLAGS) $^ $(call libs,$(MODULES_CLOUD)) -lpthread -lm -o $@

# An archive: a test takes what it uses, so that it may stand in for the rest.
$(BUILD)/libkvtest.a: $(SUPPORT_OBJECTS)
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libkvtest.a $(BUILD)/libkvtui.a \
		$(BUILD)/libkvgov.a
	@echo "  ld $@"
	$(Q)$(CC) $(KV_LDFLAGS) $^ $(call libs,$(MODULES_TEST) $(MODULES_TUI) \
		$(MODULES_LIB)) -lutil -lm -o $@

# An entry as a test, and the same entry as libFuzzer runs it.
LIBS_TEST = $(BUILD)/libkvtest.a $(BUILD)/libkvtui.a $(BUILD)/libkvgov.a \
	$(call libs,$(MODULES_TEST) $(MODULES_TUI) $(MODULES_LIB)) -lutil -lm

$(FUZZ_TESTS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/tests/fuzz/runner.o \
		$(FUZZ_COMMON) $(BUILD)/libkvtest.a $(BUILD)/libkvtui.a \
		$(BUILD)/libkvgov.a
	@echo "  ld $@"
	$(Q)$(CC) $(KV_LDFLAGS) $(filter %.o,$^) $(LIBS_TEST) -o $@

$(BUILD)/fuzzers/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/libfuzzer.o \
		$(FUZZ_COMMON) $(BUILD)/libkvtest.a $(BUILD)/libkvtui.a \
		$(BUILD)/libkvgov.a
	@mkdir -p $(@D)
	@echo "  ld $@"
	$(Q)$(CC) $(KV_LDFLAGS) -fsanitize=fuzzer $(filter %.o,$^) $(LIBS_TEST) -o $@

# What a program in a terminal costs.
$(BUILD)/tests/bench/bench_peers $(BUILD)/tests/bench/bench_console: \
	$(BUILD)/tests/bench/wire.o

$(BUILD)/tests/interop/test_ssh: $(BUILD)/tests/interop/ssh_server.o

.SECONDARY:

-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)

# ---- for people ----

demo: deps release
	@build/kvgov --demo

check: deps layers
	@$(MAKE) --no-print-directory WERROR=1 release
	@$(MAKE) --no-print-directory WERROR=1 MODE=asan CC=$(CC) all tests
	@$(MAKE) --no-print-directory MODE=asan CC=$(CC) test

test: $(TESTS) $(FUZZ_TESTS) $(BUILD)/kvgov $(BUILD)/kvgov-cloud
	@KVGOV=$(abspath $(BUILD)/kvgov) \
	KVGOV_CLOUD=$(abspath $(BUILD)/kvgov-cloud) \
	KVGOV_SHARED=$(abspath $(SHARED)) KVGOV_SOURCE=$(CURDIR) \
	sh tests/run.sh $(TESTS) $(FUZZ_TESTS)

# Writes reports and screens that are kept (tests/*/golden) anew, to be looked at
# with git diff.
GOLDEN := cli/test_scan_formats console/test_looks

golden: deps
	@$(MAKE) --no-print-directory MODE=asan CC=$(CC) all \
		$(addprefix build/asan$(VARIANT)/tests/,$(GOLDEN))
	@for test in $(GOLDEN); do \
		KVGOV=$(abspath build/asan$(VARIANT)/kvgov) \
		KVGOV_CLOUD=$(abspath build/asan$(VARIANT)/kvgov-cloud) \
		KVGOV_SOURCE=$(CURDIR) KVGOV_GOLDEN=write \
		build/asan$(VARIANT)/tests/$$test || exit 1; \
	done

# Microsoft's own libraries against kvgov-cloud; needs a package registry.
check-interop: deps interop-deps
	@$(MAKE) --no-print-directory MODE=asan CC=$(CC) all interop-programs
	@sh tests/interop/run.sh $(CURDIR)/build/asan$(VARIANT) $(CURDIR)

interop-programs: $(addprefix $(BUILD)/tests/interop/,kvgov_objects test_ssh)

# make fuzz FUZZ=role SECONDS=60: libFuzzer on tests/fuzz/fuzz_role.c. What it
# finds new goes to build/fuzz-clang/found/role, what goes wrong beside it.
FUZZ ?= arm_id
SECONDS ?= 60
FOUND := $(BUILD)/found/$(FUZZ)

fuzz:
	@$(MAKE) --no-print-directory MODE=fuzz CC=clang deps fuzz-run

fuzz-run: $(BUILD)/fuzzers/fuzz_$(FUZZ) $(BUILD)/tests/fuzz/fuzz_$(FUZZ)
	@mkdir -p $(FOUND) $(BUILD)/seeds/$(FUZZ)
	@KVGOV_SHARED=$(abspath $(SHARED)) \
	$(BUILD)/tests/fuzz/fuzz_$(FUZZ) --seeds $(BUILD)/seeds/$(FUZZ)
	$(BUILD)/fuzzers/fuzz_$(FUZZ) -max_total_time=$(SECONDS) -timeout=10 \
		-close_fd_mask=1 -print_final_stats=1 \
		-artifact_prefix=$(BUILD)/found/$(FUZZ)- \
		$(FOUND) tests/fuzz/corpus/$(FUZZ) $(BUILD)/seeds/$(FUZZ)

bench: deps release
	@$(MAKE) --no-print-directory MODE=release CC=$(CC) benches
	@KVGOV=$(abspath build/kvgov) KVGOV_CLOUD=$(abspath build/kvgov-cloud) \
	KVGOV_SOURCE=$(CURDIR) sh tests/bench/run.sh $(BENCHES)

benches: $(BENCHES)

layers:
	@sh tests/layers.sh

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

tidy:
	clang-tidy --quiet $(API_SOURCES) $(TUI_SOURCES) -- -std=c17 \
		-D_GNU_SOURCE -DKVGOV_VERSION='"$(VERSION)"' $(INCLUDES_ALL)

clean:
	rm -rf build

# Pages and completions are what the program itself says. Equal commits give
# equal dates.
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || \
	stat -c %Y Makefile)
SHARE := $(PREFIX)/share
MADE := build/share

pages: release
	@mkdir -p $(MADE)
	@for page in kvgov.1 kvgov-config.5; do \
		SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) build/kvgov manual \
			$${page%.*} >$(MADE)/$$page || exit 1; \
	done
	@for shell in bash zsh fish; do \
		build/kvgov completion $$shell >$(MADE)/kvgov.$$shell || exit 1; \
	done

# Name and place of everything that is installed.
BIN_FILES := kvgov kvgov-cloud
DEMO_FILES := contoso.json contoso.ini
SHARE_FILES := $(addprefix kvgov/,$(DEMO_FILES)) man/man1/kvgov.1 man/man1/kvgov-cloud.1 \
	man/man5/kvgov-config.5 bash-completion/completions/kvgov \
	zsh/vendor-completions/_kvgov fish/vendor_completions.d/kvgov.fish \
	$(addprefix kvgov/,$(wildcard themes/*.theme))

install: pages
	install -d $(DESTDIR)$(PREFIX)/bin $(sort $(addprefix $(DESTDIR)$(SHARE)/,\
		$(dir $(SHARE_FILES))))
	install -m 0755 $(addprefix build/,$(BIN_FILES)) $(DESTDIR)$(PREFIX)/bin
	install -m 0644 themes/*.theme $(DESTDIR)$(SHARE)/kvgov/themes
	install -m 0644 $(addprefix tests/cloud/estates/,$(DEMO_FILES)) \
		$(DESTDIR)$(SHARE)/kvgov
	install -m 0644 $(MADE)/kvgov.1 man/kvgov-cloud.1 \
		$(DESTDIR)$(SHARE)/man/man1
	install -m 0644 $(MADE)/kvgov-config.5 $(DESTDIR)$(SHARE)/man/man5
	install -m 0644 $(MADE)/kvgov.bash \
		$(DESTDIR)$(SHARE)/bash-completion/completions/kvgov
	install -m 0644 $(MADE)/kvgov.zsh \
		$(DESTDIR)$(SHARE)/zsh/vendor-completions/_kvgov
	install -m 0644 $(MADE)/kvgov.fish \
		$(DESTDIR)$(SHARE)/fish/vendor_completions.d/kvgov.fish

# What install put there; folders of kvgov's own go too.
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(BIN_FILES)) \
		$(addprefix $(DESTDIR)$(SHARE)/,$(SHARE_FILES))
	-rmdir $(DESTDIR)$(SHARE)/kvgov/themes $(DESTDIR)$(SHARE)/kvgov

# build/kvgov_VERSION_ARCHITECTURE.deb, by Debian's own tools.
deb: deps
	@rm -rf build/deb
	@$(MAKE) --no-print-directory install DESTDIR=$(CURDIR)/build/deb PREFIX=/usr
	@SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) sh packaging/deb.sh \
		$(CURDIR)/build/deb $(VERSION) \
		$(CURDIR)/build/kvgov_$(VERSION)_$$(dpkg --print-architecture).deb

# Needs root, and packages that nothing else needs: see packaging/check.sh.
check-deb: deb-deps
	@sh packaging/check.sh $(CURDIR)

# ---- packages ----

# Installs $(1)_apt and its like when $$missing says that something is. Where
# this user may not install, or where the package manager is not apt, says the
# exact command instead.
define install_script
[ -n "$$missing" ] || exit 0; \
echo "kvgov: not installed yet: $$missing" >&2; \
root=; [ "$$(id -u)" = 0 ] || root="sudo "; \
if command -v apt-get >/dev/null 2>&1; then \
	if [ -z "$$root" ] || command -v sudo >/dev/null 2>&1; then \
		echo "kvgov: installing with apt-get: $($(1)_apt)" >&2; \
		$($(1)_before_apt) $${root}apt-get update -qq >&2 && \
		$${root}env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends $($(1)_apt) >&2 </dev/null || exit 1; \
		exit 0; \
	fi; \
	echo "kvgov: run as root:  apt-get install $($(1)_apt)" >&2; exit 1; \
fi; \
if command -v dnf >/dev/null 2>&1; then \
	echo "kvgov: run:  $${root}dnf install $($(1)_dnf)" >&2; \
elif command -v pacman >/dev/null 2>&1; then \
	echo "kvgov: run:  $${root}pacman -S --needed $($(1)_pacman)" >&2; \
elif command -v apk >/dev/null 2>&1; then \
	echo "kvgov: run:  $${root}apk add $($(1)_apk)" >&2; \
elif command -v brew >/dev/null 2>&1; then \
	echo "kvgov: run:  brew install $($(1)_brew)" >&2; \
else \
	echo "kvgov: install them with this system's package manager" >&2; \
fi; \
exit 1
endef

define deps_script
missing=; \
command -v $(CC) >/dev/null 2>&1 || missing="$(CC)"; \
command -v $(PKG_CONFIG) >/dev/null 2>&1 || missing="$$missing $(PKG_CONFIG)"; \
for module in $(MODULES); do \
	$(PKG_CONFIG) --exists $$module >/dev/null 2>&1 || \
		missing="$$missing $$module"; \
done; \
if [ -z "$$missing" ] && ! printf 'int main(void) { return 0; }\n' | \
	$(CC) -fsanitize=address,undefined -x c - -o /dev/null 2>/dev/null; then \
	missing="sanitizers"; \
fi; \
if command -v localedef >/dev/null 2>&1 && \
	! [ -e /usr/share/i18n/locales/ja_JP ]; then \
	missing="$$missing locales"; \
fi; \
$(call install_script,PACKAGES)
endef

# Debian's python3 makes no environments without a package of its own, and its
# servers lie where only root looks.
define programs_script
PATH=$$PATH:/usr/sbin; \
missing=; \
for program in $(PROGRAMS_$(1)); do \
	command -v $$program >/dev/null 2>&1 || missing="$$missing $$program"; \
done; \
if [ $(1) = PYTHON ] && ! python3 -c "import ensurepip" 2>/dev/null; then \
	missing="$$missing ensurepip"; \
fi; \
$(call install_script,PACKAGES_$(1))
endef

deps:
	@$(deps_script)

interop-deps:
	@$(call programs_script,NODE)
	@$(call programs_script,PYTHON)
	@$(call programs_script,BROWSER)
	@$(call programs_script,SSH)

deb-deps:
	@$(call programs_script,DEB)
