"""The product's settings, but a worker counts as dead sooner: for many kills in little time."""

from kiremisu.settings import *  # noqa: F403

JOB_HEARTBEAT, JOB_LEASE, JOB_SWEEP = 1, 4, 1
