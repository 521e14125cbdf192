"""JSON columns with one Pydantic type each."""

from typing import Self, overload

from django.db.models import Model
from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """What stands in a JSON column. Keys it does not know are kept, not lost."""

    model_config = ConfigDict(extra="allow", validate_assignment=True)


class Shaped[S: Shape]:
    """A property that reads and writes the raw JSON of `column` as one `Shape`.

        metadata = Shaped("source_metadata", SourceMetadata)

    Reading gives a fresh object each time; assign it back to change the column.
    """

    def __init__(self, column: str, shape: type[S]) -> None:
        self.column = column
        self.shape = shape

    @overload
    def __get__(self, instance: None, owner: type[Model]) -> Self: ...
    @overload
    def __get__(self, instance: Model, owner: type[Model]) -> S: ...
    def __get__(self, instance: Model | None, owner: type[Model]) -> Self | S:
        if instance is None:
            return self
        return self.shape.model_validate(getattr(instance, self.column) or {})

    def __set__(self, instance: Model, value: S) -> None:
        setattr(instance, self.column, value.model_dump(mode="json", exclude_defaults=True))
