"""What curators may do to many series at once."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from kiremisu.accounts import roles
from kiremisu.accounts.models import Role, User
from kiremisu.lib.errors import FieldError, Invalid
from library import curation, knowing, labelling, picking, scanning
from library.acts import Done
from library.batches.schemas import (
    DirectionGiven,
    FieldsGiven,
    LabelsGiven,
    PictureGiven,
    RatingGiven,
)
from library.models import Series
from library.schemas import SeriesChange
from library.shapes import CoverThen


def set_fields(user: User, series: Series, options: dict[str, Any]) -> None:
    """The facts in `options`, as `PATCH series/{id}` takes them. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    curation.change_series(series, **options_as(SeriesChange, options).named())


def tag(user: User, series: Series, options: dict[str, Any]) -> None:
    """Give it the `genres` and `tags` in `options` besides its own. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    given = options_as(LabelsGiven, options).named()
    curation.change_series(series, **labelling.with_these(_held(series), **given))


def untag(user: User, series: Series, options: dict[str, Any]) -> None:
    """Take the `genres` and `tags` in `options` away. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    given = options_as(LabelsGiven, options).named()
    curation.change_series(series, **labelling.without_these(_held(series), **given))


def lock(user: User, series: Series, options: dict[str, Any]) -> None:
    """Lock the `fields` in `options` as they stand. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    knowing.lock(series, *options_as(FieldsGiven, options).fields)


def unlock(user: User, series: Series, options: dict[str, Any]) -> None:
    """Let the sources say what stands in the `fields` in `options`. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    knowing.unlock(series, *options_as(FieldsGiven, options).fields)


def set_rating(user: User, series: Series, options: dict[str, Any]) -> None:
    """Rate it as the `content_rating` in `options` says. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    curation.change_series(series, **options_as(RatingGiven, options).model_dump())


def set_direction(user: User, series: Series, options: dict[str, Any]) -> None:
    """Have its pages read in the `direction` in `options`. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    curation.change_series(series, **options_as(DirectionGiven, options).model_dump())


def set_cover(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Show the kept `picture` in `options` as its cover. Raises Forbidden, Invalid, NotThere."""
    roles.check(user, Role.CURATOR)
    picture = picking.kept(options_as(PictureGiven, options).picture)
    then = picking.wear(series, picture)
    return Done("Shows this picture as its cover.", then.model_dump(mode="json"))


def put_back_cover(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Show the cover that `set_cover` took away. Raises Forbidden, Conflict."""
    roles.check(user, Role.CURATOR)
    picking.put_back(Series.objects.get(pk=series_id), CoverThen.model_validate(memo))


def rescan(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Have its library scanned; there is nothing to be taken back. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    check_none(options)
    scanning.request(series.library, user)
    return Done(f"The folder of {series.library} is scanned; that is not taken back.")


def hide(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Take it away with its chapters, for everybody. Raises Forbidden, Invalid."""
    roles.check(user, Role.CURATOR)
    check_none(options)
    curation.hide_series(series)
    return Done("Is hidden with its chapters; its files stay.", {})


def show_again(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Show what `hide` hid, whoever hid it since. Raises Forbidden, Gone."""
    roles.check(user, Role.CURATOR)
    curation.restore_series(user, series_id)


def restore(user: User, series: Series, options: dict[str, Any]) -> Done:
    """Show it again. Raises Forbidden, Invalid, Gone."""
    roles.check(user, Role.CURATOR)
    check_none(options)
    if series.hidden_at is None:
        return Done("Is shown already.")
    curation.restore_series(user, series.pk)
    return Done("Is shown again.", {})


def hide_again(user: User, series_id: UUID, memo: dict[str, Any]) -> None:
    """Hide what `restore` showed. Raises Forbidden."""
    roles.check(user, Role.CURATOR)
    shown = Series.objects.visible_to(user).filter(pk=series_id).first()
    if shown is not None:
        curation.hide_series(shown)


def check_none(options: dict[str, Any]) -> None:
    """Raises Invalid where an operation that takes no options was given some."""
    if options:
        raise Invalid("This operation takes no options.")


def _held(series: Series) -> Series:
    """As it is now; nobody else changes it until the end of the transaction."""
    return Series.objects.select_for_update().get(pk=series.pk)


def options_as[S: BaseModel](schema: type[S], options: dict[str, Any]) -> S:
    """The options of an operation as its schema has them. Raises Invalid."""
    try:
        return schema.model_validate(options)
    except ValidationError as error:
        wrong = tuple(
            FieldError(".".join(["options", *map(str, one["loc"])]), one["msg"], one["type"])
            for one in error.errors()
        )
        raise Invalid("Some options are wrong.", errors=wrong) from None
