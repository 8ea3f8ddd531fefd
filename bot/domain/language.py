"""In which language a text is written: English, German, another one, or nobody knows.

Told from the small words that every sentence needs ("the", "und", "dans"), which no subject matter changes.
What is not prose is left out first: code, addresses, quotations, mentions. A text whose small words are few,
or point to two languages alike, is of unknown language: better no mark than a wrong one. Reliable from twenty
words on; a shorter text is told when its words leave no doubt.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Written(StrEnum):
    """The language of a text."""

    ENGLISH = "en"
    GERMAN = "de"
    OTHER = "other"
    UNKNOWN = "unknown"


LONGEST = 8_000
"""Characters of a text that are looked at: what comes after them is written as they are."""
_NO_PROSE = re.compile(
    r"""```.*?(?:```|\Z)  |  ~~~.*?(?:~~~|\Z)  |  `[^`\n]*`      # code
      | ^[ \t]*>[^\n]*$  |  ^(?:\ {4}|\t)[^\n]*$                  # quoted lines, indented code
      | <[^>\n]*>  |  \S+://\S+  |  \S+@\S+                       # mentions, tags, addresses
      | „[^“”\n]{0,300}[“”]  |  “[^”\n]{0,300}”  |  »[^«\n]{0,300}«  |  «[^»\n]{0,300}»
      | "[^"\n]{0,300}"                                           # what is quoted
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)?")
_LATIN_TO = "\u024f"
_FEW_LETTERS = 4
_MARGIN = 2.0
"""How many times as many small words of the best language as of the second best there have to be."""
_LEAD = 2
"""How many more, at the least."""
_SHARE = 0.16
"""The share of small words, at the least: prose has 0.3 to 0.5, a list of ingredients next to none."""

_SMALL_WORDS: Mapping[str, str] = {
    "en": """
        the of and to a in is that for it as was with be by on not he his but at are this have from or had an they
        which you were all there would their we him been has when who will no more if out so what up said its about
        than into them can only other some could these two may then do first any my now such like our over me even
        most made after also did many before must through where much your well down should because each just those
        how too does very here why whose while since both between under never again often still something every
        don't doesn't isn't it's that's i'm you're can't won't i am get make use need without within until although
        however usually let keep add take goes using""",
    "de": """
        der die und das den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat
        dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis
        mehr durch man sein wurde wenn können hatte kann gegen vom schon habe seine ihre dann unter wir soll ich
        eines jahr zwei diese dieser wieder keine seinem uns sei ihr ihm ihn mir mich dir dich du was wer wo warum
        wann welche welcher welches weshalb wozu sehr hier dort immer etwas nichts alle alles damit weil denn doch
        bitte gibt geht muss müssen sollte sollten könnte würde würden machen macht lassen lässt nun jetzt ohne
        zwischen während sowie sondern je jede jeder jedes dabei dazu davon darauf dafür also ab bist seid waren
        kannst musst willst hast deine dein deinen deiner euch unser unsere beim ins ans bleibt etwa lange viel
        viele wenig einfach besser man's geht's gibt's""",
    "fr": """
        le la les des de et est un une du que qui dans pour pas sur au avec ce il sont plus par ne se cette mais ou
        nous vous elle on ces aux être comme tout fait leur son sa ses très sans peut aussi bien où quand comment
        pourquoi quel quelle faut ont était c'est n'est d'un d'une qu'il je tu y en""",
    "es": """
        el la los las de y que en un una es por con para no se del al lo como más su sus pero este esta son está
        cuando muy sin sobre también hay puede ser fue entre desde todo cómo qué porque si ya o me le donde cuál""",
    "it": """
        il lo la gli le di e che è un una in per con non si del della dei delle al alla sono più come ma anche da
        questo questa nel nella essere ha se o molto quando perché può dove cosa tutto dal dalla ci su tra""",
    "pt": """
        o a os as de e que em um uma é por com para não se do da dos das no na nos nas ao como mais mas seu sua este
        esta são está quando muito sem sobre também há pode ser foi entre desde tudo porque você ou""",
    "nl": """
        de het een en van is dat op te in voor met zijn niet aan er om ook als bij maar door naar dan wordt uit kan
        nog worden heeft hebben deze dit die over tot veel meer je jij we wij ze hij hoe wat waarom waar moet of geen
        zo al niets iets onder tussen""",
    "sv": """
        och att det som en på är av för med den till inte om har de ett var jag men kan så från när man vid hur vad
        varför också eller ska då nu mycket under efter bara blir utan över mot""",
    "da": """
        og at det som en på er af for med den til ikke om har de et var jeg men kan så fra når man ved hvordan hvad
        hvorfor også eller skal da nu meget under efter kun bliver uden over mod være blev""",
    "pl": """
        i w na z do się nie że jest to jak o po od za przez dla oraz ale co tak są był być może tym który która
        które gdy już tylko lub bardzo jego czy dlaczego gdzie""",
    "cs": """
        a v na se je že s z do o k i jako pro ale to by jsou po od který která které tak není už nebo když jak co
        proč kde velmi může být byl""",
    "tr": """
        ve bir bu da de için ile çok daha gibi ne kadar olan olarak ama var değil en ya her sonra neden mi
        nerede olur""",
    "fi": """
        ja on ei se että hän oli ovat kun mutta niin myös tai jos joka mitä miten miksi missä kuin ole voi hyvin
        sen tämä nämä""",
    "hu": """
        a az és hogy nem is egy van de ez azt meg csak mint ha vagy már még mert volt lehet nagyon hogyan miért hol
        mi ki""",
    "ro": """
        și în de la cu o un pe nu că este să se din care pentru mai sau ca dar sunt au fost ce foarte cum unde când
        prin între""",
}
_LANGUAGES_BY_WORD: Mapping[str, tuple[str, ...]] = {
    word: tuple(language for language, words in _SMALL_WORDS.items() if word in words.split())
    for word in {word for words in _SMALL_WORDS.values() for word in words.split()}
}


def written_in(text: str) -> Written:
    """Tell in which language a text is written, as far as that is beyond doubt."""
    words = [
        word.lower().replace("\u2019", "'") for word in _WORD.findall(_NO_PROSE.sub(" ", text[:LONGEST]))
    ]
    if _foreign_script(words):
        return Written.OTHER
    hits = dict.fromkeys(_SMALL_WORDS, 0)
    for word in words:
        for language in _LANGUAGES_BY_WORD.get(word, ()):
            hits[language] += 1
    ours = {Written.ENGLISH: hits.pop("en"), Written.GERMAN: hits.pop("de")}
    found = ours | {Written.OTHER: max(hits.values())}  # which other one it is matters to nobody
    best, second = sorted(found, key=lambda language: found[language], reverse=True)[:2]
    enough = found[best] >= _SHARE * len(words) and found[best] >= found[second] + _LEAD
    return best if enough and found[best] >= _MARGIN * found[second] else Written.UNKNOWN


def _foreign_script(words: list[str]) -> bool:
    letters = [letter for word in words for letter in word]
    foreign = sum(letter > _LATIN_TO for letter in letters)
    return foreign >= _FEW_LETTERS and 2 * foreign > len(letters)
