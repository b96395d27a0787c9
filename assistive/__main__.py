"""assistive: `python -P -m assistive VERB ...` is the same as `sayso VERB ...`."""

import sys

from assistive.cli import main

if __name__ == "__main__":
    sys.exit(main())
