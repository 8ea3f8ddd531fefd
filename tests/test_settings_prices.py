"""Prices of endpoints."""

import pytest

from bot.settings import SettingsFault
from tests.test_settings import LOCAL, folder, read

__all__ = ["folder"]


def test_prices_are_set_together_and_the_currency_has_three_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    free = {f"{LOCAL}BASE_URL": "http://l/", f"{LOCAL}PRICE_IN": "0", f"{LOCAL}PRICE_OUT": "0"}
    assert read(monkeypatch, **free).endpoints["local"].price_in == 0

    with pytest.raises(SettingsFault) as fault:
        read(monkeypatch, **{**free, f"{LOCAL}PRICE_OUT": "", "KOSTPROBE_CURRENCY": "Euro"})
    assert fault.value.lines == [
        "KOSTPROBE_ENDPOINTS__LOCAL: PRICE_IN and PRICE_OUT are set together; what costs nothing is 0.",
        "KOSTPROBE_CURRENCY: it should be three capital letters, such as EUR.",
    ]
