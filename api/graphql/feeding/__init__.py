"""What a client is told when it follows the network: the subscription, what it gives, and how it goes on.

It reads the change log a part at a time, when its client has taken the part before, so it holds nothing for a client
that is slow, and it looks each time whether the client may still be told. It knows nothing of how answers travel.
"""

from api.graphql.feeding.following import FollowingContext
from api.graphql.feeding.subscription import Subscription
from api.graphql.feeding.watch import Watch

__all__ = ["FollowingContext", "Subscription", "Watch"]
