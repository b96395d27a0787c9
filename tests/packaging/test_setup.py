"""The setup script, told as stories on computers that are made up of a few stand-in commands."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("pyproject.toml", "constraints.txt", "packaging/setup.sh", "packaging/system-packages.txt")

# Stands in for Python and for the Python in .venv: notes what it is asked, and makes what it would make.
PYTHON = r"""#!/bin/bash
[[ $1 == -I ]] || echo "$@" >>"$COMPUTER/asked"
case "$*" in
    *python_version*) echo 3.12.1 ;;
    "-m venv .venv") mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
    *"pip wheel"*)
        while [[ $1 != -w ]]; do shift; done
        touch "$2/llama_cpp_python-0-py3-none-any.whl" ;;
    *"-e ."*) [[ ! -e $COMPUTER/no-network ]] || { echo "no route to host"; exit 1; } ;;
    *"models fetch"*) [[ ! -e $COMPUTER/no-network ]] ;;
esac
"""


class Computer:
    """A computer with a fresh copy of Sayso, without any of the packages, and with an ordinary account."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sayso = folder / "sayso"
        for name in NEEDED:
            (self.sayso / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, self.sayso / name)
        (folder / "bin").mkdir()
        self.command("python3.13", PYTHON)
        self.command("id", "#!/bin/bash\necho 1000\n")
        self.command("sudo", "#!/bin/bash\nexit 1\n")
        self.command("dpkg-query", '#!/bin/bash\ncat "$COMPUTER/packages"\n')
        self.command(
            "apt-cache", '#!/bin/bash\ngrep -qx "$2" "$COMPUTER/offered" && echo "  Candidate: 1.0"\n'
        )
        self.command("apt-get", '#!/bin/bash\necho "$@" >>"$COMPUTER/apt"\n')
        self.command("uname", "#!/bin/bash\necho x86_64\n")
        self.has()
        (folder / "offered").touch()

    def command(self, name: str, text: str) -> None:
        """Put a stand-in for a command on this computer."""
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def has(self, *packages: str) -> None:
        """Let these system packages be installed, and no others."""
        (self.folder / "packages").write_text("".join(f"ii {name}\n" for name in packages))

    def has_everything(self) -> None:
        """Let the first alternative of every system package be installed."""
        lines = (ROOT / "packaging/system-packages.txt").read_text().splitlines()
        self.has(*(line.split()[1].split("|")[0] for line in lines if line and not line.startswith("#")))

    def setup(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the setup script."""
        return subprocess.run(
            [self.sayso / "packaging/setup.sh", *arguments],
            env={
                "PATH": f"{self.folder / 'bin'}:/usr/bin:/bin",
                "HOME": str(self.folder / "home"),
                "COMPUTER": str(self.folder),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def noted(self, name: str) -> list[str]:
        """What a stand-in was asked so far ("asked": Python, "apt": apt-get)."""
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def forget(self) -> None:
        """Start the notes anew."""
        for name in ("asked", "apt"):
            (self.folder / name).unlink(missing_ok=True)


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    return Computer(tmp_path)


def become_root(computer: Computer) -> None:
    computer.command("id", "#!/bin/bash\necho 0\n")


def become_sudoer(computer: Computer) -> None:
    computer.command("sudo", '#!/bin/bash\n[[ $1 == -n ]] && shift\nexec "$@"\n')


def test_an_account_without_rights_is_told_the_exact_line(computer: Computer) -> None:
    computer.has("cmake")

    done = computer.setup("run")

    assert done.returncode == 1
    line = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert "apt-get update && apt-get install -y --no-install-recommends build-essential libegl1 " in line
    assert "cmake" not in line
    assert "xvfb" not in line
    assert computer.noted("apt") == computer.noted("asked")[1:] == []


def test_who_could_write_yesterday_can_write_today(computer: Computer) -> None:
    computer.has_everything()
    assert computer.setup("run").returncode == 0
    computer.has("cmake")

    done = computer.setup("run")

    assert done.returncode == 0
    assert "apt-get install" in done.stderr
    assert computer.setup("test").returncode == 1


def test_the_tests_need_more_than_a_person_does(computer: Computer) -> None:
    assert "xvfb" in computer.setup("test").stderr
    assert "xvfb" not in computer.setup("check").stderr


@pytest.mark.parametrize("become", [become_root, become_sudoer])
def test_only_what_is_missing_is_installed(computer: Computer, become: Callable[[Computer], None]) -> None:
    become(computer)
    computer.has_everything()
    packages = computer.folder / "packages"
    packages.write_text(packages.read_text().replace("ii fonts-inter\n", "rc fonts-inter\n"))

    done = computer.setup("run")

    assert done.returncode == 0, done.stderr
    update, install = computer.noted("apt")
    assert update.endswith("update")
    assert "--no-remove" in install
    assert install.endswith(" fonts-inter")


def test_nothing_is_asked_of_the_system_when_all_is_there(computer: Computer) -> None:
    computer.has_everything()

    assert computer.setup("test").returncode == 0
    assert computer.noted("apt") == []


def test_a_package_may_have_another_name_in_another_release(computer: Computer) -> None:
    (computer.folder / "offered").write_text("libglib2.0-0t64\n")
    assert "libglib2.0-0t64 " in computer.setup("run").stderr

    computer.has_everything()
    packages = computer.folder / "packages"
    packages.write_text(packages.read_text().replace("libglib2.0-0\n", "libglib2.0-0t64\n"))
    assert computer.setup("run").returncode == 0


def test_a_computer_without_python_gets_the_one_of_its_release(computer: Computer) -> None:
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        computer.command(name, "#!/bin/bash\nexit 1\n")
    computer.has_everything()
    (computer.folder / "offered").write_text("python3.11-venv\n")
    packages = computer.folder / "packages"
    packages.write_text(packages.read_text().replace("ii python3.13-venv\n", ""))

    line = next(line for line in computer.setup("run").stderr.splitlines() if "apt-get install" in line)

    assert line.endswith("--no-install-recommends python3.11-venv")


def test_a_failing_apt_is_a_clear_message(computer: Computer) -> None:
    become_root(computer)
    computer.command("apt-get", "#!/bin/bash\necho 'E: the disk is full'\nexit 100\n")

    done = computer.setup("run")

    assert done.returncode == 1
    assert "E: the disk is full" in done.stderr
    assert "run the same command again" in done.stderr


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(computer: Computer) -> None:
    before = sorted(computer.sayso.rglob("*"))

    done = computer.setup("test", "--print")

    assert done.returncode == 0
    assert "libegl1" in done.stdout
    assert "sayso[test,bench]" in done.stdout
    assert "home/.cache/sayso/wheels/" in done.stdout
    assert sorted(computer.sayso.rglob("*")) == before


def test_a_ready_machine_installs_nothing(computer: Computer) -> None:
    computer.has_everything()
    first = computer.setup("run")
    assert first.returncode == 0, first.stderr
    assert "once, about five minutes" in first.stdout
    computer.forget()

    second = computer.setup("run")

    assert second.returncode == 0
    assert computer.noted("asked") == ["-P -m assistive models fetch"]
    assert second.stdout == ""


def test_another_home_is_no_reason_to_compile_again(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("check")
    computer.forget()
    (computer.folder / "home").rename(computer.folder / "old home")

    computer.setup("test")

    asked = "\n".join(computer.noted("asked"))
    assert "-e .[test,bench]" in asked
    assert "pip wheel" not in asked


def test_an_account_without_a_home_keeps_the_engine_beside_sayso(computer: Computer) -> None:
    computer.has_everything()
    (computer.folder / "home").write_text("not a folder")

    assert computer.setup("check").returncode == 0

    assert len(list((computer.sayso / "build/cache/wheels").glob("*/*.whl"))) == 1


def test_a_change_of_the_constraints_is_installed_but_nothing_is_compiled_again(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("check")
    computer.forget()
    with (computer.sayso / "constraints.txt").open("a") as file:
        file.write("newcomer==1.0\n")

    computer.setup("check")

    asked = "\n".join(computer.noted("asked"))
    assert "-e .[test,bench,check]" in asked
    assert "pip wheel" not in asked


def test_an_interrupted_installation_goes_on_where_it_was(computer: Computer) -> None:
    computer.has_everything()
    (computer.folder / "no-network").touch()
    broken = computer.setup("run")
    assert broken.returncode == 1
    assert "no route to host" in broken.stderr
    computer.forget()
    (computer.folder / "no-network").unlink()

    assert computer.setup("run").returncode == 0

    asked = "\n".join(computer.noted("asked"))
    assert "-e ." in asked
    assert "pip wheel" not in asked
    assert "-m venv" not in asked


def test_without_network_a_person_can_still_write_but_the_tests_cannot_run(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("run")
    computer.setup("test")
    (computer.folder / "no-network").touch()

    person = computer.setup("run")
    tests = computer.setup("test")

    assert person.returncode == 0
    assert "the letters and the keys work" in person.stdout
    assert tests.returncode == 1


def test_a_broken_environment_is_made_anew(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("check")
    python = computer.sayso / ".venv/bin/python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    computer.forget()

    assert computer.setup("check").returncode == 0

    asked = "\n".join(computer.noted("asked"))
    assert "-m venv .venv" in asked
    assert "pip wheel" not in asked
    assert python.is_file()


def test_a_moved_folder_gets_an_environment_of_its_own(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("check")
    computer.forget()
    computer.sayso = computer.sayso.rename(computer.folder / "elsewhere")

    computer.setup("check")

    assert "-m venv .venv" in computer.noted("asked")


def test_an_environment_that_somebody_made_by_hand_is_used(computer: Computer) -> None:
    computer.has_everything()
    subprocess.run(
        [computer.folder / "bin/python3.13", "-m", "venv", ".venv"],
        cwd=computer.sayso,
        env={"PATH": "/usr/bin:/bin", "COMPUTER": str(computer.folder)},
        check=True,
    )
    computer.forget()

    assert computer.setup("check").returncode == 0

    assert "-m venv .venv" not in computer.noted("asked")


def test_a_second_copy_on_the_same_machine_compiles_nothing(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("check")
    shutil.rmtree(computer.sayso / ".venv")
    computer.forget()

    computer.setup("check")

    assert not any("pip wheel" in asked for asked in computer.noted("asked"))


def test_another_processor_gets_an_engine_of_its_own(computer: Computer) -> None:
    computer.has_everything()
    computer.setup("check")
    computer.forget()
    computer.command("uname", "#!/bin/bash\necho aarch64\n")

    computer.setup("check")

    wheel = next(asked for asked in computer.noted("asked") if "pip wheel" in asked)
    assert "--no-cache-dir" in wheel
    assert len(list((computer.folder / "home/.cache/sayso/wheels").glob("*/*.whl"))) == 2


def test_the_script_reads_well_to_shellcheck() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    for script in ("packaging/setup.sh", ".ci/run"):
        done = subprocess.run(["shellcheck", ROOT / script], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout


def test_the_constraints_name_no_place_and_cover_every_dependency() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(line.count("==") == 1 and "/" not in line and "@" not in line for line in pins)
