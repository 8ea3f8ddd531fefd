"""The tasting that playing opens on."""

from bot.adapters.prompt_watch import PromptFiles
from bot.adapters.redis_cellar import RedisCellar
from bot.adapters.redis_client import Store
from bot.adapters.redis_tuning import RedisTrainingMemory
from bot.cli.seeds import Seeds
from bot.cli.served import bottles, fill_cellar, remember_training
from bot.domain.contestant import Endpoint, FineTunedModel, Roster
from bot.domain.ids import TeamId
from bot.domain.menu import set_menu
from bot.domain.parameters import Parameters
from bot.playground.house.shipped import held_out, model_id
from bot.playground.model.weights import MODEL_ID
from tests.scenarios.house import ROOT

SEEDS = Seeds.read()


def test_the_answers_that_come_along_are_those_of_the_house_s_prompt_and_model() -> None:
    """Edited or made again since? Then cook them again: see CONTRIBUTING, "The tasting of `make play`"."""
    personas = PromptFiles(ROOT / "prompts").all()
    local = Endpoint(
        "local",
        private=True,
        model=MODEL_ID,
        parameters=Parameters.from_document(dict(SEEDS.parameters)),
        context_tokens=4096,
    )
    house = FineTunedModel("pizzaiolo", model_id(), "local")
    roster = Roster(personas, {SEEDS.house or "": house}, {"local": local}, "local")
    slug = SEEDS.tasting["menu"].partition(":")[2]
    menu = set_menu(personas[slug].tasting, count=SEEDS.tasting["count"])
    both = [roster.find(SEEDS.tasting[side]).fingerprint for side in ("first", "second")]

    assert len(menu.questions) == SEEDS.tasting["count"]
    assert {(bottle.fingerprint, bottle.question.id) for bottle in bottles()} == {
        (one, question.id) for one in both for question in menu.questions
    }


def test_they_are_whole() -> None:
    assert not any(bottle.answer.cut or bottle.answer.looped for bottle in bottles())


async def test_they_are_put_into_the_cellar(store: Store, store_url: str, store_prefix: str) -> None:
    await fill_cellar(store_url, "T1", prefix=store_prefix)

    one = bottles()[0]
    there = await RedisCellar(store).bottled(TeamId("T1"), one.fingerprint, [one.question.id])
    assert there == {one.question.id: one.answer}


async def test_what_the_house_model_was_trained_on_is_remembered(
    store: Store, store_url: str, store_prefix: str
) -> None:
    await remember_training(store_url, "T1", model_id(), prefix=store_prefix)

    trained = (await RedisTrainingMemory(store).recall(TeamId("T1"), [model_id()]))[model_id()]
    assert trained.seen.knows("What goes into your dough?")
    assert not any(trained.seen.knows(question) for question in held_out())
