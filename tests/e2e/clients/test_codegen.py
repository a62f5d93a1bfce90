"""graphql-codegen makes typed documents of the queries of docs/graphql.md, which TypeScript holds a program to."""

import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.clients.programs import furnished, run

HERE = Path(__file__).parent
PROGRAM = HERE / "program.ts"
DOCUMENT = HERE.parents[2] / "docs" / "graphql.md"
QUERY = re.compile(r"^```graphql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STRICT = ("--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", "")


@pytest.fixture(scope="module")
async def typed(tmp_path_factory: pytest.TempPathFactory, packages: Path) -> Path:
    """A folder with what was generated, and the program."""
    folder = furnished(tmp_path_factory.mktemp("typed"), packages)
    (folder / "queries").mkdir()
    queries = QUERY.findall(DOCUMENT.read_text(encoding="utf-8"))
    assert len(queries) >= 6
    for number, query in enumerate(queries):
        named = re.sub(r"^\{", f"query Example{number} {{", query)
        (folder / "queries" / f"{number}.graphql").write_text(named, encoding="utf-8")
    shutil.copy(HERE / "codegen.json", folder)
    shutil.copy(PROGRAM, folder)
    code, said = await run("@graphql-codegen/cli/esm/bin.js", "--config", "codegen.json", cwd=folder)
    assert code == 0, said
    return folder


async def checked(folder: Path, program: str) -> tuple[int, str]:
    """What TypeScript says of a program and of the schema's types."""
    return await run("typescript/bin/tsc", *STRICT, program, "types.ts", cwd=folder)


async def test_a_program_that_reads_what_it_selected_is_accepted(typed: Path) -> None:
    assert await checked(typed, PROGRAM.name) == (0, "")
    assert "any" not in re.findall(r"\w+", (typed / "documents.ts").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "right, wrong, said_of_it",
    [
        ("node.headline ?? null", "node.email ?? null", "Property 'email' does not exist"),
        ("name: string = node.name", "name: number = node.name", "'string' is not assignable to type 'number'"),
        ('topic: "Crowd management", after', "after", "Property 'topic' is missing"),
        ('"Country") console.log(thing.code', '"Country") console.log(thing.title', "Property 'title' does not exist"),
    ],
    ids=["not selected", "of another type", "a variable left out", "of another noun"],
)
async def test_a_program_that_does_not_fit_its_queries_is_rejected(
    typed: Path, right: str, wrong: str, said_of_it: str
) -> None:
    text = PROGRAM.read_text(encoding="utf-8")
    assert text.count(right) == 1
    (typed / "wrong.ts").write_text(text.replace(right, wrong), encoding="utf-8")

    code, said = await checked(typed, "wrong.ts")

    assert code != 0
    assert said_of_it in said
