"""packaging: makes the recordings in tests/data/recordings anew.

``.venv/bin/python -P packaging/record_stories.py [NAME ...]``: only when the engine is meant to behave otherwise
than it did; the difference between the old and the new text belongs into the commit message.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests/assistive"), str(ROOT / "tests/assistive/recording")]

from diarist import STORIES, STORIES_FOLDER  # noqa: E402


def main(names: list[str]) -> int:
    """Record the stories with these names, or all of them."""
    for name in names or STORIES:
        path = STORIES_FOLDER / f"{name}.jsonl"
        path.unlink(missing_ok=True)
        person = STORIES[name]()
        person.keep(path)
        path.chmod(0o644)
        print(f"{name}: {person.text!r}, said {person.spoken}, {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
