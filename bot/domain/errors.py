"""What can go wrong, in two kinds that people meet differently.

BotError
+-- Refusal   expected: the person is told what and why, nothing is logged above info
+-- Outage    a dependency is down: apology, and when to try again

Anything else is a bug: an apology with a reference, and a logged exception. Every error carries a code and
its data; the words live in the catalogues (`slack/locales`).
"""

from datetime import timedelta
from enum import StrEnum


class Code(StrEnum):
    """One code for each thing that people can be told; the catalogues have a sentence for each."""

    # questions
    EMPTY_QUESTION = "empty_question"
    ONLY_FILES = "only_files"
    QUESTION_TOO_LONG = "question_too_long"
    THREAD_FULL = "thread_full"
    CAP_TEAM = "cap_team"
    CAP_PERSON = "cap_person"
    NO_CONTESTANT = "no_contestant"
    NO_PAIR = "no_pair"
    DUEL_IS_OPEN = "duel_is_open"
    FOLLOW_UP_SEALED = "follow_up_sealed"
    SENSITIVE_CHANNEL = "sensitive_channel"
    NOT_IN_CHANNEL = "not_in_channel"
    CHANNEL_ARCHIVED = "channel_archived"
    TOO_LATE_TO_STOP = "too_late_to_stop"
    NOT_YOURS_TO_STOP = "not_yours_to_stop"
    # privacy
    FILE_NOT_SENT = "file_not_sent"
    # commands and config
    UNKNOWN_COMMAND = "unknown_command"
    UNKNOWN_KEY = "unknown_key"
    BAD_VALUE = "bad_value"
    MISSING_VALUE = "missing_value"
    UNKNOWN_CONTESTANT = "unknown_contestant"
    UNKNOWN_PERSONA = "unknown_persona"
    UNKNOWN_MODEL = "unknown_model"
    UNKNOWN_ENDPOINT = "unknown_endpoint"
    DRAFT_ANSWERS_NOBODY = "draft_answers_nobody"
    SAME_CONTESTANT = "same_contestant"
    MODE_NEEDS = "mode_needs"
    FALLBACK_IS_ANSWER = "fallback_is_answer"
    NAME_TAKEN = "name_taken"
    BAD_NAME = "bad_name"
    MODEL_IN_USE = "model_in_use"
    MODEL_TRIAL_FAILED = "model_trial_failed"
    UNBALANCED_QUOTE = "unbalanced_quote"
    FOLLOW_NEEDS_HISTORY = "follow_needs_history"
    ADMINS_ONLY = "admins_only"
    ADMIN_ALREADY = "admin_already"
    NEVER_ADMIN = "never_admin"
    NO_ADMIN_REACHED = "no_admin_reached"
    REQUEST_GONE = "request_gone"
    CHANGED_MEANWHILE = "changed_meanwhile"
    # votes
    DUEL_GONE = "duel_gone"
    DUEL_CLOSED = "duel_closed"
    DUEL_STILL_OPEN = "duel_still_open"
    BALLOT_LOCKED = "ballot_locked"
    BALLOT_CHANGED = "ballot_changed"
    NO_BALLOT_YET = "no_ballot_yet"
    NOT_A_VOTER = "not_a_voter"
    TOO_EARLY_TO_CLOSE = "too_early_to_close"
    ASKER_OR_ADMIN = "asker_or_admin"
    ANSWER_GONE = "answer_gone"
    NOTHING_TO_ASK = "nothing_to_ask"
    # menus
    MENU_TOO_BIG = "menu_too_big"
    MENU_NO_TEXT = "menu_no_text"
    MENU_NO_COLUMN = "menu_no_column"
    MENU_BAD_LINE = "menu_bad_line"
    MENU_ENDING = "menu_ending"
    FILE_GONE = "file_gone"
    FILE_ELSEWHERE = "file_elsewhere"
    FILE_UNREADABLE = "file_unreadable"
    # tastings
    TASTING_GONE = "tasting_gone"
    TASTING_OVER = "tasting_over"
    TASTING_SEALED = "tasting_sealed"
    TASTING_CALLED_OFF = "tasting_called_off"
    TASTING_SAME = "tasting_same"
    TASTING_EMPTY = "tasting_empty"
    TASTING_TRAINED = "tasting_trained"
    TASTING_VOTERS = "tasting_voters"
    TASTING_NEEDS_CHANNEL = "tasting_needs_channel"
    NOT_INVITED = "not_invited"
    NOT_A_MEMBER = "not_a_member"
    NOTHING_TO_UNDO = "nothing_to_undo"
    MENU_UNKNOWN = "menu_unknown"
    MENU_NO_QUESTIONS = "menu_no_questions"
    MENU_EMPTY = "menu_empty"
    # tuning
    TUNING_NONE = "tuning_none"
    TUNING_UNKNOWN = "tuning_unknown"
    TUNING_AMBIGUOUS = "tuning_ambiguous"
    TUNING_UNDER_WAY = "tuning_under_way"
    TUNING_NAME_KNOWN = "tuning_name_known"
    TUNING_BAD_DATA = "tuning_bad_data"
    TUNING_TOO_FEW = "tuning_too_few"
    TUNING_OVER = "tuning_over"
    TUNING_NOT_WAITING = "tuning_not_waiting"
    # windows
    TRIGGER_EXPIRED = "trigger_expired"
    # dependencies
    STORE_DOWN = "store_down"
    SLACK_DOWN = "slack_down"
    FILE_LATE = "file_late"


class BotError(Exception):
    """An error with a code and the data that its sentence needs."""

    def __init__(self, code: Code, **fields: object) -> None:
        super().__init__(code.value)
        self.code = code
        self.fields = fields


class Refusal(BotError):
    """Something a person asked for that cannot be done, and why."""


class Outage(BotError):
    """A dependency does not answer.

    Args:
        code: Which one.
        retry_after: When it may be back; None when nobody knows.
        fields: Data for the sentence.
    """

    def __init__(self, code: Code, *, retry_after: timedelta | None = None, **fields: object) -> None:
        super().__init__(code, **fields)
        self.retry_after = retry_after
