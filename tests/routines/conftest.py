"""The public data that some tests read: named by a variable, or in a folder beside the checkout."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from secondthought.routines.model import Routine
from secondthought.routines.parse import parse

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "src" / "secondthought" / "routines" / "examples"
# Published routines and the article that each was made from.
PUBLISHED = {
    "o1_delete_payment_method": "Delete Payment Method",
    "o1_prepaid_billing": "Set up prepaid billing",
    "o1_vat_exemption": "VAT Exemption request",
    "swarm_flight_cancellation": None,
    "swarm_lost_baggage": None,
}


def find_data() -> Path | None:
    named = os.environ.get("SECONDTHOUGHT_ROUTINE_DATA")
    places = [Path(named)] if named else [HERE.parents[2] / "shared" / "data" / "routines"]
    return next((place for place in places if place.is_dir()), None)


@pytest.fixture(scope="session")
def data() -> Path:
    found = find_data()
    if found is None:
        pytest.skip("the routine data is not here; set SECONDTHOUGHT_ROUTINE_DATA to its folder")
    return found


@pytest.fixture(scope="session")
def articles(data: Path) -> dict[str, str]:
    rows = json.loads((data / "articles" / "helpcenter_articles.json").read_text("utf-8"))
    return {row["policy"]: row["content"] for row in rows}


@pytest.fixture(scope="session")
def published(data: Path) -> dict[str, str]:
    return {name: (data / "published" / f"{name}.md").read_text("utf-8") for name in PUBLISHED}


@pytest.fixture
def returns() -> Routine:
    return parse((EXAMPLES / "returns.routine.md").read_text("utf-8"))
