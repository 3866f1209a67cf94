"""A browser without scripts, over a real socket: it fills in the forms that pages give it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin, urlsplit

Values = Mapping[str, str | list[str]]


@dataclass
class Form:
    """A form as the page gives it: where it goes, what stands in it, its buttons."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Page:
    """An answer: its last address, status, text and forms."""

    url: str
    status: int
    text: str
    forms: list[Form]
    words: list[str]

    def form(self, *names: str, action: str = "") -> Form:
        """Return the first form that has all these fields and goes to an address with this in it."""
        fitting = [form for form in self.forms if form.names.issuperset(names) and action in form.action]
        assert fitting, f"{self.url} has no form with {names} {action}: {[f.names for f in self.forms]}"
        return fitting[0]


class _Reader(HTMLParser):
    """Collects forms, and the words of lists; what a script would copy from a template is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._templates = 0
        self._select = self._area = ""
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._templates += tag == "template"
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag in ("li", "dd", "input", "textarea", "select", "option", "button"):
            self._read(tag, given)

    def _read(self, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "li":
            self._text = []
        elif tag == "select":
            self._select = name
            self._add(name)
        elif tag == "option" and "selected" in given:
            self._add(self._select, value)
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "button":
            self._add(name)
        elif tag == "input":
            kept = given.get("type") not in ("checkbox", "radio") or "checked" in given
            self._add(name, value if kept else None)

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._templates -= tag == "template"
        if tag == "textarea" and self._text is not None:
            self._add(self._area, "".join(self._text))
            self._text = None
        elif tag == "li" and self._text is not None:
            self.words.append("".join(self._text).strip())
            self._text = None

    def _add(self, name: str, value: str | None = None) -> None:
        if name and self.forms and not self._templates:
            self.forms[-1].names.add(name)
            if value is not None:
                self.forms[-1].fields.append((name, value))


class Visitor:
    """One browser; it keeps cookies, follows redirects, and remembers every cookie that it was given.

    `headers` is what it sends along with every request.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._jar: dict[str, str] = {}
        self.page = Page("/", 0, "", [], [])
        self.given: set[str] = set()
        self.body = b""  # of the last answer, as it came
        self.headers: Mapping[str, str] = {}

    @property
    def cookies(self) -> str:
        """What it sends as its cookies."""
        return "; ".join(f"{name}={value}" for name, value in self._jar.items())

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._ask("GET", path)

    def post(self, path: str, body: bytes, content_type: str = "application/x-www-form-urlencoded") -> Page:
        """Send a body as it is."""
        return self._ask("POST", path, body, {"Content-Type": content_type})

    def submit(self, form: Form, values: Values) -> Page:
        """Send a form with these values in place of what stood in it."""
        kept = [(name, value) for name, value in form.fields if name not in values]
        pairs = [
            (n, v) for n, given in values.items() for v in ([given] if isinstance(given, str) else given)
        ]
        path = urljoin(self.page.url, form.action)
        return self.post(path, urlencode(kept + pairs).encode())

    def fill(self, values: Values, action: str = "") -> Page:
        """Fill in the form of the page in hand that has these fields."""
        return self.submit(self.page.form(*values, action=action), values)

    def upload(self, form: Form, values: Mapping[str, str], name: str, content: bytes) -> Page:
        """Send a form that brings one file, as browsers do: each field a part, the file where it stands."""
        boundary = "-" * 20 + secrets.token_hex(8)
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n'
        fields = {name: value for name, value in form.fields if name != "file"} | dict(values)
        body = b"".join((head % (field, "") + value + "\r\n").encode() for field, value in fields.items())
        body += (head % ("file", f'; filename="{name}"')).encode() + content
        body += f"\r\n--{boundary}--\r\n".encode()
        path = urljoin(self.page.url, form.action)
        return self.post(path, body, f"multipart/form-data; boundary={boundary}")

    def connect(self) -> HTTPConnection:
        """Return a connection to the server."""
        return HTTPConnection("127.0.0.1", self._port, timeout=60)

    def _ask(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Page:
        for _ in range(5):
            parts = urlsplit(path)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            connection = self.connect()
            origin = f"http://127.0.0.1:{self._port}"
            sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._jar.items())}
            sent |= {"Origin": origin, "Referer": origin + "/"} | dict(self.headers) | dict(headers or {})
            connection.request(method, target, body, sent)
            answer = connection.getresponse()
            self.body = answer.read()
            text = self.body.decode("utf-8", "replace")
            self._take(answer.headers.get_all("Set-Cookie") or [])
            connection.close()
            location = answer.headers.get("Location")
            if answer.status not in (301, 302, 303) or location is None:
                break
            method, path, body, headers = "GET", urljoin(target, location), None, None
        reader = _Reader()
        # A sealed file is no page: by chance it has what a parser of pages stumbles over.
        if answer.headers.get_content_type() == "text/html":
            reader.feed(text)
        self.page = Page(target, answer.status, text, reader.forms, reader.words)
        return self.page

    def _take(self, cookies: list[str]) -> None:
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            if value:
                self._jar[name] = value
                self.given.add(value)
            else:
                self._jar.pop(name, None)
