"""Lots: draws that look like chance and that anybody can repeat who knows the words they are drawn with.

A lot is the hash of its words. To order by lots is to shuffle, to take those with the smallest lots is to draw
without putting back; neither depends on how many others there are, nor on the version of a generator.
"""

import hashlib

_WIDTH = 8


def lot(*words: object) -> float:
    """Return a number that is spread evenly over [0, 1), always the same for the same words.

    Args:
        words: A secret or a seed first, then what is drawn for.
    """
    digest = hashlib.sha256("\0".join(map(str, words)).encode()).digest()
    return (int.from_bytes(digest[:_WIDTH], "big") >> 11) / (1 << 53)
