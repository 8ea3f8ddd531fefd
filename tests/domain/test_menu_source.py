import pytest

from bot.domain.menu_source import MenuKind, MenuSource


@pytest.mark.parametrize(
    ("source", "packed"),
    [
        (MenuSource(MenuKind.CHANNEL, days=30), "channel:30"),
        (MenuSource(MenuKind.PERSONA, "support"), "persona:support"),
        (MenuSource(MenuKind.SHIPPED, "cooking"), "shipped:cooking"),
        (MenuSource(MenuKind.LINES), "lines"),
        (MenuSource(MenuKind.FILE), "file"),
    ],
)
def test_a_source_comes_back_from_its_short_form(source: MenuSource, packed: str) -> None:
    assert source.pack() == packed
    assert MenuSource.unpack(packed) == source


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "soup",
        "channel",
        "channel:0",
        "channel:366",
        "channel:x",
        "persona",
        "persona:",
        "lines:x",
        "file:",
    ],
)
def test_what_is_no_source_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match=r"valid MenuKind|a menu of kind|invalid literal"):
        MenuSource.unpack(bad)


@pytest.mark.parametrize("kind", [MenuKind.PERSONA, MenuKind.LINES])
def test_only_a_channel_has_days(kind: MenuKind) -> None:
    with pytest.raises(ValueError, match="a menu of kind"):
        MenuSource(kind, "x" if kind is MenuKind.PERSONA else None, days=3)


def test_a_channel_has_no_name() -> None:
    with pytest.raises(ValueError, match="a menu of kind"):
        MenuSource(MenuKind.CHANNEL, "", days=3)
    with pytest.raises(ValueError, match="days"):
        MenuSource(MenuKind.LINES, days=0)
