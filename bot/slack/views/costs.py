"""What duels would cost, in a sentence."""

from collections.abc import Callable

from bot.domain.costs import Estimate, Range
from bot.slack.texts import Safe, Words


def cost_text(words: Words, estimate: Estimate) -> str:
    """Return what more duels would cost in a month, how that is reckoned, and how sure it is."""
    if not estimate.questions:
        return words.say("costs.unknown")
    share = Safe(words.percent(estimate.share / 100))
    low, middle, high = _figures(words, estimate)
    basis = words.say(
        "costs.basis", count=estimate.questions, days=Safe(words.say("units.days", count=estimate.days))
    )
    sentences = [words.say("costs.more", share=share, middle=middle, low=low, high=high, basis=Safe(basis))]
    if estimate.guessed:
        sentences.append(words.say("costs.guessed"))
    if estimate.money is None:
        sentences.append(words.say("costs.no_price"))
    return " ".join(sentences)


def _figures(words: Words, estimate: Estimate) -> tuple[Safe, Safe, Safe]:
    if estimate.money is not None:
        money = estimate.money
        return _each(money, lambda amount: words.money(amount, estimate.currency))
    return _each(estimate.tokens, lambda count: words.say("costs.tokens", number=_rounded(count)))


def _each(of: Range, shown: Callable[[float], str]) -> tuple[Safe, Safe, Safe]:
    return Safe(shown(of.low)), Safe(shown(of.middle)), Safe(shown(of.high))


def _rounded(count: float) -> int:
    """Two digits that say something: more would pretend."""
    whole = round(count)
    digits = len(str(abs(whole))) - 2
    return round(whole, -digits) if digits > 0 else whole
