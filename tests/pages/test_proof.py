"""The page that tells what the long proofs found."""

import re
from pathlib import Path

import prove
from tests.pages.conftest import page


def test_every_proof_is_on_the_page_in_full_and_holds() -> None:
    """No section is missing, none was made with less than the full figures, and none tells of failures."""
    sections = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=\n<!-- |\Z)", page("proof"), re.DOTALL))
    assert tuple(sections) == prove.PROOFS
    for section in sections.values():
        assert "\nScale 1, seed " in section
        assert "Failures:" not in section


def test_a_section_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    """The others stay, in the order of the list."""
    page = tmp_path / "docs" / "proof.md"
    for name, text in [("soak", "## Soak\n\nold\n"), ("faults", "## Faults\n"), ("soak", "## Soak\n\nnew\n")]:
        prove.write(page, name, text)
    assert page.read_text() == f"{prove.HEAD}\n<!-- faults -->\n## Faults\n\n<!-- soak -->\n## Soak\n\nnew\n"
