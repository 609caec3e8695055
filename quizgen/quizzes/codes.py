"""Short codes that people read out: letters and digits that are not mistaken for each other, and a check digit."""

from __future__ import annotations

import hashlib

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U."""

_LENGTH = 7
_MISREAD = str.maketrans("ILO", "110")


def check_digit(body: str) -> str:
    """The digit that finds any single wrong character and any swap of neighbours but 0 with Z (Luhn, modulo 32)."""
    total = 0
    for place, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def sheet_code(secret: bytes, student: str, salt: int = 0) -> str:
    """A worksheet's code, such as ``K7QX-3M9P``; it tells nothing of the secret or the student."""
    digest = hashlib.blake2b(f"{salt}\x00{student}".encode(), key=secret[:64], digest_size=8, person=b"quizgen-sheet").digest()
    return _checked_code(digest)


def named_code(secret: bytes, content: str, salt: int = 0) -> str:
    """The code of an exported variant, such as ``K7QX-3M9P``; it tells nothing of the secret."""
    digest = hashlib.blake2b(f"{salt}\x00{content}".encode(), key=secret[:64], digest_size=8, person=b"quizgen-export").digest()
    return _checked_code(digest)


def _checked_code(digest: bytes) -> str:
    body = _letters(digest, _LENGTH)
    return f"{body[:4]}-{body[4:]}{check_digit(body)}"


def build_code(secret: bytes, content: str) -> str:
    """A build's public name: another one for another secret or another content, and it tells nothing of either."""
    return _letters(hashlib.blake2b(content.encode(), key=secret[:64], digest_size=8, person=b"quizgen-build").digest(), 8)


def _letters(digest: bytes, count: int) -> str:
    number = int.from_bytes(digest, "big")
    return "".join(ALPHABET[number >> (5 * place) & 31] for place in range(count))


def item_code(sheet: str, number: int) -> str:
    """The code of an item on a worksheet, such as ``K7QX-3M9P/4``."""
    return f"{sheet}/{number}"


def read_code(text: str) -> tuple[str, int | None] | None:
    """The sheet's code and the item's number in a code as people write it; None if its check digit does not fit."""
    sheet, _, number = text.strip().partition("/")
    compact = sheet.upper().translate(_MISREAD).replace("-", "").replace(" ", "")
    if len(compact) != _LENGTH + 1 or any(character not in ALPHABET for character in compact):
        return None
    if check_digit(compact[:-1]) != compact[-1] or (number and not number.isdigit()):
        return None
    return f"{compact[:4]}-{compact[4:]}", int(number) if number else None
