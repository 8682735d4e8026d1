"""How sure the model is of a finished answer: a linear probe that lives in the weights.

The marker <|score|> is never read and never written: the engine cannot choose it, no text has it.
So its row of the output matrix is free to be the weights of a logistic regression on the last
hidden state (`train/score.py` fits it; all other weights stay, and with them every token). Where
the answer ends, the model's logits are there anyway; among them is this probe, as the log-odds of
<|score|> against the unused marker beside it. Any program that shows logits can read it.

score.json, beside the weights, makes a probability of it and of the rest of the `Evidence`:

    confidence = sigmoid(bias + sum of factor * signal)

That a model's states know whether its answer is right: Kadavath et al. 2022 (arXiv 2207.05221).
The calibration is Platt's (1999).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from secondthought.messages import BadInput
from secondthought.trace import Evidence

FILE = "score.json"


def signals(evidence: Evidence) -> dict[str, float]:
    """The numbers that are weighed, by name."""
    return {
        "marker": evidence.marker,
        "thought": evidence.thought or 0.0,
        "answer": evidence.answer,
        "failed": math.log1p(evidence.failed),
        "no_thought": float(evidence.thought is None),
    }


@dataclass(frozen=True, slots=True)
class Score:
    """weights: the hash of the weights that it belongs to. factors: by the names of `signals`.
    fit: what it was fitted on and how well it tells right from wrong, for people to read."""

    weights: str
    bias: float
    factors: Mapping[str, float]
    fit: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def confidence(self, evidence: Evidence) -> float:
        """How likely an answer is right, 0 to 1."""
        x = self.bias + sum(self.factors[name] * v for name, v in signals(evidence).items())
        return 1 / (1 + math.exp(-max(-700.0, min(700.0, x))))

    def write(self, folder: Path) -> None:
        (folder / FILE).write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")

    @classmethod
    def read(cls, folder: Path, weights: str) -> Score | None:
        """The score of these weights; None where there is none, or that of others. Raises
        BadInput for a file that is none of ours."""
        path = folder / FILE
        if not path.is_file():
            return None
        try:
            raw: dict[str, Any] = json.loads(path.read_text("utf-8"))
            names = signals(Evidence(0.0, None, 0.0, 0))
            factors = {name: float(raw["factors"][name]) for name in names}
            found = cls(str(raw["weights"]), float(raw["bias"]), factors, dict(raw.get("fit", {})))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadInput(
                f"{path} is damaged ({error!r}); fit it again (secondthought train score) or "
                "delete it"
            ) from error
        return found if found.weights == weights else None
