"""Another process that uses the engine, for the tests that end processes.

``client.py hold HOME`` says where the engine is and stays attached until its standard input is closed;
``client.py write HOME`` writes numbered rows, one transaction each, and says each number once it is acknowledged.
"""

import sys
from itertools import count
from pathlib import Path

from graph.engine import Address, attach
from graph.settings import GraphSettings

LINGER_S = 0.3
WRITE_ROW = "CREATE (:Row {number: $number})"


def main() -> None:
    what, home = sys.argv[1:]
    with attach(GraphSettings(home=Path(home), neo4j_uri=None), linger_s=LINGER_S) as address:
        say(address.uri)
        if what == "write":
            write_rows(address)
        else:
            sys.stdin.read()


def write_rows(address: Address) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(
        address.uri, auth=(address.user, address.password.get_secret_value()), max_transaction_retry_time=0
    ) as driver:
        for number in count():
            driver.execute_query(WRITE_ROW, number=number)
            say(number)


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
