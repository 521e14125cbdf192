"""Where Django looks for a database backend of this name."""

import select
from typing import override

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    @override
    def is_usable(self) -> bool:
        """Whether the connection works, asked before the first statement of a request.

        A server that ends a connection says so and closes its end: where nothing came, nothing
        has to be asked. That saves each request a round trip.
        """
        if self.errors_occurred or self.connection is None or self.connection.closed:
            return super().is_usable()
        coming = select.poll()
        coming.register(self.connection.fileno(), select.POLLIN)
        return not coming.poll(0) or super().is_usable()
