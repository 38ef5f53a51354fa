"""check_html.py FILE: passes if every element of the page is closed in its order, and nothing is loaded or run."""

import sys
from html.parser import HTMLParser

VOID = {"meta", "br"}
LOADING = {"src", "srcset", "data", "action", "poster", "xlink:href"}


class Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        self.check(tag, attributes)

    def handle_startendtag(self, tag, attributes):
        self.check(tag, attributes)

    def check(self, tag, attributes):
        assert tag not in {"script", "link", "iframe", "object", "img", "image", "use"}, tag
        for name, value in attributes:
            assert name not in LOADING and not name.startswith("on"), (tag, name)
            assert name != "href" or value.startswith("#"), value

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"line {self.getpos()[0]}: </{tag}>"


page = Page()
page.feed(open(sys.argv[1], encoding="utf-8").read())
page.close()
assert not page.open, page.open
