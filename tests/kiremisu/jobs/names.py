"""The names of the tests' kinds, known before Django is set up."""

_NAMES = (
    "count",
    "fail",
    "fumble",
    "effect",
    "endless",
    "deadly",
    "half",
    "finish",
    "makes_way",
    "wait",
)
KINDS = {name: f"tests.kiremisu.jobs.kinds.{name}" for name in _NAMES}
