#!/usr/bin/env bash
# packaging: makes this computer ready for Sayso. Safe to run again: what is there is left alone.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'TEXT'
usage: packaging/setup.sh [run|test|check] [--print]

  run      what a person needs to write and speak (the default)
  test     the same, and what the tests need
  check    the same as run, and what the static checks need
  --print  say what would be done, and change nothing
TEXT
}

say() { printf 'sayso: %s\n' "$*"; }

warn() { printf 'sayso: %s\n' "$@" >&2; }

fail() {
    warn "$@"
    exit 1
}

# Run a long command quietly; its words go to the log and are shown only when it fails.
quietly() {
    local what=$1
    shift
    printf '\n== %s\n' "$*" >>"$log"
    "$@" >>"$log" 2>&1 && return
    tail -n 25 "$log" >&2
    fail "$what did not work; the last lines above say why, $log has all of them." \
        "Nothing is lost: run the same command again to go on from here."
}

# ---------------------------------------------------------------- system packages

find_python() {
    local name
    for name in python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

# The packages this target wants, one "a|b" line each.
wanted_packages() {
    local who="run"
    [[ $target != test ]] || who+="|test"
    [[ -n $python ]] || who+="|python"
    sed -nE "s/^($who) +([^ ]+)$/\\2/p" packaging/system-packages.txt
}

# The wanted lines of which nothing is installed.
missing_packages() {
    local installed line
    installed=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null) || true
    while read -r line; do
        grep -qE "^.i +(${line//./\\.})$" <<<"$installed" || printf '%s\n' "$line"
    done < <(wanted_packages)
}

# For each "a|b" line, the first name that can be installed from here (the first of all where none can).
package_names() {
    local line name
    while read -r line; do
        for name in ${line//|/ } "${line%%|*}"; do
            LC_ALL=C apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [^(]' && break
        done
        printf '%s ' "$name"
    done
}

install_packages() {
    local names
    local -a become=()
    if [[ $(id -u) != 0 ]]; then
        if command -v sudo >/dev/null && { [[ -t 0 ]] || sudo -n true 2>/dev/null; }; then
            become=(sudo)
        else
            names=$(package_names <<<"$missing")
            warn "some system packages are missing, and this account may not install them." \
                "Please ask someone who may to run this line as root, then run the same command again:" \
                "" "    apt-get update && apt-get install -y --no-install-recommends ${names% }" ""
            # Whoever could write yesterday can write today.
            [[ $target == run ]] && venv_ready && return
            exit 1
        fi
    fi
    say "asking the system for its list of packages"
    "${become[@]}" apt-get -qq update >>"$log" 2>&1 || say "the list could not be renewed; going on with the old one"
    names=$(package_names <<<"$missing")
    say "installing system packages: ${names% }"
    # --no-remove: a computer that someone depends on keeps everything it had.
    # shellcheck disable=SC2086
    quietly "Installing the system packages" "${become[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 $names
}

# ---------------------------------------------------------------- Python

# The instructions that a compiled llama.cpp may use here: a wheel made on another processor can be a crash.
machine() {
    uname -m
    getconf GNU_LIBC_VERSION 2>/dev/null || true
    grep -m1 -E '^flags' /proc/cpuinfo 2>/dev/null |
        grep -oE '\b(s?sse[0-9a-z_]*|avx[0-9a-z_]*|fma|f16c|bmi[12]|amx[0-9a-z_]*)\b' | sort -u || true
    grep -E '^(Features|CPU part|isa)' /proc/cpuinfo 2>/dev/null | sort -u || true
    printf '%s\n' "${CMAKE_ARGS:-}"
}

hash_of() { sha256sum | cut -c 1-16; }

llama_version() { sed -nE 's/^llama[-_]cpp[-_]python==//Ip' constraints.txt; }

cache_folder() {
    if [[ -n ${XDG_CACHE_HOME:-} ]]; then
        printf '%s/sayso' "$XDG_CACHE_HOME"
    elif [[ -n ${HOME:-} ]]; then
        printf '%s/.cache/sayso' "$HOME"
    else
        printf '%s/build/cache' "$PWD"
    fi
}

# Where llama.cpp compiled for this machine, this Python and this version is kept.
wheel_folder() {
    local version
    version=$("$1" -c 'import platform; print(platform.python_version())')
    printf '%s/wheels/%s' "$(cache_folder)" "$({ machine; echo "$version"; llama_version; } | hash_of)"
}

# Everything that decides what belongs into .venv.
recipe() {
    {
        cat pyproject.toml constraints.txt packaging/setup.sh
        machine
        printf '%s\n' "$PWD" "$target"
    } | hash_of
}

extras() {
    case $target in
        run) ;;
        test) printf '[test,bench]' ;;
        check) printf '[test,bench,check]' ;;
    esac
}

# Scripts in .venv hold its path, so a moved one does not work; one that somebody else made here does.
venv_works() {
    .venv/bin/python -I -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null &&
        [[ $(cat .venv/sayso-home 2>/dev/null || echo "$PWD") == "$PWD" ]]
}

venv_ready() { [[ $(cat ".venv/sayso-$target" 2>/dev/null) == "$(recipe)" ]] && venv_works; }

make_venv() {
    if ! venv_works; then
        say "making a Python environment in .venv"
        rm -rf .venv
        quietly "Making the Python environment" "$python" -m venv .venv
    fi
    printf '%s\n' "$PWD" >.venv/sayso-home
    quietly "Installing pip" .venv/bin/python -m pip install --no-input -c constraints.txt pip
}

# Compile llama.cpp once for this machine; a second copy of Sayso on it takes the wheel from the cache.
make_llama_wheel() {
    local folder=$1 part
    mkdir -p "$folder"
    exec 8>"$folder/lock"
    flock 8
    if compgen -G "$folder/*.whl" >/dev/null; then
        exec 8>&-
        return
    fi
    say "compiling the language model's engine for this processor (once, about five minutes)"
    rm -rf "$folder"/part.*
    part=$(mktemp -d "$folder/part.XXXXXX")
    # No pip cache: it would hand over a wheel that was made for another processor.
    CMAKE_ARGS="-DLLAVA_BUILD=OFF -DGGML_NATIVE=ON ${CMAKE_ARGS:-}" quietly "Compiling llama.cpp" \
        .venv/bin/python -m pip wheel --no-input --no-cache-dir --no-deps --no-binary llama-cpp-python \
        --build-constraint constraints.txt -w "$part" "llama-cpp-python==$(llama_version)"
    mv "$part"/*.whl "$folder/"
    rmdir "$part"
    exec 8>&-
}

install_python() {
    local folder
    make_venv
    folder=$(wheel_folder .venv/bin/python)
    if [[ $(cat .venv/sayso-wheel 2>/dev/null) != "${folder##*/}" ]]; then
        # An account without a home of its own keeps the wheel here.
        mkdir -p "$folder" 2>>"$log" || folder=$PWD/build/cache/wheels/${folder##*/}
        make_llama_wheel "$folder"
        quietly "Installing llama.cpp" .venv/bin/python -m pip install --no-input --no-deps --force-reinstall \
            --no-index "$folder"/*.whl
        printf '%s\n' "${folder##*/}" >.venv/sayso-wheel
    fi
    say "installing the Python packages"
    quietly "Installing the Python packages" .venv/bin/python -m pip install --no-input \
        -c constraints.txt --build-constraint constraints.txt -e ".$(extras)"
    recipe >".venv/sayso-$target"
}

# ---------------------------------------------------------------- weights

fetch_weights() {
    .venv/bin/python -P -m assistive models fetch && return
    [[ $target == run ]] || fail "the tests need the weights; the lines above say what is missing."
    say "going on without them: the letters and the keys work, and they are fetched at the next start."
}

# ---------------------------------------------------------------- all of it

print_plan() {
    say "would make this ready: $target"
    if [[ -z $missing ]]; then
        say "system packages: all there"
    else
        say "system packages to install: $(package_names <<<"$missing")"
    fi
    say "Python: ${python:-none yet (3.11 or newer comes with the system packages)}"
    if venv_ready; then
        say "Python packages: all there"
    else
        say "Python packages to install into .venv: sayso$(extras), versions from constraints.txt"
        [[ -z $python ]] || say "llama.cpp $(llama_version) compiled for this processor: $(wheel_folder "$python")"
    fi
    [[ $target == check ]] || say "weights: whatever models/catalog.toml lists and is not there yet"
}

target=run
dry=""
for argument in "$@"; do
    case $argument in
        run | test | check) target=$argument ;;
        --print) dry=yes ;;
        -h | --help) usage && exit ;;
        *) usage >&2 && exit 2 ;;
    esac
done

log=build/setup.log
if venv_works; then
    python=.venv/bin/python
else
    python=$(find_python) || python=""
fi
missing=""
if command -v dpkg-query >/dev/null; then
    missing=$(missing_packages)
elif [[ ! -d .venv ]]; then
    say "this is not Debian or Ubuntu; please see that these are there, under your system's names:" \
        "$(wanted_packages | tr '\n' ' ')"
fi

if [[ -n $dry ]]; then
    print_plan
    exit
fi

mkdir -p build
if [[ -n $missing ]]; then
    : >"$log"
    install_packages
    [[ -n $python ]] || python=$(find_python) || fail "Python 3.11 or newer with its venv module is needed; please install python3-venv."
fi
if ! venv_ready; then
    # Two of these at the same time would spoil each other's .venv.
    exec 9>build/setup.lock
    flock 9
    if ! venv_ready; then
        : >"$log"
        install_python
    fi
    exec 9>&-
    say "everything is installed"
fi
[[ $target == check ]] || fetch_weights
