"""``python -m api.cli`` is ``knowwho``."""

from api.cli import main

main()
