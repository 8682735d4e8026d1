"""The Hugging Face hub: is it reached from here?

Its libraries ask for each file six times, with waits in between, and print every try: without a
network that is nearly a minute of noise before the error. So it is asked once before they are.
"""

from __future__ import annotations

import os

WITHIN = 5.0
"""Seconds that the hub has to answer."""
_SAID = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")


def offline_unless_reached() -> None:
    """Where the hub (`HF_ENDPOINT`) does not answer, tell its libraries so, by `HF_HUB_OFFLINE`:
    then they use what was loaded before, or say at once that it is not there.

    To be called before `huggingface_hub` is imported, which reads the variable only then. Does
    nothing where one of the libraries' variables is set: the user has decided.
    """
    if any(os.environ.get(name) for name in _SAID):
        return
    import httpx

    try:
        # Any answer will do, and the environment's proxies are used, as by the libraries.
        httpx.head(os.environ.get("HF_ENDPOINT") or "https://huggingface.co", timeout=WITHIN)
    except (httpx.HTTPError, httpx.InvalidURL):
        os.environ["HF_HUB_OFFLINE"] = "1"
