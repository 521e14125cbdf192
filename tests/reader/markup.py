"""Looking at a page as a browser's parser does."""

from html.parser import HTMLParser

from django.http import HttpResponse


class Markup(HTMLParser):
    """What a page holds that matters to the tests: attributes, links, forms, ids."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inline_scripts = 0
        self.text = ""
        self._in_script = False
        self.feed(answer.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag == "script"

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.inline_scripts += 1
        if not self._in_script:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        self._in_script = False

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def links(self) -> list[str]:
        return [link["href"] or "" for link in self.all("a") if "href" in link]
