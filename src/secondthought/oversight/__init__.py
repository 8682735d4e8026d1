"""Hidden reasoning made accountable: sealed, audited, watched; see docs/oversight.md."""
