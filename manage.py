#!/usr/bin/env python
"""The command line of KireMisu: see `manage.py help`."""

import sys

from kiremisu.server.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv))
