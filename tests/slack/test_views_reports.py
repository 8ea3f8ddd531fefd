"""Config, contestants, duels, status and help, for the person who asked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.answer import Thumbs
from bot.domain.ballot import Tally
from bot.domain.channel_config import BUILT_IN, ChannelConfig, Mode, rules
from bot.domain.completion import Completion, Failure, FailureKind, Usage
from bot.domain.contestant import ContestantKind, Endpoint, FineTunedModel
from bot.domain.duel import ClosedBy
from bot.domain.errors import BotError, Code, Outage, Refusal
from bot.domain.parameters import Parameters
from bot.domain.persona import Persona
from bot.domain.reports import (
    ConfigChange,
    ConfigReport,
    DuelReport,
    EndpointStatus,
    Keeps,
    ModelReport,
    PersonaReport,
    Status,
    StoreProblem,
    StoreStatus,
    Trial,
)
from bot.slack.texts import Texts
from bot.slack.views import contestants, help, refusals, reports  # noqa: A004
from tests.slack.projection import seen
from tests.slack.values import DUEL, NOW, PLACE, closed, config_report

WORDS = Texts.load("/taste").words("en")
PAIR = ("support", "pizzaiolo")
SUPPORT = Persona(
    slug="support",
    name="Support engineer",
    description="Finds out what is broken.",
    template="You are a support engineer.",
    parameters=Parameters(temperature=0.4, max_tokens=400),
)
PLAIN = Persona(slug="plain", name="No persona", description="The model as it is.", template="", plain=True)
MODEL = FineTunedModel("pizzaiolo", "ft:tiny:bakery", "local")
ANSWERED = Trial("pizzaiolo", "ft:tiny:bakery", "local", Completion("ready", False, Usage(12, 2), 90, 340))


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        (config_report(answer="support"), "Questions here are answered by support."),
        (
            config_report(answer="support", pair=PAIR, duel_share=20),
            "Questions here are answered by support; 20 of 100 become duels support : pizzaiolo.",
        ),
        (config_report(answer="support", pair=PAIR), "Questions here are answered by support."),
        (
            config_report(answer="support", pair=PAIR, duel_share=100),
            "Every question here becomes a duel support : pizzaiolo.",
        ),
        (
            config_report(pair=PAIR, duel_share=20),
            "20 of 100 questions become duels support : pizzaiolo; for the others nobody is set to answer.",
        ),
        (
            config_report(),
            "Nobody is set to answer questions here. Choose somebody with `/taste config set answer=&lt;name&gt;`.",
        ),
        (config_report(answer="support", duel_share=20), "Questions here are answered by support."),
        (
            ConfigReport(
                None, rules(ChannelConfig(answer="support"), BUILT_IN), ChannelConfig(), None, {}, (), ()
            ),
            "Questions in channels that say nothing else are answered by support.",
        ),
    ],
)
def test_a_config_is_one_sentence_first(report: ConfigReport, outcome: str) -> None:
    shown = reports.config_shown(WORDS, report)

    assert shown.text == outcome
    assert shown.blocks[0]["text"]["text"].startswith(f"*{outcome}*")


def test_a_config_in_full() -> None:
    own = ChannelConfig(
        answer="support", pair=("support", "gone"), duel_share=20, sensitive=True, close_minutes=0
    )
    report = ConfigReport(
        PLACE,
        rules(own, ChannelConfig()),
        own,
        Mode.PROMPT,
        {"support": ContestantKind.HYBRID},
        ("gone",),
        (),
    )

    assert seen(reports.config_shown(WORDS, report)) == snapshot(
        [
            """\
*Questions here are answered by support; 20 of 100 become duels support : gone.*
`gone` is set but does not exist (any more). Choose somebody else with `/taste config set`.
• `support` is a persona on a fine-tuned model.
• Mode: `prompt`.
• What everybody here reads from me is in English (`language=en`).
• In a thread I answer messages that mention me (`threads=mention`).
• A duel closes at 3 votes, and after 24 hours at the latest.
• Texts of duels are kept 90 days, threads 30 days after their last message.
• This channel is sensitive: only endpoints in house are asked.
• Questions stay in house.\
""",
            "(Set for this channel: `answer=support`, `pair=support,gone`, `duel_share=20`, `sensitive=on`, `close_minutes=0`. The rest is the team's default.)",
        ]
    )


def test_a_share_without_a_pair_is_pointed_out() -> None:
    assert seen(reports.config_shown(WORDS, config_report(answer="support", duel_share=20)))[0] == snapshot("""\
*Questions here are answered by support.*
`duel_share=20` has no effect until a pair is set: `/taste config set pair=&lt;name&gt;,&lt;name&gt;`.
• `support` is a persona on a general model.
• What everybody here reads from me is in English (`language=en`).
• In a thread I answer messages that mention me (`threads=mention`).
• A duel closes at 3 votes, not before 10 minutes, and after 24 hours at the latest.
• Texts of duels are kept 90 days, threads 30 days after their last message.
• Questions leave the house to: `openai`.
• Before that, e-mail addresses, phone, card and account numbers and keys are masked (`redact=on`).
• People who speak are sent as “Speaker 1”, “Speaker 2”, without their names.\
""")


def test_a_change_says_before_and_after_and_what_holds() -> None:
    change = ConfigChange(config_report(answer="support"), {"answer": ("", "support"), "pair": ("a,b", "")})

    assert seen(reports.config_changed(WORDS, change)) == snapshot(
        [
            """\
`answer`: not set → `support`
`pair`: `a,b` → not set
*Questions here are answered by support.*\
"""
        ]
    )


def test_no_change_is_said_too() -> None:
    assert seen(reports.config_changed(WORDS, ConfigChange(config_report(answer="support"), {}))) == snapshot(
        [
            """\
That is how it was already; nothing was changed.
Questions here are answered by support.\
"""
        ]
    )


def test_duels_are_listed_with_their_links() -> None:
    ended = closed(Tally(2, 0, 1))
    found = [
        DuelReport(DUEL, "Why does my sourdough |collapse|?", 1),
        DuelReport(ended, None, 3),
        DuelReport(closed(Tally(), ClosedBy.TIME), " ", 0),
    ]

    linked = reports.duels_listed(WORDS, found, {DUEL.id: "https://bakery.slack.com/p1?thread_ts=1&cid=C"})

    assert seen(linked) == snapshot(
        [
            """\
*The latest 3 duels here*
• <!date^1795356000^{date_short_pretty} {time}|2026-11-22 14:00 UTC>: <https://bakery.slack.com/p1?thread_ts=1&amp;cid=C|“Why does my sourdough ¦collapse¦?”> Still open. 1 person has voted.
• <!date^1795356000^{date_short_pretty} {time}|2026-11-22 14:00 UTC>: <https://bakery.slack.com/p1?thread_ts=1&amp;cid=C|(text deleted after its time)> *A* was *support*, *B* was *pizzaiolo*. *A* leads.
• <!date^1795356000^{date_short_pretty} {time}|2026-11-22 14:00 UTC>: <https://bakery.slack.com/p1?thread_ts=1&amp;cid=C|(text deleted after its time)> Nobody voted, so the duel is closed and who wrote what stays sealed.\
"""
        ]
    )


def test_links_that_would_break_out_are_left_away() -> None:
    listed = reports.duels_listed(WORDS, [DuelReport(DUEL, "Why?", 1)], {DUEL.id: "https://x|<!channel>"})

    assert "https" not in str(listed.blocks)


def test_no_duels() -> None:
    assert seen(reports.duels_listed(WORDS, [], {})) == snapshot(
        ["There has been no duel in this channel yet. Start one with `/taste duel &lt;question&gt;`."]
    )


def test_status_when_all_is_well() -> None:
    store = StoreStatus("Valkey 9.0.1", Keeps.EVERY_WRITE, (), 0.42)
    local = Endpoint("local", True, "smollm2", Parameters(), 8_192)
    status = Status("0.1.0", NOW, 0, 0, 1, store, (EndpointStatus(local, None, 12.3),), ())

    assert seen(reports.status_shown(WORDS, status)) == snapshot(
        [
            """\
*All is well.*
Kostprobe 0.1.0, running since <!date^1795356000^{date_short_pretty} {time}|2026-11-22 14:00 UTC>.
Store: Valkey 9.0.1, answers in 0.4 ms. Every write is on disk before it is answered.
1 worker answers questions.
0 threads are waiting for an answer.
Endpoint `local` (in house) answers in 12 ms.\
"""
        ]
    )


def test_status_when_things_are_wrong() -> None:
    store = StoreStatus("Redis 7.2", Keeps.NOTHING, (StoreProblem.EVICTS,), 1.2)
    openai = Endpoint("openai", False, None, Parameters(), 128_000)
    faults = ("prompts/chef.md:3: `colour` is not a key.",)
    status = Status("0.1.0", NOW, 2, 1, 0, store, (EndpointStatus(openai, FailureKind.AUTH, 230),), faults)

    assert seen(reports.status_shown(WORDS, status)) == snapshot(
        [
            """\
*6 things need a look.*
Kostprobe 0.1.0, running since <!date^1795356000^{date_short_pretty} {time}|2026-11-22 14:00 UTC>.
Store: Redis 7.2, answers in 1.2 ms. It keeps nothing, so a restart loses every question, vote and setting. Set `appendonly yes` there.
The store throws keys away when its memory is full, and votes with them. Set `maxmemory-policy noeviction` there.
0 workers answer questions.
2 threads are waiting for an answer.
1 question could not be answered and was set aside.
Endpoint `openai` (outside) does not answer. The model's endpoint refused my key. An admin has to put a valid one into the settings.
Persona: prompts/chef.md:3: `colour` is not a key.\
"""
        ]
    )


def test_personas() -> None:
    listed = contestants.personas_listed(WORDS, [PersonaReport(SUPPORT, "openai", "gpt-x")])

    assert seen(listed) == snapshot(
        [
            """\
*One persona*
• `support`: Finds out what is broken.\
""",
            "(Ask one by name: `/taste ask persona=&lt;name&gt; &lt;question&gt;`. More about one: `/taste persona show &lt;name&gt;`.)",
        ]
    )
    assert seen(contestants.personas_listed(WORDS, [])) == snapshot(
        ["There is no persona yet. Put a file into `prompts/`."]
    )


def test_a_persona_says_how_many_questions_it_brings() -> None:
    some = PersonaReport(replace(SUPPORT, tasting=("Why?", "How?")), "openai", "gpt-x")

    assert "brings 2 questions to taste" in str(seen(contestants.persona_shown(WORDS, some)))


def test_a_persona_says_that_a_draft_is_there_and_a_draft_what_it_is() -> None:
    has = PersonaReport(SUPPORT, "openai", "gpt-x", has_draft=True)
    draft = PersonaReport(SUPPORT, "openai", "gpt-x", draft=True)

    assert "`support`: Finds out what is broken. A draft is there, `support@draft`:" in str(
        seen(contestants.personas_listed(WORDS, [has]))
    )
    assert "A draft is there, `support@draft`:" in str(seen(contestants.persona_shown(WORDS, has)))
    assert "`support@draft`: Finds out what is broken. This is a draft:" in str(
        seen(contestants.personas_listed(WORDS, [draft]))
    )
    shown = str(seen(contestants.persona_shown(WORDS, draft)))
    assert "Support engineer (`support@draft`)" in shown
    assert "This is a draft:" in shown
    assert "`prompts/drafts/support.md`" in shown


@pytest.mark.parametrize(
    ("report", "shown"),
    [
        (
            PersonaReport(SUPPORT, "openai", "gpt-x"),
            snapshot(
                [
                    """\
*Support engineer (`support`)*
Finds out what is broken.
Answers with `gpt-x` at `openai`.
Its prompt has about 9 tokens, in English.
Sent with: `temperature=0.4`, `max_tokens=400`.\
""",
                    "(`prompts/support.md`, version `ab34d6a0b52c`. A changed prompt is a new contestant.)",
                ]
            ),
        ),
        (
            PersonaReport(PLAIN, "local", None),
            snapshot(
                [
                    """\
*No persona (`plain`)*
The model as it is.
Cannot answer now: no model is known for it at `local`. Name one in its file, or in the settings of the endpoint.
No prompt: the model answers as it is.\
""",
                    "(`prompts/plain.md`, version `aa5598c670c7`. A changed prompt is a new contestant.)",
                ]
            ),
        ),
    ],
)
def test_a_persona_is_shown_without_its_prompt(report: PersonaReport, shown: list[str]) -> None:
    assert seen(contestants.persona_shown(WORDS, report)) == shown


def test_models() -> None:
    listed = contestants.models_listed(
        WORDS, [ModelReport(MODEL, True, (PLACE,)), ModelReport(MODEL, False, ())]
    )

    assert seen(listed) == snapshot(
        [
            """\
*2 fine-tuned models*
• `pizzaiolo`: `ft:tiny:bakery` at `local` (in house). Used in <#C0DOUGH>.
• `pizzaiolo`: `ft:tiny:bakery` at `local` (outside). Not in use.\
"""
        ]
    )
    assert seen(contestants.models_listed(WORDS, [])) == snapshot(
        [
            "No fine-tuned model is registered. Add one with `/taste model add &lt;name&gt; model=&lt;model id&gt; endpoint=&lt;endpoint&gt;`."
        ]
    )
    assert seen(contestants.model_added(WORDS, MODEL, ANSWERED)) == snapshot(
        [
            """\
`pizzaiolo` is registered.
`pizzaiolo` (`ft:tiny:bakery` at `local`) answered a small question in 340 ms, with 14 tokens.
Let it answer in this channel with `/taste config set answer=pizzaiolo`, or taste it against another first: `/taste config set pair=pizzaiolo,&lt;name&gt;`.\
"""
        ]
    )
    assert seen(contestants.model_removed(WORDS, "pizzaiolo")) == snapshot(
        ["`pizzaiolo` is removed. Its past duels stay."]
    )


def test_a_model_that_does_not_answer() -> None:
    busy = Trial("pizzaiolo", "ft:tiny", "local", Failure(FailureKind.RATE_LIMIT, 30, 90.0))
    down = Trial("pizzaiolo", "ft:tiny", "local", Failure(FailureKind.UNREACHABLE, 30))

    assert contestants.model_tested(WORDS, busy).text == snapshot(
        "`pizzaiolo` did not answer a small question. The model's endpoint is getting more questions than it allows. Try again in 90 seconds."
    )
    assert contestants.model_tested(WORDS, down).text == snapshot(
        "`pizzaiolo` did not answer a small question. The model's endpoint could not be reached. An admin can look with `/taste status`."
    )


def test_help_names_the_command_as_it_is_called_here() -> None:
    everybody = seen(help.help_shown(WORDS, admin=False))
    admin = seen(help.help_shown(WORDS))

    assert "/taste ask" in everybody[1]
    assert "/kostprobe" not in str(admin)
    assert "model add" in str(admin)
    assert "model add" not in str(everybody)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            Refusal(Code.UNKNOWN_COMMAND, name="tste", suggestion="taste"),
            snapshot(
                "I do not know the command `tste`. `/taste help` shows all of them. Did you mean `taste`?"
            ),
        ),
        (
            Refusal(Code.ADMINS_ONLY, creators=True),
            snapshot(
                "Only admins may do that: workspace admins and owners, and those on this app's list of admins. Guests never may. Whoever created this channel may, too."
            ),
        ),
        (
            Refusal(Code.ADMINS_ONLY, creators=False),
            snapshot(
                "Only admins may do that: workspace admins and owners, and those on this app's list of admins. Guests never may."
            ),
        ),
        (
            Refusal(Code.MODEL_IN_USE, name="pizzaiolo", channels=[PLACE]),
            snapshot(
                "`pizzaiolo` is in use and stays: <#C0DOUGH>. Choose somebody else there first with `/taste config set`."
            ),
        ),
        (
            Refusal(Code.MODEL_IN_USE, name="pizzaiolo", channels="<#C0A>, <#C0B>"),
            snapshot(
                "`pizzaiolo` is in use and stays: <#C0A>, <#C0B>. Choose somebody else there first with `/taste config set`."
            ),
        ),
        (
            Refusal(Code.MODEL_IN_USE, name="pizzaiolo", channels=""),
            snapshot(
                "`pizzaiolo` is in use and stays: the team's default. Choose somebody else there first with `/taste config set`."
            ),
        ),
        (
            Refusal(Code.MODEL_TRIAL_FAILED, name="pizzaiolo", kind="auth"),
            snapshot(
                "`pizzaiolo` was not added, because it did not answer a first small question. The model's endpoint refused my key. An admin has to put a valid one into the settings."
            ),
        ),
        (
            Outage(Code.STORE_DOWN),
            snapshot(
                "My memory cannot be reached just now, so this may not have been done. Please try again in a minute."
            ),
        ),
        (
            Outage(Code.SLACK_DOWN, retry_after=timedelta(seconds=30)),
            snapshot("Slack did not take that. Try again in 30 seconds."),
        ),
        (
            Outage(Code.SLACK_DOWN, retry_after=timedelta(0)),
            snapshot("Slack did not take that. Try again in 1 second."),
        ),
    ],
)
def test_refusals_say_what_happened_and_what_to_do(error: BotError, said: str) -> None:
    assert refusals.refused(WORDS, error).text == said


def test_thumbs_are_shown_where_there_are_any() -> None:
    some = replace(PersonaReport(SUPPORT, "openai", "gpt-x"), thumbs=Thumbs(up=12, down=3))
    model = ModelReport(MODEL, True, (), Thumbs(up=1))

    assert "good 12, bad 3" in contestants.persona_shown(WORDS, some).blocks[0]["text"]["text"]
    assert "good 1, bad 0" in contestants.models_listed(WORDS, [model]).blocks[0]["text"]["text"]
    assert "Thumbs for" not in str(contestants.models_listed(WORDS, [ModelReport(MODEL, True, ())]).blocks)
