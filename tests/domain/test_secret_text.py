import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.secret_text import find_secrets, mask_secrets

SECRETS = [
    ("an API key", "sk-" + "aB3dE6gH9" * 4),
    ("an API key", "sk-proj-Ab_1" + "x9Zq" * 8),
    ("an API key", "sk-" + "abcdefghij" * 2),
    ("a Slack token", "xoxb-" + "123456789012-abcdefABCDEF"),
    ("a Slack token", "xoxe.xoxp-" + "1-Mi0yLTEyMzQ1"),
    ("a Slack token", "xapp-" + "1-A0123456789-987654321"),
    ("a Slack webhook", "hooks.slack.com/services/" + "T000/B000/abcdef"),
    ("an AWS access key", "AKIA" + "IOSFODNN7EXAMPLE"),
    ("a GitHub token", "ghp_" + "a1B2c3D4e5F6g7H8i9J0"),
    ("a GitHub token", "github_pat_" + "11ABCDEFG0abcdefghijkl"),
    ("a GitLab token", "glpat-" + "abcdefghij1234567890"),
    ("a Google API key", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv"),
    ("a Hugging Face token", "hf_" + "abcdefghijklmnopqrstuvwx"),
    ("a signed web token", "eyJhbGciOiJI." + "eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4"),
    (
        "a private key",
        "-----BEGIN " + "RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
    ),
    (
        "a private key",
        "-----BEGIN " + "PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIBAQC7",
    ),
    ("a private key", "-----BEGIN " + "PRIVATE KEY"),
]
ASSIGNED = [
    "password=hunter2isMyPassw0rd",
    "Password: 'Tr0ub4dor&3xyz'",
    'api_key = "0123456789abcdef"',
    "client secret: CorrectHorseBatteryStaple",
    "OPENAI_API_KEY=zq8fkw02mmvn1",
    "token: abcdefghijklmnopqrstuvwxyz",
]
HARMLESS = [
    "max_tokens: 300",
    "The secret: good ingredients.",
    "password: never-ask-for-it",
    "Never ask for a password = it is theirs.",
    "sk-learn is a library, and so is sk-learn-contrib-extras.",
    "task-12345678901234567890",
    "token: {{ some_variable_name_1 }}",
    "password: aaaaaaaaaaaaaaa1",
    "https://example.org:8080/a@b",
    "password: short1A",
    "AKIA is a prefix",
    "-----BEGIN CERTIFICATE-----",
]


@pytest.mark.parametrize(("kind", "secret"), SECRETS)
def test_each_kind_of_secret_is_seen_where_it_stands(kind: str, secret: str) -> None:
    text = f"First line.\nSee {secret}\nand go on."

    (sighting,) = find_secrets(text)

    assert (sighting.line, sighting.kind) == (2, kind)
    assert text[sighting.start : sighting.end].strip() == secret


@pytest.mark.parametrize("assignment", ASSIGNED)
def test_an_assigned_password_is_seen(assignment: str) -> None:
    (sighting,) = find_secrets(f"\n\n{assignment}")

    assert (sighting.line, sighting.kind) == (3, "a password or key")


def test_a_password_in_an_address_is_seen_without_the_rest() -> None:
    text = "Use redis://user:s3cretWord@host/0 for it."

    assert mask_secrets(text) == "Use redis://user:xxxxxxxxxx@host/0 for it."


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert find_secrets(text) == ()
    assert mask_secrets(text) == text


@given(
    st.lists(st.sampled_from([secret for _, secret in SECRETS] + ASSIGNED + HARMLESS), max_size=5),
    st.text("\n x"),
)
def test_masking_hides_every_secret_and_moves_nothing(pieces: list[str], glue: str) -> None:
    text = f"{glue} \n".join(pieces)
    masked = mask_secrets(text)

    assert len(masked) == len(text)
    assert [i for i, char in enumerate(masked) if char.isspace()] == [
        i for i, c in enumerate(text) if c.isspace()
    ]
    for sighting in find_secrets(text):
        assert text[sighting.start : sighting.end] not in masked


def test_secrets_that_overlap_are_hidden_to_their_common_end() -> None:
    text = "password=abc1DEF2:sk-" + "a1B2c3D4e5F6g7H8i9J0" + "/xyz"

    assert "DEF2" not in mask_secrets(text)
    assert "a1B2" not in mask_secrets(text)
    assert "a://b:xapp-1234567890@" not in mask_secrets("a://b:xapp-1234567890@")
