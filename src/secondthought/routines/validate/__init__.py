"""The checks of a routine; `check.check` runs them all."""
