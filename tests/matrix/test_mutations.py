"""The matrix would notice: with any one `visible_to` taken out of what the API asks, it fails."""

import pytest

from tests.house.source import ROOT
from tests.matrix.calling import Caller
from tests.matrix.mutating import Call, Use, called, noticed, traced, written
from tests.matrix.stage import Stage
from tests.matrix.test_desk import OF_DESK
from tests.matrix.test_pages import OF_PAGES
from tests.operations import declared

pytestmark = pytest.mark.django_db

WHO_SEE_LESS = {"owner", "other", "stranger", "child", "outsider", "tame"}
# Between them they come by everything that any of those comes by: one may do what one owns, the
# others are curators, one in each library.
WHO_COME_BY_ALL = {"owner", "outsider", "tame"}
# Of pages, streams, tus and jobs alone, which their own tests hold to what one may see.
ELSEWHERE = OF_PAGES | OF_DESK | {
    "kiremisu/jobs/sights.py", "library/uploads/receiving.py", "library/uploads/tasks.py",
}  # fmt: skip
# Nothing more is seen without it, and why.
HARMLESS = {
    "kiremisu/accounts/keys.py:make ApiKey": "only counts what there may be 50 of",
    "metadata/notifying/channels.py:make Channel": "only counts what there may be 10 of",
    "kiremisu/accounts/audit/__init__.py:listed AuditEntry": "administrators see all of it",
    "kiremisu/accounts/users/__init__.py:listed User": "administrators see everybody",
    "kiremisu/accounts/users/api.py:get_user User": "administrators see everybody",
    "kiremisu/accounts/users/api.py:change_user User": "administrators see everybody",
    "kiremisu/accounts/users/api.py:remove_user User": "administrators see everybody",
    "library/api/libraries.py:change_library Library": "administrators see every library",
    "library/api/libraries.py:remove_library Library": "administrators see every library",
    **{
        f"library/naming/{name}": "administrators see every library and every rule"
        for name in (
            *(
                "api.py:list_rules Library",
                "api.py:add_rule Library",
                "api.py:preview_rule Library",
            ),
            *("api.py:change_rule NameRule", "api.py:remove_rule NameRule"),
            "previewing.py:listed NameRule",
        )
    },
    "library/history/__init__.py:of_series FactChange": "whoever sees a series sees its history",
    "library/shelving.py:chapters Chapter": "whoever sees a series sees its chapters",
    "library/shelving.py:sidecars Sidecar": "whoever sees a series sees what lies beside it",
    "metadata/watching/news.py:chapters_of Chapter": "whoever sees a series sees its chapters",
    "library/batches/numbering.py:_keep Chapter": "whoever sees a series sees its chapters",
    "reader/operations.py:_inside Chapter": "whoever sees a series sees its chapters",
    "library/uploads/__init__.py:_library Library": "of tus alone",
    "reader/notebook.py:tags_of Note": "of pages alone",
    "reader/lists/__init__.py:_tree List": "reader/lists/holding.py:_listed looks at each asking",
    "reader/lists/api.py:add_entry List": "its declaration lets in nobody but the owner",
    "reader/lists/api.py:change_list List": "its declaration lets in nobody but the owner",
    "reader/lists/api.py:remove_list List": "its declaration lets in nobody but the owner",
    "reader/lists/entries.py:_step ListEntry": "of pages alone",
    "reader/lists/entries.py:leave_out ListEntry": "says where an entry stood, and nothing else",
    "reader/lists/entries.py:_room": "says where an entry goes, and nothing else",
}
# Come by only with what the matrix does not send, and the tests that do.
SENT_ELSEWHERE = {
    "library/api/series.py:pick_cover Chapter": "tests/library/test_picking.py",
    "library/losses.py:waiting Loss": "tests/reader/test_pages_activity.py",
    **{
        f"library/findings/kinds.py:{name}": "tests/library/test_findings.py"
        for name in (
            *("_broken Chapter", "_doubtful Chapter", "_misread Chapter"),
            *("_misread_beside Sidecar", "_with_duplicates Series", "_without_cover Series"),
        )
    },
    "metadata/watching/subscribing.py:_newest Notice": (
        "tests/metadata/watching/test_subscribing.py"
    ),
    "library/batches/operations.py:hide_again Series": "tests/library/test_undoing.py",
    "library/batches/undoing.py:left Deed": "tests/library/test_undoing.py",
    "library/batches/undoing.py:settle Deed": "tests/library/test_undoing.py",
    "reader/operations.py:put_back_on_list Series": "tests/library/test_undoing.py",
    "library/reshaping/forwarding.py:_sent_on Series": (
        "tests/library/reshaping/test_forwarding.py"
    ),
    "library/reshaping/operations.py:_target Series": "tests/library/reshaping/test_operations.py",
    "metadata/review/findings.py:_weak Match": "tests/library/test_findings.py",
    "library/history/__init__.py:lines_of FactChange": "tests/library/test_history.py",
    "library/curation.py:there_already Series": "tests/metadata/test_adding.py",
    "metadata/notifying/sending.py:take Notice": "tests/metadata/notifying/test_sending.py",
    "metadata/watching/news.py:unread Notice": "tests/metadata/notifying/test_notifications_api.py",
    "metadata/watching/portable.py:_known Series": "tests/metadata/watching/test_portable.py",
    "metadata/watching/tasks.py:bring_in Library": "tests/metadata/watching/test_portable.py",
    "reader/lists/answers.py:add_entry Chapter": "tests/reader/lists/test_entries.py",
    "reader/lists/answers.py:add_entry Series": "tests/reader/lists/test_entries.py",
    "reader/lists/answers.py:having ListEntry": "tests/reader/lists/test_lists.py",
    "reader/operations.py:_list List": "tests/reader/lists/test_smart_lists.py",
}
USES = [
    use
    for use in written()
    if use.place not in ELSEWHERE and str(use) not in {*HARMLESS, *SENT_ELSEWHERE}
]


@pytest.fixture(scope="package")
def met(stage: Stage, everybody: list[Caller]) -> dict[Use, list[Call]]:
    less = [one for one in everybody if one.name in WHO_SEE_LESS]
    tracers = [one for one in less if one.name in WHO_COME_BY_ALL]
    return traced(stage, list(declared()), tracers, less)


@pytest.mark.parametrize("use", USES, ids=str)
def test_the_matrix_notices_what_is_asked_no_more(
    use: Use, stage: Stage, met: dict[Use, list[Call]]
) -> None:
    calls = [call for known, some in met.items() if known.is_of(use) for call in some]
    assert calls, "no operation comes by it: is it a page's, or has the stage nothing for it?"
    assert noticed([use], called(stage, calls))


def test_ten_are_shown_at_least() -> None:
    assert len(USES) >= 10


def test_every_reason_is_still_needed() -> None:
    assert {*HARMLESS, *SENT_ELSEWHERE} <= {str(use) for use in written()}
    assert all((ROOT / place).is_file() for place in SENT_ELSEWHERE.values())
    assert {use.place for use in written()} >= ELSEWHERE
