"""What we have: libraries, series, chapters, and the contents they hold."""

from library.models.chapters import NO_NUMBER, NO_VOLUME, Chapter, ChapterQuery, PageIndex
from library.models.contents import Content, Picture
from library.models.deeds import Deed, DeedQuery, Memo
from library.models.findings import Dismissal
from library.models.geometries import PageGeometries
from library.models.history import FactChange
from library.models.labels import Credit, Person, PersonQuery, Tag, Tagging, TagQuery
from library.models.libraries import Access, Library, LibraryQuery, versions_open_to
from library.models.losses import Loss, LossQuery
from library.models.outlines import Outline
from library.models.rules import NameRule, NameRuleQuery
from library.models.series import MatchState, Series, SeriesQuery
from library.models.sidecars import Sidecar
from library.models.texts import PageText
from library.models.titles import TitleForm, TitleWord
from library.models.uploads import Upload, UploadQuery

__all__ = [
    "NO_NUMBER",
    "NO_VOLUME",
    "Access",
    "Chapter",
    "ChapterQuery",
    "Content",
    "Credit",
    "Deed",
    "DeedQuery",
    "Dismissal",
    "FactChange",
    "Library",
    "LibraryQuery",
    "Loss",
    "LossQuery",
    "MatchState",
    "Memo",
    "NameRule",
    "NameRuleQuery",
    "Outline",
    "PageGeometries",
    "PageIndex",
    "PageText",
    "Person",
    "PersonQuery",
    "Picture",
    "Series",
    "SeriesQuery",
    "Sidecar",
    "Tag",
    "TagQuery",
    "Tagging",
    "TitleForm",
    "TitleWord",
    "Upload",
    "UploadQuery",
    "versions_open_to",
]
