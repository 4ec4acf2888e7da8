"""People at the console: each with an account, and signed in where a test needs no more than that."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import httpx
from playwright.sync_api import Browser, CDPSession, Page

from rightcall.actors import SYSTEM, Role
from rightcall.adapters.identity.origin import origin_of
from rightcall.adapters.identity.passkeys import WebAuthn
from rightcall.console.door import COOKIE
from rightcall.controllers.model import Controller
from rightcall.ids import MemberId
from rightcall.personal import Personal
from rightcall.settings import load_settings
from rightcall.staff.members import actions as members
from rightcall.staff.members.model import Member, NewMember
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.limits import limits_of
from rightcall.staff.sessions.model import Way
from rightcall.web.server import listen
from tests.adapters.identity.provider import Running
from tests.api.fakes import RealHouse
from tests.standing import serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """The console of one house, at the address that it knows itself by."""

    house: RealHouse
    company: Controller
    address: str

    def hire(self, role: Role, name: str = "Ada Lind", address: str | None = None) -> Member:
        new = NewMember(role=role, name=Personal(name), address=None if address is None else Personal(address))
        with self.house.database.transaction(self.company.id) as tx:
            return members.create(tx, self.house.vault, self.house.clock, new, by=SYSTEM)

    def link_for(self, member: MemberId) -> str:
        with self.house.database.transaction(self.company.id) as tx:
            secret = members.make_link(tx, self.house.clock, member, by=SYSTEM).secret
        return f"{self.address}/sign-up/{secret}"

    def session_of(self, member: MemberId) -> str:
        """The secret of a session that began just now."""
        limits = limits_of(self.house.settings)
        with self.house.database.transaction(self.company.id) as tx:
            return sessions.begin(tx, self.house.clock, member, Way.PASSKEY, limits).secret

    def client(self, secret: str = "", origin: str | None = None) -> httpx.Client:
        """Asks as a browser would: with the session's cookie, and the origin that its pages have."""
        headers = {"origin": origin or self.address}
        if secret:
            headers["cookie"] = f"{COOKIE}={secret}"
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)

    def page(self, chromium: Browser, secret: str = "", **options: object) -> Page:
        context = chromium.new_context(**options)  # type: ignore[arg-type]  # playwright's own names
        if secret:
            context.add_cookies(
                [
                    {
                        "name": COOKIE,
                        "value": secret,
                        "url": self.address.replace("http:", "https:"),
                        "secure": True,
                        "sameSite": "Strict",
                    }
                ]
            )
        return context.new_page()


@contextmanager
def console_of(house: RealHouse, company: Controller, provider: Running | None = None) -> Iterator[Console]:
    """At localhost: a browser takes passkeys there without TLS, and nowhere else."""
    listening = listen("127.0.0.1:0")
    address = f"http://localhost:{listening.getsockname()[1]}"
    there = replace(
        house,
        settings=load_settings(data=house.settings.data, http=f"localhost:{listening.getsockname()[1]}"),
        authenticators=WebAuthn(origin_of(address)),
        provider=None if provider is None else provider.seen_by(house.clock, back=f"{address}/sign-in/openid/back"),
    )
    with serving(there, listening):
        yield Console(house=there, company=company, address=address)


def device_of(page: Page, *, knows_its_user: bool = True) -> CDPSession:
    """A device that makes passkeys, as Chromium imagines one (W3C Web Authentication, section 11)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": knows_its_user,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session
