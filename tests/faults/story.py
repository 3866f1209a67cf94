"""The whole story over HTTP, with a canary in every field that a person can fill."""

import re
import time
from urllib.parse import urlsplit

from casework.domain.storychecks import ITEMS
from tests.faults.planted import Planted
from tests.support.files import photo
from tests.support.secondfactor import Device
from tests.support.visitor import Visitor

ADMIT = re.compile(r'"(/members/invitations/[^"]+/admit)"')


def set_up(visitor: Visitor, planted: Planted) -> None:
    """Found the organization."""
    visitor.get("/setup/organisation")
    names = {name: planted.new(f"setup {name}") for name in ("name", "display_name", "login")}
    visitor.fill(names | {"languages": ["en", "fr"]})
    words = planted.passphrase("setup passphrase")
    visitor.get("/setup/passphrase")
    planted.strings["suggestion"] = " ".join(visitor.page.words[-5:])
    visitor.get("/setup/passphrase?own=1")
    visitor.fill({"passphrase": words, "repeated": words})
    visitor.get("/setup/shares")
    visitor.fill({"quorum": "2-3"})
    for number in range(3):
        visitor.get("/setup/share")
        words = read_share(visitor)
        planted.strings[f"recovery share {number}"] = words
        visitor.get("/setup/share/check")
        visitor.fill({"words": words})
    visitor.get("/setup/finish")
    visitor.submit(visitor.page.form(action="/setup/finish"), {})
    assert visitor.page.url == "/account/second-factor/set-up", visitor.page.text


def enrol(visitor: Visitor, planted: Planted) -> None:
    """Set up the founder's second factor, with a slip on the way."""
    visitor.get("/account/second-factor/set-up")
    spelled = visitor.page.text.partition('id="secret"')[2].partition('value="')[2].partition('"')[0]
    planted.strings["second factor, in groups"] = spelled
    planted.strings["second factor, in one"] = spelled.replace(" ", "")
    planted.device = Device.scan(spelled)
    words = planted.passphrase("setup passphrase")
    visitor.fill({"code": "000000", "passphrase": words})
    assert visitor.page.status == 400
    visitor.fill({"code": planted.device.fresh_code(), "passphrase": words})
    planted.codes = [word for word in visitor.page.words if word.count("-") == 2]
    assert len(planted.codes) == 10, visitor.page.text


def sign_in_again(visitor: Visitor, planted: Planted) -> None:
    """Sign in with a wrong code, and then with a recovery code that is thereby used."""
    visitor.get("/sign-in")
    visitor.fill(
        {"login": planted.strings["setup login"], "passphrase": planted.passphrase("setup passphrase")}
    )
    assert urlsplit(visitor.page.url).path == "/sign-in/code", visitor.page.text
    visitor.fill({"code": planted.codes[1][:-1]})
    assert visitor.page.status == 400
    visitor.fill({"code": planted.codes[0]})
    assert visitor.page.url == "/", visitor.page.text


def read_share(visitor: Visitor) -> str:
    """Return the words of the share that the page shows."""
    return " ".join([word for word in visitor.page.words if word.isalpha() and word.islower()][-33:])


def drill(visitor: Visitor, planted: Planted) -> None:
    """Hold a recovery drill, and leave another one half-way."""
    for number in (2, 0, 1):
        visitor.get("/recovery/drill")
        visitor.fill({"words": planted.strings[f"recovery share {number}"]})
        assert visitor.page.status == 200, visitor.page.text
    assert "1 of 2 entered" in visitor.page.text


def seal(visitor: Visitor, planted: Planted) -> None:
    """Sign in, try the new shares, then put the emergency seal on, after a slip."""
    words = planted.passphrase("setup passphrase")
    visitor.get("/sign-in")
    visitor.fill({"login": planted.strings["setup login"], "passphrase": words})
    visitor.fill({"code": planted.codes[2]})
    for number in range(2):
        visitor.get("/recovery/drill")
        visitor.fill({"words": planted.strings[f"new share {number}"]})
    typed = {"organization_name": planted.new("sealed another name"), "code": planted.codes[3]}
    visitor.get("/seal")
    visitor.fill(typed | {"passphrase": planted.new("sealed wrong passphrase")})
    assert visitor.page.status == 400, visitor.page.text
    right = {"organization_name": planted.strings["setup name"], "code": typed["code"]}
    visitor.fill(right | {"passphrase": words})
    assert visitor.page.status == 503, visitor.page.text


def _prove(visitor: Visitor, planted: Planted, **values: str) -> None:
    """Send the form that the page is for, with who one is as far as it asks for that."""
    form = next(form for form in visitor.page.forms if form.method == "post" and not form.action)
    if "passphrase" in form.names:
        values["passphrase"] = planted.passphrase("setup passphrase")
    if "code" in form.names:
        values["code"] = planted.device.fresh_code()
    visitor.submit(form, values)


def renew_shares(visitor: Visitor, planted: Planted) -> None:
    """Put new recovery shares in force, and draw others that never are."""
    for kind in ("new share", "abandoned share"):
        visitor.get("/recovery/new")
        _prove(visitor, planted, quorum="another", shares="2", threshold="2")
        for number in range(2):
            visitor.get("/recovery/new/share")
            planted.strings[f"{kind} {number}"] = read_share(visitor)
            if kind == "new share" or number == 0:
                visitor.get("/recovery/new/share/check")
                visitor.fill({"words": planted.strings[f"{kind} {number}"]})
        if kind == "new share":
            visitor.get("/recovery/new/finish")
            visitor.submit(visitor.page.form(action="/recovery/new/finish"), {})
            assert "2 of 2 open" in visitor.page.text, visitor.page.text


def invite(visitor: Visitor, planted: Planted, who: str, role: str) -> str:
    """Invite somebody; returns the path of the link."""
    visitor.get("/members/invite")
    visitor.fill({"display_name": planted.new(f"invited {who}"), "roles": [role], "language": "fr"})
    link = visitor.page.text.partition("/join/")[2].partition('"')[0].partition("<")[0]
    planted.secrets.append(link)
    return f"/join/{link}"


def join(visitor: Visitor, planted: Planted, link: str) -> None:
    """Use an invitation."""
    visitor.get(f"{link}?own=1")
    words = planted.passphrase("join passphrase")
    visitor.fill({"login": planted.new("join login"), "passphrase": words, "repeated": words})
    assert visitor.page.url == "/waiting", visitor.page.text


def admit(visitor: Visitor, planted: Planted) -> None:
    """Admit who waits, after a slip: the passphrase and a code are asked for."""
    visitor.get("/members")
    visitor.get(ADMIT.findall(visitor.page.text)[0])
    code = {"code": planted.codes[4]}
    visitor.fill(code | {"passphrase": planted.new("admit wrong passphrase")})
    assert visitor.page.status == 422, visitor.page.text
    visitor.fill(code | {"passphrase": planted.passphrase("setup passphrase")})
    assert visitor.page.url == "/members", visitor.page.text


def incident_values(planted: Planted, when: str) -> dict[str, str | list[str]]:
    """Return the fields of an incident, every one of them filled."""
    person = ("name", "phone", "email", "birth_date", "uci", "address", "note")
    texts = {f"people-0-{name}": planted.new(f"{when} {name}") for name in person}
    texts["people-0-email"] += "@example.org"
    return {
        "precision": "day",
        "day": "2026-03-14",
        "police_service": "tps",
        "contact_type": "roadside_blitz",
        "text": planted.new(f"{when} narrative"),
        "exact_place": planted.new(f"{when} place"),
        "people-0-consent_statistics": "given",
        "people-0-consent_story": "given",
        "people-0-roles": ["passenger"],
        **texts,
    }


def log(visitor: Visitor, planted: Planted) -> str:
    """Keep a draft, then log an incident, then change it; returns the path of its case."""
    visitor.get("/incidents/new")
    visitor.fill(incident_values(planted, "draft") | {"save_draft": "1"}, action="/incidents/new")
    assert planted.strings["draft narrative"] in visitor.page.text
    visitor.get("/incidents/new")
    visitor.fill(incident_values(planted, "logged"), action="/incidents/new")
    case, text = visitor.page.url, visitor.page.text
    assert case.startswith("/cases/") and planted.strings["logged narrative"] in text, text
    visitor.get(edit_path(text))
    visitor.fill({"text": planted.new("changed narrative")}, action="/incidents/")
    assert planted.strings["changed narrative"] in visitor.page.text, visitor.page.text
    return case


def follow(visitor: Visitor, planted: Planted, case: str) -> None:
    """Add a task and a note, change the task, record a detention, a review and a release, leave a draft."""
    visitor.get(f"{case}/follow-ups/new?kind=task")
    texts = {name: planted.new(f"task {name}") for name in ("title", "words", "rule")}
    visitor.fill(texts | {"due_day": "2099-03-14", "due_time": "09:41"}, action="")
    assert planted.strings["task title"] in visitor.page.text, visitor.page.text
    change = visitor.page.text.partition(f'href="{case}/follow-ups/')[2]
    while change.startswith("new"):
        change = change.partition(f'href="{case}/follow-ups/')[2]
    visitor.get(f"{case}/follow-ups/{change.partition(chr(34))[0]}")
    visitor.fill({"title": planted.new("changed title")}, action="")
    assert planted.strings["changed title"] in visitor.page.text, visitor.page.text
    visitor.get(f"{case}/follow-ups/new?kind=note")
    visitor.fill({"words": planted.new("note words")}, action="")
    visitor.get(f"{case}/detentions/new")
    visitor.fill({"words": planted.new("detention words"), "day": "2026-03-14"}, action="")
    detention = visitor.page.text.partition(f'href="{case}/detentions/')[2].partition("/review")[0]
    visitor.get(f"{case}/detentions/{detention}/review")
    said = {"words": planted.new("review words"), "outcome": "kept_detained", "day": "2026-03-15"}
    visitor.fill(said, action="")
    visitor.get(f"{case}/detentions/{detention}/release")
    visitor.fill({"words": planted.new("release words"), "save_draft": "1"}, action="")
    assert planted.strings["release words"] in visitor.page.text, visitor.page.text
    visitor.get("/")
    assert visitor.page.status == 200


def tell_story(writer: Visitor, approver: Visitor, planted: Planted, case: str) -> None:
    """Write a story, have it given back and approved, take its files, and begin a second one."""
    texts = ("title_en", "account_en", "title_fr", "account_fr", "title_es", "account_es")
    writer.get(f"{case}/stories/new")
    writer.fill({name: planted.new(f"story {name}") for name in texts}, action="")
    assert planted.strings["story account_en"] in writer.page.text, writer.page.text
    path, checks = writer.page.url, {f"check_{item}": "changed" for item in ITEMS}
    for turn in ("returned", "approved"):
        writer.get(path)
        writer.fill(checks, action="/submit")
        approver.get(path)
        if turn == "returned":
            approver.fill({"note": planted.new("story note")}, action="/return")
    approver.fill({"looked": list(ITEMS)}, action="/approve")
    published = approver.page.url
    assert published.startswith("/stories/"), approver.page.text
    for kind in ("pdf", "html", "txt"):
        approver.get(f"{published}/files/story-1-fr.{kind}")
        assert approver.page.status == 200
    writer.get(f"{case}/stories/new")
    writer.fill({"account_en": planted.new("second account_en"), "save_draft": "1"}, action="")


def tell_steps(visitor: Visitor, planted: Planted, case: str) -> None:
    """Record a step of the pathway with all that is known of an officer, change it, and draft another."""
    add = edit_path(visitor.get(case).text) + "/acts/new"
    names = ("officer", "badge", "unit", "plate", "said")
    visitor.get(add)
    texts = {name: planted.new(f"step {name}") for name in names}
    visitor.fill(texts | {"what": "referral:status_check", "day": "2026-03-14", "time": "09:41"}, action="")
    assert planted.strings["step badge"] in visitor.page.text, visitor.page.text
    change = visitor.page.text.partition(f'href="{add.removesuffix("new")}')[2].partition('"')[0]
    visitor.get(add.removesuffix("new") + change)
    visitor.fill({name: planted.new(f"changed {name}") for name in names}, action="")
    assert planted.strings["changed plate"] in visitor.page.text, visitor.page.text
    visitor.get(add)
    visitor.fill({name: planted.new(f"draft {name}") for name in names} | {"save_draft": "1"}, action="")
    assert planted.strings["draft plate"] in visitor.page.text, visitor.page.text


def count_officially(visitor: Visitor, planted: Planted) -> None:
    """Enter an official count, note a request for access, bring a list in, and begin a second figure."""
    names = ("service_words", "measure_words", "publisher", "title", "number", "note")
    texts = {name: planted.new(f"official {name}") for name in names}
    known = {
        "first": "2022-01-01",
        "last": "2022-12-31",
        "value": "1012",
        "url": f"https://{planted.new('official url')}",
    }
    visitor.get("/official-counts/new")
    visitor.fill(texts | known, action="")
    assert planted.strings["official publisher"] in visitor.page.text, visitor.page.text
    visitor.get("/official-counts/new")
    visitor.fill({"publisher": planted.new("second publisher"), "save_draft": "1"}, action="")
    visitor.get("/access-requests/new")
    asked = {name: planted.new(f"asked {name}") for name in ("body", "subject", "number", "note")}
    visitor.fill(asked | {"sent_on": "2026-01-05", "due_on": "2026-02-04"}, action="")
    assert planted.strings["asked subject"] in visitor.page.text, visitor.page.text
    cells = [planted.new(f"listed {name}") for name in ("service", "measure", "publisher", "note")]
    listed = f"service,year,measure,count,source,note\n{cells[0]},2019,{cells[1]},12,{cells[2]},{cells[3]}\n"
    visitor.get("/official-counts/lists")
    form = visitor.page.form(action="/official-counts/lists/file")
    visitor.upload(form, {}, f"{planted.new('listed file')}.csv", listed.encode())
    visitor.submit(visitor.page.form("listed", action="/official-counts/lists"), {"import": "1"})
    assert planted.strings["listed note"] in visitor.get("/official-counts").text, visitor.page.text


def attach(visitor: Visitor, planted: Planted, case: str) -> None:
    """Add a picture, whose EXIF names its maker, and a text; look at them and take them; rename one."""
    maker, content = planted.new("attached maker"), planted.new("attached content")
    pictures = {f"{planted.new('attached picture')}.jpg": photo(maker)}
    texts = {f"{planted.new('attached text')}.txt": f"What they told: {content}.\n".encode()}
    for name, sent in (pictures | texts).items():
        visitor.get(case)
        form = visitor.page.form("note", "file", action="/files/add")
        visitor.upload(form, {"note": planted.new("attached note")}, name, sent)
        assert visitor.page.status == 200 and name in visitor.page.text, visitor.page.text
        place = visitor.page.text.partition(f'">{name}</a>')[0].rpartition('href="')[2]
        visitor.get(place)
        for copy in ("preview", "cleaned"):
            visitor.get(f"{place}/{copy}")
        visitor.get(place)
        visitor.submit(visitor.page.form(action="/original"), {})
        assert visitor.body == sent
    visitor.get(place)
    visitor.fill({"name": planted.new("renamed file"), "note": planted.new("changed note")}, action="")
    assert planted.strings["renamed file"] in visitor.page.text, visitor.page.text


def restrict(visitor: Visitor, planted: Planted, case: str) -> None:
    """Restrict a case to oneself, log into it, find it by its words, and open it to a team again and back."""
    for access in ("restricted", "team", "restricted"):
        visitor.get(f"{case}/access")
        visitor.fill({"access": access}, action="")
        assert visitor.page.url == case, visitor.page.text
    assert planted.strings["logged name"] in visitor.page.text
    given = {"precision": "year", "year": "2026", "police_service": "tps", "contact_type": "roadside_blitz"}
    visitor.get(f"{case}/incidents/new")
    visitor.fill({"text": planted.new("restricted narrative")} | given, action=f"{case}/incidents/new")
    assert planted.strings["restricted narrative"] in visitor.page.text, visitor.page.text
    visitor.get("/incidents")
    visitor.fill({"text": planted.strings["restricted narrative"]})
    assert visitor.page.status == 200


def edit_path(text: str) -> str:
    """Return the address of the first incident that a page leads to."""
    incident = text.partition('href="/incidents/')[2].partition('"')[0]
    while incident.startswith(("new", "tag", "?")) or not incident:
        text = text.partition('href="/incidents/')[2]
        incident = text.partition('href="/incidents/')[2].partition('"')[0]
    return f"/incidents/{incident}"


def search_lists(visitor: Visitor, planted: Planted) -> None:
    """Look for a name, in both lists; the words that are looked for are content too."""
    for path in ("/incidents", "/cases"):
        visitor.get(path)
        visitor.fill({"text": planted.strings["logged name"]})
        assert visitor.page.status == 200
        visitor.get(path)
        visitor.fill({"text": planted.new("searched for")})


def ask_numbers(visitor: Visitor) -> None:
    """Ask for a number of what was logged, which is protected, and for one of what was imported."""
    for year, sign in (("2026", "This number is protected."), ("2025", 'class="number"')):
        visitor.get("/statistics")
        asked = {"unit": "incidents", "what": "", "by": "", "first": f"{year}-Q1", "last": f"{year}-Q4"}
        visitor.submit(visitor.page.form(action="/statistics"), asked)
        patience = time.monotonic() + 120
        while "<progress" in visitor.page.text and time.monotonic() < patience:
            time.sleep(0.5)
            visitor.get("/statistics")
        assert sign in visitor.page.text


def dismiss(visitor: Visitor, planted: Planted) -> None:
    """Dismiss a signal, after a reason that is too long, and dismiss it once more for another one."""
    visitor.get("/signals")
    too_long = planted.new("signal refused") + " and so on" * 200
    visitor.fill({"reason": too_long}, action="/signals/dismiss")
    assert visitor.page.status == 422 and planted.strings["signal refused"] in visitor.page.text
    for kept in ("reason", "another"):
        visitor.get("/signals")
        visitor.fill({"reason": planted.new(f"signal {kept}")}, action="/signals/dismiss")
        assert planted.strings[f"signal {kept}"] in visitor.page.text, visitor.page.text
        if kept == "reason":
            visitor.submit(visitor.page.form(action="/restore"), {})


def back_up(visitor: Visitor, planted: Planted) -> bytes:
    """Make a backup and take a copy of it; returns the copy."""
    visitor.get("/backups")
    visitor.submit(visitor.page.form(action="/backups"), {})
    patience = time.monotonic() + 60
    while 'href="/backups/' not in visitor.page.text and time.monotonic() < patience:
        time.sleep(0.5)  # it is made beside the pages, and a busy machine takes its time
        visitor.get("/backups")
    path = "/backups/" + visitor.page.text.partition('href="/backups/')[2].partition('"')[0]
    visitor.get(path)
    _prove(visitor, planted)
    assert visitor.body.startswith(b"age-encryption.org/v1"), visitor.page.text
    return visitor.body


def take_records(visitor: Visitor, planted: Planted) -> bytes:
    """Take the records elsewhere, sealed with the words that the page shows; returns the file."""
    visitor.get("/account/records")
    planted.strings["words of the records"] = " ".join(visitor.page.words[-5:])
    _prove(visitor, planted)
    assert visitor.body.startswith(b"age-encryption.org/v1"), visitor.page.text
    return visitor.body


def define_pattern(visitor: Visitor, planted: Planted) -> None:
    """Name and define a pattern in three languages."""
    visitor.get("/patterns/new")
    texts = ("name_en", "definition_en", "name_fr", "definition_fr", "name_es", "definition_es")
    visitor.fill({name: planted.new(f"pattern {name}") for name in texts})
    assert planted.strings["pattern name_en"] in visitor.page.text


def add_policy(visitor: Visitor, planted: Planted) -> None:
    """Add a policy date of the organization's own in three languages, with its source."""
    visitor.get("/policies/new")
    texts = ("name_en", "text_en", "name_fr", "text_fr", "name_es", "text_es", "source")
    answers = {name: planted.new(f"policy {name}") for name in texts}
    visitor.fill(answers | {"city": "montreal", "precision": "unknown"})
    assert planted.strings["policy name_en"] in visitor.page.text


def add_term(visitor: Visitor, planted: Planted) -> None:
    """Add a term of the organization's own in three languages."""
    visitor.get("/terms/new?list=place")
    visitor.fill({name: planted.new(f"term {name}") for name in ("label_en", "label_fr", "label_es")})
    assert planted.strings["term label_en"] in visitor.page.text


def change_account(visitor: Visitor, planted: Planted) -> None:
    """Change a name and a passphrase."""
    visitor.get("/account")
    visitor.fill({"display_name": planted.new("changed display_name")})
    visitor.get("/account/passphrase?own=1")
    words, current = planted.passphrase("changed passphrase"), planted.passphrase("join passphrase")
    visitor.fill({"current": current, "passphrase": words, "repeated": words})
    assert visitor.page.status == 200, visitor.page.text


def post_late(visitor: Visitor, planted: Planted) -> None:
    """Post a form after the screen has locked, and fail to unlock."""
    visitor.get("/incidents/new")
    form, page = visitor.page.form("text", action="/incidents/new"), visitor.page
    visitor.submit(page.form(action="/lock"), {})
    visitor.submit(form, incident_values(planted, "late"))
    assert urlsplit(visitor.page.url).path == "/unlock", visitor.page.text
    visitor.fill({"passphrase": planted.new("wrong passphrase")})


def go_wrong(visitor: Visitor, planted: Planted) -> None:
    """Send what is refused: wrong names, no token, an unknown address, an upload, a wrong answer."""
    visitor.get("/sign-in")
    visitor.fill({"login": planted.new("wrong login"), "passphrase": planted.new("sign-in wrong")})
    assert visitor.page.status == 400 or "sign-in" in visitor.page.url
    visitor.post("/sign-in", f"login={planted.new('no token')}".encode())
    visitor.get(f"/{planted.new('unknown path')}?q={planted.new('unknown query')}")
    boundary = planted.new("boundary")
    body = "\r\n".join(
        [f"--{boundary}", 'Content-Disposition: form-data; name="f"; filename="x"', "", planted.new("upload")]
    )
    large = (body + planted.new("upload") * 40_000 + f"\r\n--{boundary}--\r\n").encode()
    assert visitor.post("/sign-in", large, f"multipart/form-data; boundary={boundary}").status >= 400
