"""The topics of help. Each is a Markdown file beside this module, which is read when the topic is shown.

A page begins with a title and one line that says what the page answers: the line that stands beside the topic in every list.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

TOPICS = (  # in the order of the lists: what a new user needs first
    "quickstart",
    "subscribing",
    "symbol-lists",
    "filters",
    "formats",
    "tables",
    "order-books",
    "recording",
    "reconnecting",
    "private-channels",
    "configuration",
    "prompt",
    "scripting",
    "any-websocket",
    "typing-messages",
    "proxies-and-tls",
    "simulator",
    "exchanges-and-apis",
    "exit-statuses",
    "troubleshooting",
    "glossary",
    "faq",
)


def topic_text(topic: str) -> str:
    """Return the page of a topic, as Markdown."""
    import pkgutil  # lazily: the names of the topics are known without it

    content = pkgutil.get_data(__package__, f"{topic}.md")  # also where the package is in a zip file
    assert content is not None, topic
    return content.decode("utf-8")


@cache
def glossary() -> Mapping[str, str]:
    """Return the words of the glossary with their meanings."""
    rows = [line.strip("| ").partition(" | ") for line in topic_text("glossary").splitlines() if line.startswith("| ")]
    return {word: meaning for word, _, meaning in rows[1:]}  # below the names of the columns


def glossary_entry(word: str, command: str) -> str | None:
    """Return a page for a word of the glossary, in any case or the plural; None for another word. command: `help` as it is typed.

    >>> print(glossary_entry("Snapshots", "wscli help"), end="")
    # snapshot
    <BLANKLINE>
    A message with the whole state so far: a complete book, the last trades.
    <BLANKLINE>
    Other words of these pages: `wscli help glossary`
    """
    small = word.lower()
    name = next((one for one in glossary() if small in (one.lower(), f"{one.lower()}s")), None)
    if name is None:
        return None
    meaning = glossary()[name]
    return f"# {name}\n\n{meaning[:1].upper()}{meaning[1:]}.\n\nOther words of these pages: `{command} glossary`\n"


@cache
def topic_summaries() -> Mapping[str, str]:
    """Return every topic with the line that says what its page answers."""
    return {topic: summary_of(topic_text(topic)) for topic in TOPICS}


def summary_of(page: str) -> str:
    """Return the line below the title of a page.

    >>> summary_of("# Filters\\n\\nHow to show only some messages.\\n\\nMore.\\n")
    'How to show only some messages.'
    """
    return page.split("\n", 3)[2]
