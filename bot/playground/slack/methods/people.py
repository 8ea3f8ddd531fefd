"""auth.*, apps.*, users.*, usergroups.*, team.*, bots.*: who is who."""

from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.table import Call, method, page
from bot.playground.slack.models import Json


@method("api.test")
def api_test(call: Call) -> Json:
    """Return what was sent."""
    if error := call.text("error"):
        raise SlackError(error)
    return {"args": call.arguments}


@method("auth.test")
def auth_test(call: Call) -> Json:
    """Say whose token it is."""
    team = call.core.workspace.team
    return {
        "url": f"{call.core.base_url}/",
        "team": team.name,
        "user": call.app.name,
        "team_id": team.id,
        "user_id": call.app.user_id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


@method("apps.connections.open", app_token=True)
def connections_open(call: Call) -> Json:
    """Return the address of a new Socket Mode connection."""
    if call.app.request_url:
        raise SlackError("forbidden_request")
    if "connections:write" not in call.app.app_scopes:
        raise SlackError("missing_scope", needed="connections:write", provided=",".join(call.app.app_scopes))
    ticket = call.core.sockets.ticket(call.app)
    base = call.core.base_url.replace("http://", "ws://", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={call.app.id}"}


@method("users.info", "users:read")
def users_info(call: Call) -> Json:
    """Describe a user."""
    workspace = call.core.workspace
    return {"user": call.user().to_slack(workspace.team.id, include_locale=call.flag("include_locale"))}


@method("users.list", "users:read")
def users_list(call: Call) -> Json:
    """List all users."""
    workspace = call.core.workspace
    shown, cursor = page(list(workspace.users.values()), call, default=1000, maximum=1000)
    locale = call.flag("include_locale")
    return {
        "members": [user.to_slack(workspace.team.id, include_locale=locale) for user in shown],
        "cache_ts": int(call.core.clock()),
        "response_metadata": {"next_cursor": cursor},
    }


@method("usergroups.users.list", "usergroups:read")
def usergroup_users(call: Call) -> Json:
    """List the members of a user group."""
    group = call.core.workspace.groups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group}


@method("team.info", "team:read")
def team_info(call: Call) -> Json:
    """Describe the workspace."""
    team = call.core.workspace.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}}


@method("bots.info", "users:read")
def bots_info(call: Call) -> Json:
    """Describe a bot, the app's own when none is named."""
    wanted = call.text("bot", call.app.bot_id)
    for app in call.core.apps.values():
        if app.bot_id == wanted:
            return {
                "bot": {
                    "id": app.bot_id,
                    "app_id": app.id,
                    "user_id": app.user_id,
                    "name": app.display_name,
                    "deleted": False,
                    "updated": 0,
                    "icons": {},
                }
            }
    raise SlackError("bot_not_found")
