"""What is to be said of how somebody is told."""

from typing import Any

from kiremisu.accounts.models import User
from metadata.notifying import channels, outlets
from metadata.watching import news, subscribing


def of(user: User) -> dict[str, Any]:
    """How much is new to them, and where they hear of it."""
    return {
        "unread": news.unread(user),
        "feed": subscribing.subscription(user),
        "can_channel": outlets.is_here(),
        "channels": channels.of(user),
    }
