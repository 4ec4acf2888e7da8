"""How a bucket is kept, as far as it lets itself be asked. What it does not let be asked is told as unknown, not as safe."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from rightcall.adapters.systems.s3.address import Address
from rightcall.adapters.systems.s3.asking import Answer, Line
from rightcall.discovery.ports import SafetyFact, Seen

_EVERYONE = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")
_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def seen(line: Line, address: Address) -> Iterator[Seen]:
    if not address.is_sealed_on_the_way:
        yield _seen(SafetyFact.NO_TLS, "The bucket is reached over plain HTTP.")
    if address.credentials is None:
        yield _seen(SafetyFact.PUBLIC_ACCESS, "The bucket is read without any key, as anyone could.")
        return
    yield from _encryption(line)
    yield from _public(line)
    yield from _versions(line)


def _encryption(line: Line) -> Iterator[Seen]:
    answer = line.ask("GET", query={"encryption": ""})
    if answer.status == 404:
        yield _seen(SafetyFact.UNENCRYPTED_AT_REST, "No encryption is set for the bucket.")
    elif answer.status != 200:
        yield _unknown("whether it is encrypted", answer)


def _public(line: Line) -> Iterator[Seen]:
    status, rights, block = (line.ask("GET", query={asked: ""}) for asked in ("policyStatus", "acl", "publicAccessBlock"))
    is_blocked = _all_blocked(block.xml()) if block.status == 200 else False
    if _is_public(status) and not is_blocked:
        yield _seen(SafetyFact.PUBLIC_ACCESS, "The bucket's policy lets everyone in.")
    elif status.status not in {200, 404}:
        yield _unknown("whether its policy lets everyone in", status)
    page = rights.xml() if rights.status == 200 else None
    if page is None:
        yield _unknown("who its access list lets in", rights)
    elif not is_blocked and (granted := sorted(set(_to_everyone(page)))):
        yield _seen(SafetyFact.PUBLIC_ACCESS, f"The bucket's access list lets everyone: {', '.join(granted)}.")


def _versions(line: Line) -> Iterator[Seen]:
    answer = line.ask("GET", query={"versioning": ""})
    page = answer.xml() if answer.status == 200 else None
    if page is None:
        yield _unknown("whether it keeps versions", answer)
    elif page.findtext("Status"):
        yield _seen(SafetyFact.VERSIONS_KEPT, "The bucket keeps versions: what is deleted or changed there stays behind.")


def _is_public(answer: Answer) -> bool:
    page = answer.xml() if answer.status == 200 else None
    return page is not None and (page.findtext("IsPublic") or "").lower() == "true"


def _all_blocked(page: Element | None) -> bool:
    return page is not None and all((page.findtext(each) or "").lower() == "true" for each in _BLOCKS)


def _to_everyone(page: Element) -> Iterator[str]:
    for grant in page.iter("Grant"):
        if (grant.findtext("Grantee/URI") or "").endswith(_EVERYONE):
            yield (grant.findtext("Permission") or "").lower()


def _seen(fact: SafetyFact, evidence: str) -> Seen:
    return Seen(fact=fact, object=None, evidence=evidence)


def _unknown(what: str, answer: Answer) -> Seen:
    return _seen(SafetyFact.UNKNOWN, f"The bucket does not tell {what} (HTTP {answer.status}).")
