"""People, and what each may do."""

from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import TeamId, UserId


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Slack describes them.

    Attributes:
        id: Their Slack id.
        team: The team their account belongs to.
        name: What they are called.
        locale: Their language setting, such as `en-US`.
        workspace_admin: Whether they are an admin or owner of the workspace.
        guest: Whether they are a guest of one or more channels.
        stranger: Whether they belong to another organisation (Slack Connect).
        app: Whether this is a bot or app.
    """

    id: UserId
    team: TeamId
    name: str
    locale: str = "en-US"
    workspace_admin: bool = False
    guest: bool = False
    stranger: bool = False
    app: bool = False

    def may_vote(self) -> bool:
        """Members and guests of the channel vote; apps and people of other organisations do not."""
        return not self.app and not self.stranger

    @property
    def eligible(self) -> bool:
        """Whether they can be an admin at all: guests, apps and people of other organisations never."""
        return not (self.guest or self.stranger or self.app)

    def may_administer(self, allowed: frozenset[UserId]) -> bool:
        """Whether they may change the config of every channel.

        Workspace admins and owners may, and those on the allow-list, when they are eligible.
        """
        return self.eligible and (self.workspace_admin or self.id in allowed)


def check_voter(person: Person) -> None:
    """Raise Refusal when the person may not vote."""
    if not person.may_vote():
        raise Refusal(Code.NOT_A_VOTER)
