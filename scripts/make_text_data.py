"""Build the English text in src/secondthought/tasks/data/ from Debian's packages.

    apt-get install bible-kjv bible-kjv-text fortunes wamerican wordnet-base
    pip install reasoning-gym
    python scripts/make_text_data.py

Training text: sentences of the King James Bible and of fortune files (quotations and short
prose; songs, poems and works of one author are left out) and of WordNet's examples, words of
wamerican.
Evaluation text: Verne's "In the Year 2889" and the words that reasoning-gym uses too.
Nothing of the evaluation text may be in the training text: a sentence goes when it shares
five words in a row with Verne or contains a plaintext of reasoning-gym's Caesar cipher; a word
goes when it is in reasoning-gym's list. The output depends on the installed files only.
"""

from __future__ import annotations

import lzma
import re
import subprocess
from collections import Counter
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from secondthought.tasks.english import ANNOUNCED, letters_only

OUT = Path(__file__).parent.parent / "src/secondthought/tasks/data"
FORTUNES = Path("/usr/share/games/fortunes")
FORTUNE_FILES = [
    "computers",
    "cookie",
    "debian",
    "education",
    "food",
    "fortunes",
    "kids",
    "law",
    "linux",
    "linuxcookie",
    "literature",
    "medicine",
    "miscellaneous",
    "news",
    "people",
    "pets",
    "platitudes",
    "politics",
    "riddles",
    "science",
    "sports",
    "wisdom",
    "work",
]
WORDNET = [Path("/usr/share/wordnet", f"data.{part}") for part in ("noun", "verb", "adj", "adv")]
WORDS = Path("/usr/share/dict/american-english")
BIBLE_SENTENCES = 6000
SHINGLE = 5  # the shortest span of reasoning-gym's letter_counting, in words

# Old forms would teach a small model an English nobody types today; crude words nobody needs.
ARCHAIC = re.compile(
    r"\b(thou|thee|thy|thine|ye|hath|doth|unto|wherefore|\w{2,}eth|art|shalt|wilt|hast|didst)\b",
    re.IGNORECASE,
)
CRUDE = re.compile(
    r"sex|porn|fuck|shit|\bass\b|asshole|bitch|damn|whore|nigg|\bfag|rape|penis|breast|naked|nude|"
    r"\bgod ?damn|bastard|\bpiss|\bcunt|\btit|\bcock|orgasm|virgin|prostitut|nazi|hitler|jew|"
    r"negro|suicid|lesbian|homosexual",
    re.IGNORECASE,
)
PLAIN = re.compile(r"[A-Z][A-Za-z0-9 ,;:'?!.-]*")


def split_sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])[\"')]*\s+", " ".join(text.split()))


def fortune_sentences() -> list[str]:
    found: list[str] = []
    for name in FORTUNE_FILES:
        text = (FORTUNES / name).read_text("utf-8", errors="replace")
        for cookie in re.split(r"^%\n", text, flags=re.MULTILINE):
            body = re.split(r"\n\s*--", cookie)[0]
            found += split_sentences(re.sub(r"[\"()\[\]]", "", body))
    return found


def bible_sentences() -> list[str]:
    text = subprocess.run(
        ["bible", "-f", "gen1:1-rev22:21"], capture_output=True, text=True, check=True
    ).stdout
    found: list[str] = []
    for line in text.splitlines():
        verse = re.sub(r"^\w+:\d+ ", "", line)
        # A clause of a verse reads like a sentence more often than a whole verse does.
        for clause in re.split(r"[:;]\s+", verse):
            found += split_sentences(clause)
    return found


def wordnet_sentences() -> list[str]:
    """The examples of use: of today's English, and of far more words than the others."""
    found: list[str] = []
    for path in WORDNET:
        for line in path.read_text("latin-1").splitlines():
            _, _, gloss = line.partition(" | ")
            found += (f"{text[:1].upper()}{text[1:]}" for text in re.findall(r'"([^"]+)"', gloss))
    return found


def good(sentence: str) -> bool:
    words = sentence.split()
    return (
        4 <= len(words) <= 24
        and PLAIN.fullmatch(sentence) is not None
        and all(len(word) <= 18 for word in words)
        and sum(word.isalpha() for word in words) >= 0.6 * len(words)
        and sum(c.isupper() for c in sentence) <= 0.2 * len(sentence)
        and not ARCHAIC.search(sentence)
        and not CRUDE.search(sentence)
    )


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)}


def caesar_plaintexts(text: str) -> list[str]:
    """The plaintexts of reasoning-gym's caesar_cipher, padded with a blank on both sides."""
    found: list[str] = []
    for sentence in text.split("."):
        words = [word.upper() for word in sentence.split() if word.isalpha()]
        if 3 <= len(words) <= 20:
            found.append(f" {' '.join(words)} ")
    return found


def by_hash(items: list[str]) -> list[str]:
    """A fixed shuffle, without repeats."""
    return sorted(set(items), key=lambda item: sha256(item.encode()).digest())


def write(name: str, lines: list[str]) -> None:
    data = ("\n".join(lines) + "\n").encode()
    packed = lzma.compress(data, preset=9 | lzma.PRESET_EXTREME)
    (OUT / f"{name}.txt.xz").write_bytes(packed)
    print(f"{name}: {len(lines)} lines, {len(data)} bytes, {len(packed)} packed")


def trigrams(sentences: list[str]) -> list[str]:
    """ "_th12345": how often three characters stand in a row; _ is a blank."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        plain = re.sub(r"['’]", "", sentence.lower())
        text = f"  {' '.join(re.findall(r'[a-z]+', plain))} "
        counts.update(text[i : i + 3] for i in range(len(text) - 2))
    return [f"{key.replace(' ', '_')}{count}" for key, count in sorted(counts.items())]


def main() -> None:
    gym = files("reasoning_gym.data")
    book = gym.joinpath("in_the_year_2889.txt").read_text("utf-8")
    gym_words = {word.lower() for word in gym.joinpath("words3to10.txt").read_text().split()}

    forbidden = shingles(book)
    plaintexts = caesar_plaintexts(book)

    def unseen(sentence: str) -> bool:
        if forbidden & shingles(sentence):
            return False
        words = " ".join(w.upper() for w in sentence.split() if w.isalpha())
        every = " ".join(re.findall(r"\w+", sentence.upper()))
        if any(text in f" {words} " or text in f" {every} " for text in plaintexts):
            return False
        joined = letters_only(sentence)
        return not any(letters_only(text) in joined for text in ANNOUNCED)

    train = [s for s in fortune_sentences() + wordnet_sentences() if good(s) and unseen(s)]
    bible = by_hash([s for s in bible_sentences() if good(s) and unseen(s)])
    sentences = by_hash(train + bible[:BIBLE_SENTENCES])
    write("sentences_train", sentences)
    write("trigrams", trigrams(sentences))

    story = book.split("IN THE YEAR 2889.", 1)[1].split("*** END OF THE PROJECT")[0]
    verne = [" ".join(part.replace("_", "").split()) for part in story.split(".")]
    write("sentences_eval", [part for part in verne if part])

    lower = [w for w in WORDS.read_text("utf-8").split() if w.isascii() and w.isalpha()]
    lower = sorted({w for w in lower if w.islower() and len(w) >= 3 and not CRUDE.search(w)})
    write("words_train", [w for w in lower if w not in gym_words and "strawberr" not in w])
    write("words_eval", [w for w in lower if w in gym_words])


if __name__ == "__main__":
    main()
