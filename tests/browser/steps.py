"""What people do in casework, one function a deed; each leaves the browser where the deed leads."""

from collections.abc import Callable, Mapping

from tests.support.browser import Visitor
from tests.support.secondfactor import Device

WORDS = "main .words li"


def send(visitor: Visitor) -> None:
    """Press the main button of a form."""
    visitor.press("main .savebar button:not([name])")


def read_words(visitor: Visitor) -> str:
    """Return the words that the page shows to be copied."""
    return " ".join(visitor.page.locator(WORDS).all_inner_texts())


def fill(visitor: Visitor, **fields: str) -> None:
    """Fill text fields by their names."""
    for name, text in fields.items():
        visitor.page.fill(f"main [name={name}]", text)


def choose(visitor: Visitor, **answers: str) -> None:
    """Tick boxes and radios, unfolding what hides them."""
    for name, values in answers.items():
        for value in values.split():
            tick(visitor, f'main input[name="{name}"][value="{value}"]')


def tick(visitor: Visitor, selector: str) -> None:
    """Tick one box, in the fold that it may be in."""
    box = visitor.page.locator(selector).first
    if not box.is_visible():
        box.locator("xpath=ancestor::details").last.locator("summary").first.click()
    box.check()


def choose_cases(visitor: Visitor, deed: str, count: int = 3) -> None:
    """Tick the first cases of the list, and press the button of a deed."""
    visitor.go("/cases?who=all")
    for box in visitor.page.locator("main tbody [name=case]").all()[:count]:
        box.check()
    visitor.press(f"main [name=deed][value={deed}]")


def attach(visitor: Visitor, note: str, files: Mapping[str, bytes]) -> None:
    """Add files by the form of the page in hand, as the script of the page sends them."""
    visitor.page.fill("main .upload [name=note]", note)
    chosen = [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files.items()
    ]
    visitor.page.set_input_files("main .upload [name=file]", chosen)  # type: ignore[arg-type]
    visitor.page.locator("main .upload button").click()
    visitor.page.get_by_role("link", name=list(files)[-1]).first.wait_for()


def submit(visitor: Visitor) -> None:
    """Submit a release; where tables were offered in place of others its words are said to be read again."""
    if visitor.page.locator("[name=reread]").count():
        visitor.page.check("[name=reread]")
    visitor.press('main form[action$="/submit"] button')


def nothing(_page: str) -> None:
    """Look at nothing on the way."""


def set_up(
    visitor: Visitor,
    organization: str,
    name: str,
    login: str,
    look: Callable[[str], None] = nothing,
    shares: int = 3,
    threshold: int = 2,
) -> str:
    """Go through the first run, the founder's second factor included; returns the passphrase."""
    passphrase = prepare(visitor, organization, name, login, look, shares, threshold)
    visitor.press('main form[action="/setup/finish"] button')
    enrol(visitor, passphrase, look)
    return passphrase


def enrol(visitor: Visitor, passphrase: str, look: Callable[[str], None] = nothing) -> list[str]:
    """Set up the second factor that a coordinator is led to; returns the recovery codes."""
    assert visitor.path == "/account/second-factor/set-up"
    visitor.passphrase = passphrase
    look("second-factor")
    visitor.device = Device.scan(visitor.page.input_value("#secret"))
    fill(visitor, code=visitor.device.fresh_code(), passphrase=passphrase)
    send(visitor)
    codes = visitor.page.locator(WORDS).all_inner_texts()
    assert len(codes) == 10
    look("recovery-codes")
    visitor.press('main .deeds a[href="/"]')
    assert visitor.path == "/"
    return codes


def choose_shares(visitor: Visitor, shares: int, threshold: int) -> None:
    """Choose how many recovery shares there are; 2 of 3 is proposed."""
    if (shares, threshold) != (3, 2):
        choose(visitor, quorum="another")
        fill(visitor, shares=str(shares), threshold=str(threshold))
    send(visitor)


def prepare(
    visitor: Visitor,
    organization: str,
    name: str,
    login: str,
    look: Callable[[str], None] = nothing,
    shares: int = 3,
    threshold: int = 2,
) -> str:
    """Go through the first run up to its last button; returns the passphrase.

    `look` sees each page by its name, and every share as a "sheet".
    """
    visitor.go("/")
    assert visitor.path == "/setup"
    look("begin")
    visitor.press('main a[href="/setup/organisation"]')
    fill(visitor, name=organization, display_name=name, login=login)
    choose(visitor, languages="en fr")
    look("names")
    send(visitor)
    passphrase = read_words(visitor)
    look("passphrase")
    fill(visitor, passphrase=passphrase)
    send(visitor)
    look("shares")
    choose_shares(visitor, shares, threshold)
    look("share")
    for number in range(shares):
        words = read_words(visitor)
        assert len(words.split()) == 33
        look("sheet")
        visitor.press('main a[href="/setup/share/check"]')
        if number == 1:
            fill(visitor, words=words.replace(words.split()[4], "wrong", 1))
            send(visitor)
            look("share-wrong")
        fill(visitor, words=words)
        send(visitor)
    assert visitor.path == "/setup/finish"
    look("finish")
    return passphrase


def invite(visitor: Visitor, name: str, role: str, language: str) -> str:
    """Invite somebody; returns the link."""
    visitor.go("/members")
    visitor.press('main a[href="/members/invite"]')
    fill(visitor, display_name=name)
    choose(visitor, roles=role, language=language)
    send(visitor)
    return visitor.page.input_value("#link")


def join(visitor: Visitor, link: str, login: str) -> str:
    """Open the link and join with the proposed words; returns them."""
    visitor.go(link)
    passphrase = read_words(visitor)
    fill(visitor, login=login, passphrase=passphrase)
    send(visitor)
    assert visitor.path == "/waiting"
    return passphrase


def admit(coordinator: Visitor, newcomer: Visitor, name: str) -> None:
    """Compare the number on both screens, admit, and let the newcomer in."""
    coordinator.go("/members")
    waiting = coordinator.page.locator("main li", has_text=name).filter(
        has=coordinator.page.locator("details")
    )
    number = waiting.locator(".fingerprint").inner_text().split()
    assert number == newcomer.say(".fingerprint").split()
    assert len("".join(number)) == 24
    with coordinator.page.expect_navigation():
        waiting.locator('a[href$="/admit"]').click()
    assert coordinator.say(".fingerprint").split() == number
    prove(coordinator)
    send(coordinator)
    assert coordinator.path == "/members" and waiting.count() == 0
    newcomer.press('main a[href="/waiting"]')


def prove(visitor: Visitor) -> None:
    """Show once more who one is, as far as the page asks."""
    if visitor.page.locator("main [name=passphrase]").count():
        fill(visitor, passphrase=visitor.passphrase)
    if visitor.page.locator("main [name=code]").count():
        assert visitor.device is not None
        fill(visitor, code=visitor.device.fresh_code())


def sign_in(visitor: Visitor, login: str, passphrase: str) -> None:
    """Sign in on the page that asks for it."""
    visitor.go("/sign-in")
    visitor.passphrase = passphrase
    fill(visitor, login=login, passphrase=passphrase)
    visitor.press("main form.panel button")
    if visitor.path.startswith("/sign-in/code"):
        assert visitor.device is not None
        fill(visitor, code=visitor.device.fresh_code())
        visitor.press("main form.panel button")


def unlock(visitor: Visitor, passphrase: str) -> None:
    """Type the passphrase on the locked screen."""
    assert visitor.path.startswith("/unlock")
    fill(visitor, passphrase=passphrase)
    visitor.press("main form.panel button")


def write_incident(visitor: Visitor, day: str, contact: str, service: str, text: str) -> None:
    """Fill what an incident needs, and its story."""
    fill(visitor, day=day, text=text)
    visitor.page.select_option("main [name=police_service]", service)
    choose(visitor, contact_type=contact)


def write_person(visitor: Visitor, number: int, name: str, consent: str = "given") -> None:
    """Fill in somebody of an incident."""
    fill(visitor, **{f"people-{number}-name": name})
    choose(visitor, **{f"people-{number}-consent_statistics": consent})


def sign_in_again(visitor: Visitor, login: str, passphrase: str) -> None:
    """Sign out by the menu, and in again."""
    visitor.page.click("details.menu summary")
    visitor.press('form[action="/sign-out"] button')
    assert visitor.path == "/sign-in"
    sign_in(visitor, login, passphrase)
